"""Tests of loading channels by name, and of what all channels have in common."""

import html
from collections.abc import Callable, Mapping
from contextlib import nullcontext

import pytest
from werkzeug.wrappers import Request

from rights_line import channels
from rights_line.channels import (
    Channel,
    load_channels,
    registered_channels,
)
from rights_line.channels._channel import TokenChannel
from rights_line.channels.try_it import Channel as TryIt
from rights_line.core import CallState, Inbound, Medium, Reply, ScreenId, Utterance
from rights_line.errors import ConfigurationError, Unauthenticated
from rights_line.settings.table import VARIABLES
from rights_line.web.health import PUBLISHED
from tests.support.phones import message_to, request_of

CLASSES = registered_channels().items()
TWILIO_CHANNELS = ["twilio_sms", "twilio_voice"]
TWILIO = {"TWILIO_AUTH_TOKEN": "a token", "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org"}


@pytest.fixture(params=CLASSES, ids=lambda row: row[0])
def kind(request: pytest.FixtureRequest) -> type[Channel]:
    """The class of each channel in turn."""
    found: type[Channel] = request.param[1]
    return found


@pytest.fixture
def channel(kind: type[Channel]) -> Channel:
    """Return the channel, with every required variable set."""
    return kind.from_environ({row.name: f"sesame-{'s' * 32}" for row in kind.required} | TWILIO)


def problem_places(construct: Callable[[], object]) -> list[str]:
    """Return the places of the problems that a constructor reports."""
    try:
        construct()
    except ConfigurationError as error:
        return [problem.place for problem in error.problems]
    return []


def test_channels_have_labels_and_optional_variables_of_their_own() -> None:
    """The report has a column for each label; a variable of all channels is in the settings."""
    classes = dict(CLASSES)
    assert len({kind.label for kind in classes.values()}) == len(classes)
    shared = {row for kind in classes.values() for row in kind.optional if row.name in VARIABLES}
    assert shared == set()
    assert {kind.published_as for kind in classes.values()} <= {"", *PUBLISHED}


def test_channel_repr_shows_no_secret(kind: type[Channel]) -> None:
    """A channel or an attribute that is printed by mistake reveals nothing."""
    secrets = {row.name: f"sesame-{'s' * 32}" for row in kind.required}
    channel = kind.from_environ(secrets | {"RIGHTS_LINE_PUBLIC_URL": "https://a.example"})
    assert "sesame" not in repr(channel) + repr(vars(channel))


def test_from_environ_when_empty_names_required_variables(kind: type[Channel]) -> None:
    """A channel without required variables starts."""
    places = problem_places(lambda: kind.from_environ({}))
    assert places == sorted(row.name for row in kind.required)


@pytest.mark.parametrize(
    "request_",
    [request_of(method="GET"), request_of(), request_of(data={"text": "hei"})],
    ids=["GET", "an empty POST", "a form"],
)
def test_authenticate_without_the_secret_refuses(channel: Channel, request_: Request) -> None:
    """A missing secret and a wrong secret in the path are both refused."""
    for token in ("", "guess") if channel.required else ("guess",):
        with pytest.raises(Unauthenticated):
            channel.authenticate(request_, token)


@pytest.mark.parametrize(
    "text",
    ["Call 112. ROSA 22331160", "مرحبا 🌻", "a & b <c>", ""],
    ids=["numbers", "another script", "markup", "nothing"],
)
def test_deliver_returns_the_text(channel: Channel, text: str) -> None:
    message = channel.receive(request_of(**message_to(channel.name(), "hei")))
    answer = channel.deliver(Reply(text), message.sender)

    assert answer.status_code == 200
    assert "charset=utf-8" in answer.content_type
    assert text in html.unescape(answer.get_data(as_text=True))


ONE, OTHER = ("a-secret-of-nobody-one", "a-secret-of-nobody-other")


@pytest.mark.parametrize("name", [name for name, kind in CLASSES if issubclass(kind, TokenChannel)])
def test_secret_or_the_one_that_replaces_it_is_accepted(name: str) -> None:
    """And no other string; another channel has a secret of its own."""
    variable = registered_channels()[name].required[0].name
    (channel,) = load_channels([name], {variable: f"{ONE}, {OTHER}"}).values()
    wrong = ("", ONE[:-1], f"{ONE}x", ONE.upper(), f" {OTHER}", f"{ONE}, {OTHER}", "å" * 24)

    for secret in (ONE, OTHER, *wrong):
        header = {"HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN": secret}
        request = request_of(environ_overrides=header)
        with nullcontext() if secret in (ONE, OTHER) else pytest.raises(Unauthenticated):
            channel.authenticate(request, "" if name == "telegram" else secret)


@pytest.mark.parametrize("name", [name for name, kind in CLASSES if issubclass(kind, TokenChannel)])
@pytest.mark.parametrize(
    "secret",
    ["s" * 19, "s" * 19 + "/", "with a blank in the secret", "å" * 24, "s" * 24 + "\n"],
    ids=["19 characters", "a slash", "blanks", "not ASCII", "a line end"],
)
def test_unsafe_secret_is_refused_and_not_shown(secret: str, name: str) -> None:
    """It is guessable, or not valid in a URL; the operator reads which variable to fix."""
    variable = registered_channels()[name].required[0].name
    with pytest.raises(ConfigurationError) as raised:
        load_channels((), {variable: secret})

    assert {problem.place for problem in raised.value.problems} == {variable}
    assert secret not in str(raised.value)


