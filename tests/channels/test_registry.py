"""Gateways are loaded by name, or refused with every fault; each keeps the contract."""

import html
import importlib
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from rights_line import channels
from rights_line.channels import Channel, available, load_channels
from rights_line.channels.try_it import Channel as TryIt
from rights_line.core.messages import Inbound, Medium, Reply, Utterance
from rights_line.errors import ConfigurationError, Malformed, Unauthenticated

# What several gateways share begins with _, and is none.
FILES = sorted(
    path.stem for path in Path(channels.__path__[0]).glob("*.py") if not path.stem.startswith("_")
)
METHODS = ("from_environ", "authenticate", "receive", "deliver")
OF_TWILIO = ["twilio_sms", "twilio_voice"]
TWILIO = {"TWILIO_AUTH_TOKEN": "a token", "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org"}


@pytest.fixture(params=FILES)
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Each file of the folder in turn."""
    return importlib.import_module(f"{channels.__name__}.{request.param}")


@pytest.fixture
def gateway(module: ModuleType) -> Channel:
    """Its gateway, with a likely value for each variable it needs."""
    secrets = {name: "s" * 32 for name in module.Channel.required_variables}
    made: Channel = module.Channel.from_environ(secrets | TWILIO)
    return made


def faults_of(make: Callable[[], object]) -> list[str]:
    """Return where the faults are of what does not start; nowhere if it does."""
    try:
        make()
    except ConfigurationError as refused:
        return [fault.place for fault in refused.problems]
    return []


def asked(method: str = "POST", **options: Any) -> Request:
    """Return a request to /inbound."""
    return Request(EnvironBuilder(path="/inbound", method=method, **options).get_environ())


def test_every_file_is_a_gateway() -> None:
    """A gateway is added by adding its file: nothing else lists them."""
    assert available() == FILES
    assert {"try_it", "twilio_sms"} <= set(FILES)


def test_a_gateway_has_all_that_the_server_calls(module: ModuleType) -> None:
    """Each has `needs` and the four methods, with the parameters that the protocol names."""
    needs = module.Channel.required_variables

    assert isinstance(needs, tuple)
    assert all(name.isupper() for name in needs)
    for name in METHODS:
        theirs, ours = (getattr(kind, name) for kind in (module.Channel, Channel))
        assert list(inspect.signature(theirs).parameters) == list(
            inspect.signature(ours).parameters
        )


def test_a_gateway_says_what_an_operator_must_set(module: ModuleType) -> None:
    """The docstring of its file names each variable it needs."""
    assert module.__doc__
    assert [name for name in module.Channel.required_variables if name not in module.__doc__] == []


def test_no_gateway_shows_its_secrets(module: ModuleType) -> None:
    """Printed by a slip, a gateway and what it is made of tell no secret."""
    secrets = {name: f"sesame-{'s' * 32}" for name in module.Channel.required_variables}
    gateway = module.Channel.from_environ(secrets | {"RIGHTS_LINE_PUBLIC_URL": "https://a.example"})

    assert "sesame" not in repr(gateway) + repr(vars(gateway))


def test_a_gateway_names_every_variable_it_lacks(module: ModuleType) -> None:
    """With nothing set, a gateway refuses with all that it needs; one that needs none starts."""
    assert faults_of(lambda: module.Channel.from_environ({})) == sorted(
        module.Channel.required_variables
    )


@pytest.mark.parametrize("request_", [asked("GET"), asked(), asked(data={"text": "hei"})])
def test_a_gateway_with_a_secret_refuses_whoever_does_not_know_it(
    gateway: Channel, request_: Request
) -> None:
    """A request with no proof is refused, and so is one with a wrong secret in its path."""
    for token in ("", "guess") if gateway.required_variables else ("guess",):
        with pytest.raises(Unauthenticated):
            gateway.authenticate(request_, token)


@pytest.mark.parametrize("text", ["Call 112. ROSA 22331160", "مرحبا 🌻", "a & b <c>", ""])
def test_a_gateway_can_say_anything_without_a_request(gateway: Channel, text: str) -> None:
    """A reply is a 200 with the text in it; the last resort is made when there is no request."""
    answer = gateway.deliver(Reply(text))

    assert answer.status_code == 200
    assert "charset=utf-8" in answer.content_type
    assert text in html.unescape(answer.get_data(as_text=True))


LOADED: Mapping[str, tuple[tuple[str, ...], dict[str, str], list[str]]] = {
    "named": (("twilio_sms",), TWILIO, ["twilio_sms"]),
    "named, without secrets": (("try_it",), {}, ["try_it"]),
    "named, both": (("twilio_sms", "try_it"), TWILIO, ["try_it", "twilio_sms"]),
    "named twice": (("try_it", "try_it"), TWILIO, ["try_it"]),
    "one named, another's variables set": (("try_it",), TWILIO, ["try_it"]),
    "none named, its variables set": ((), TWILIO, OF_TWILIO),
    "none named, its variables set and more": ((), TWILIO | {"PORT": "1"}, OF_TWILIO),
    "one named, another's half set": (("try_it",), {"TWILIO_AUTH_TOKEN": "a"}, ["try_it"]),
    "none named, an address for cards": (
        (),
        {"KANNEL_TOKEN": "t" * 32, "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org"},
        ["kannel_sms"],
    ),
    "none named, another program's variables of the providers": (
        (),
        {"KANNEL_TOKEN": "t" * 32, "KANNEL_PASSWORD": "p", "TWILIO_PHONE_NUMBER": "+4759440000"},
        ["kannel_sms"],
    ),
    "none named, the deprecated token of both": (
        (),
        {"WEBHOOK_TOKEN": "t" * 32},
        ["africastalking_ussd", "kannel_sms"],
    ),
    "none named, the deprecated token and an own one": (
        (),
        {"WEBHOOK_TOKEN": "t" * 32, "KANNEL_TOKEN": "k" * 32},
        ["africastalking_ussd", "kannel_sms"],
    ),
    "none named, the deprecated token and codes": (
        (),
        {"WEBHOOK_TOKEN": "t" * 32, "AFRICASTALKING_CODES": "*384*7#=9"},
        ["africastalking_ussd", "kannel_sms"],
    ),
}


@pytest.mark.parametrize(("names", "environ", "loaded"), LOADED.values(), ids=LOADED)
def test_what_is_loaded(names: tuple[str, ...], environ: dict[str, str], loaded: list[str]) -> None:
    """The gateways named, or else each that has its variables: never one that needs no secret."""
    gateways = load_channels(names, environ)

    kinds = {name: type(gateway).__module__ for name, gateway in gateways.items()}
    assert kinds == {name: f"{channels.__name__}.{name}" for name in loaded}


REFUSED: Mapping[str, tuple[tuple[str, ...], dict[str, str], list[str]]] = {
    "an unknown name": (("nosuch",), TWILIO, ["CHANNELS"]),
    "an unknown name beside a known one": (("try_it", "nosuch"), {}, ["CHANNELS"]),
    "a name in capitals": (("TRY_IT",), {}, ["CHANNELS"]),
    "the folder itself": (("__init__",), {}, ["CHANNELS"]),
    "a module from elsewhere": (("os",), {}, ["CHANNELS"]),
    "a path": (("../errors",), {}, ["CHANNELS"]),
    "a missing variable": (
        ("twilio_sms",),
        {"TWILIO_AUTH_TOKEN": "a token"},
        ["RIGHTS_LINE_PUBLIC_URL"],
    ),
    "all at once": (
        ("nosuch", "twilio_sms", "neither"),
        {},
        ["CHANNELS", "CHANNELS", "RIGHTS_LINE_PUBLIC_URL", "TWILIO_AUTH_TOKEN"],
    ),
    "nothing at all": ((), {}, ["CHANNELS"]),
    "none named, a token without an address": (
        (),
        {"TWILIO_AUTH_TOKEN": "a token"},
        ["RIGHTS_LINE_PUBLIC_URL"],
    ),
    "none named, an account without a token": (
        (),
        {"TWILIO_ACCOUNT_SID": "AC", "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org"},
        ["TWILIO_AUTH_TOKEN"],
    ),
    "none named, one whole and one half": (
        (),
        {"AFRICASTALKING_CODES": "*384*7#=9", **TWILIO},
        ["AFRICASTALKING_TOKEN"],
    ),
    "none named, half of it and the other half empty": (
        (),
        {"KANNEL_TOKEN": "t" * 32, "TWILIO_AUTH_TOKEN": "a", "RIGHTS_LINE_PUBLIC_URL": ""},
        ["RIGHTS_LINE_PUBLIC_URL"],
    ),
    "none named, an address and no gateway": (
        (),
        TWILIO | {"TWILIO_AUTH_TOKEN": ""},
        ["CHANNELS"],
    ),
    "none named, a variable wrong": (
        (),
        TWILIO | {"RIGHTS_LINE_PUBLIC_URL": "line"},
        ["RIGHTS_LINE_PUBLIC_URL"],
    ),
}


@pytest.mark.parametrize(("names", "environ", "faults"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(
    names: tuple[str, ...], environ: dict[str, str], faults: list[str]
) -> None:
    """Everything that is wrong is said at once, and a line that nobody can reach never starts."""
    assert faults_of(lambda: load_channels(names, environ)) == faults


def test_half_configured_channel_is_reported() -> None:
    """It would be disabled silently; the fault names it, and how to fix it."""
    with pytest.raises(
        ConfigurationError, match="must be set to enable twilio_sms and twilio_voice"
    ):
        load_channels((), {"TWILIO_AUTH_TOKEN": "a token", "KANNEL_TOKEN": "t" * 32})


def test_a_fault_says_which_name_and_which_there_are() -> None:
    """An operator who mistypes a gateway's name is told the name, and those that exist."""
    with pytest.raises(ConfigurationError, match=r"twilio_smss.*try_it.*twilio_sms"):
        load_channels(["twilio_smss"], {})