# name -> (CHANNELS, the other variables, the channels that are loaded)
LOADABLE: Mapping[str, tuple[tuple[str, ...], dict[str, str], list[str]]] = {
    "named": (("twilio_sms",), TWILIO, ["twilio_sms"]),
    "named, without secrets": (("try_it",), {}, ["try_it"]),
    "one named, another's variables set": (("try_it",), TWILIO, ["try_it"]),
    "none named, its variables set": ((), TWILIO, TWILIO_CHANNELS),
    "none named, a public URL for the cards": (
        (),
        {"KANNEL_TOKEN": "t" * 32, "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org"},
        ["kannel_sms"],
    ),
    "none named, another program's variables of the providers": (
        (),
        {"KANNEL_TOKEN": "t" * 32, "KANNEL_PASSWORD": "p", "TWILIO_PHONE_NUMBER": "+4759440000"},
        ["kannel_sms"],
    ),
}


@pytest.mark.parametrize(("names", "environ", "expected"), LOADABLE.values(), ids=LOADABLE)
def test_load_channels_loads_the_named_or_configured(
    names: tuple[str, ...], environ: dict[str, str], expected: list[str]
) -> None:
    """A channel without a secret is loaded only if it is named."""
    loaded = load_channels(names, environ)

    modules = {name: type(channel).__module__ for name, channel in loaded.items()}
    assert modules == {name: f"{channels.__name__}.{name}" for name in expected}


# name -> (CHANNELS, the other variables, the places of the problems)
MISCONFIGURED: Mapping[str, tuple[tuple[str, ...], dict[str, str], list[str]]] = {
    "an unknown name": (("nosuch",), TWILIO, ["CHANNELS"]),
    "a path": (("../errors",), {}, ["CHANNELS"]),
    "all at once": (
        ("nosuch", "twilio_sms", "neither"),
        {},
        ["CHANNELS", "CHANNELS", "RIGHTS_LINE_PUBLIC_URL", "TWILIO_AUTH_TOKEN"],
    ),
    "nothing at all": ((), {}, ["CHANNELS"]),
    "none named, an account without a token": (
        (),
        {"TWILIO_ACCOUNT_SID": "AC", "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org"},
        ["TWILIO_AUTH_TOKEN"],
    ),
    "none named, one variable set and the other empty": (
        (),
        {"KANNEL_TOKEN": "t" * 32, "TWILIO_AUTH_TOKEN": "a", "RIGHTS_LINE_PUBLIC_URL": ""},
        ["RIGHTS_LINE_PUBLIC_URL"],
    ),
    "none named, an invalid public URL": (
        (),
        TWILIO | {"RIGHTS_LINE_PUBLIC_URL": "line"},
        ["RIGHTS_LINE_PUBLIC_URL"],
    ),
}


@pytest.mark.parametrize(("names", "environ", "places"), MISCONFIGURED.values(), ids=MISCONFIGURED)
def test_load_channels_when_misconfigured_names_every_problem(
    names: tuple[str, ...], environ: dict[str, str], places: list[str]
) -> None:
    """All problems are reported at once; without any channel the line does not start."""
    assert problem_places(lambda: load_channels(names, environ)) == places


TRY_IT = TryIt({})


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"text": " hei "}, Inbound("try-it", " hei ", is_billable=False)),
        ({"text": "hei", "from": "ana"}, Inbound("ana", "hei", is_billable=False)),
        (
            {"text": "hei", "medium": "chat"},
            Inbound("try-it", "hei", is_billable=False, medium=Medium.CHAT),
        ),
        ({"text": ["", "9", "4"], "medium": "ussd"}, Inbound("", "9*4", medium=Medium.USSD)),
        ({"text": "4", "medium": "voice"}, Inbound("", "4", medium=Medium.VOICE)),
        (
            {"text": "4", "medium": "voice", "tag": "pl", "place": "9"},
            Inbound("", "4", medium=Medium.VOICE, call=CallState("pl", "9")),
        ),
    ],
    ids=["a text", "a sender", "WhatsApp", "USSD", "a call", "a call with its state"],
)
def test_try_it_receive_reads_the_form(form: dict[str, str | list[str]], message: Inbound) -> None:
    """The text is not trimmed; `from` is the sender, `medium` the kind of channel."""
    assert TRY_IT.receive(request_of(data=form)) == message


def test_try_it_deliver_puts_the_state_of_a_call_in_headers() -> None:
    """Headers hold language, place and whether the call ends; the body is the speech."""
    spoken = (Utterance("Polly.Liv", "Ring"), Utterance("Polly.Amy", "Call"))
    answer = TRY_IT.deliver(
        Reply("", spoken=spoken, call=CallState("pl", "5"), screen=ScreenId("nb", "4"))
    )
    names = ("Line-Tag", "Line-Place", "Line-Ends", "Line-Screen")
    values = [answer.headers[name] for name in names]

    assert (answer.get_data(as_text=True), values) == ("Ring\nCall", ["pl", "5", "", "nb 4"])
    assert TRY_IT.deliver(Reply("OK.", ends_session=True)).headers["Line-Ends"] == "yes"