TRIED = {
    "a form": (asked(data={"text": "hei"}), "", True),
    "nothing": (asked(), "", True),
    "GET": (asked("GET"), "", False),
    "PUT": (asked("PUT"), "", False),
    "a page of another site": (asked(headers={"Origin": "https://evil.example"}), "", False),
    "a sandboxed page": (asked(headers={"Origin": "null"}), "", False),
    "a token": (asked(data={"text": "hei"}), "guess", False),
    "a page of its own": (asked(headers={"Origin": "http://localhost"}), "", True),
    "the same host, another port": (asked(headers={"Origin": "http://localhost:1"}), "", False),
    "a form of its own": (
        asked(headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"}),
        "",
        True,
    ),
    "a page of a sister site": (
        asked(headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"}),
        "",
        False,
    ),
}


@pytest.mark.parametrize(("request_", "token", "accepted"), TRIED.values(), ids=TRIED)
def test_who_may_try_it(request_: Request, token: str, accepted: bool) -> None:
    """The phone without a gateway answers a form, and no page of another site."""
    try:
        TryIt().authenticate(request_, token)
    except Unauthenticated:
        assert not accepted
    else:
        assert accepted


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"text": " hei "}, Inbound("try-it", " hei ", is_billable=False)),
        ({"text": "hei", "from": "ana"}, Inbound("ana", "hei", is_billable=False)),
        ({}, Inbound("try-it", "", is_billable=False)),
        (
            {"text": "hei", "medium": "chat"},
            Inbound("try-it", "hei", is_billable=False, medium=Medium.CHAT),
        ),
        ({"text": ["", "9", "4"], "medium": "ussd"}, Inbound("", "9*4", medium=Medium.USSD)),
        ({"text": "4", "medium": "voice"}, Inbound("", "4", medium=Medium.VOICE)),
        (
            {"text": "4", "medium": "voice", "tag": "pl", "place": "9"},
            Inbound("", "4", medium=Medium.VOICE, tag="pl", screen_code="9"),
        ),
    ],
    ids=["a text", "from somebody", "nothing", "WhatsApp", "dialled", "a call", "further in it"],
)
def test_what_is_tried(form: dict[str, str | list[str]], message: Inbound) -> None:
    """A text is read as it was written; `from` makes it another person's, `medium` another way."""
    assert TryIt().receive(asked(data=form)) == message


@pytest.mark.parametrize("form", [{"medium": "pigeon"}, {"medium": "ussd", "text": "4" * 2001}])
def test_what_cannot_be_tried(form: dict[str, str]) -> None:
    """A way that there is none of, and more than any session holds."""
    with pytest.raises(Malformed):
        TryIt().receive(asked(data=form))


def test_what_a_call_needs_goes_with_the_answer() -> None:
    """The headers say where she is and whether it is over; the text is what is said."""
    spoken = (Utterance("Polly.Liv", "Ring"), Utterance("Polly.Amy", "Call"))
    answer = TryIt().deliver(Reply("", spoken=spoken, tag="pl", screen_code="4"))
    values = [answer.headers[name] for name in ("Line-Tag", "Line-Place", "Line-Ends")]

    assert (answer.get_data(as_text=True), values) == ("Ring\nCall", ["pl", "4", ""])
    assert TryIt().deliver(Reply("OK.", ends_session=True)).headers["Line-Ends"] == "yes"
