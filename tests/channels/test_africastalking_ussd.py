"""Africa's Talking's gateway takes its documented requests, and reads nobody's number."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from rights_line.channels.africastalking_ussd import Channel
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium
from rights_line.core.ussd_pages import fits
from rights_line.errors import ConfigurationError, Unauthenticated
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app, create_app
from tests.support.africastalking_phone import PATH, SENDER, TOKEN, fields
from tests.support.clock import TUESDAY
from tests.support.log import written

ENVIRON = {
    "CHANNELS": "africastalking_ussd",
    "AFRICASTALKING_TOKEN": TOKEN,
    "AFRICASTALKING_CODES": "*384*7#=9, *384*8#=POLSKI 4",
    "RIGHTS_LINE_SERVE": "drafts",
}


@pytest.fixture(scope="module")
def phone() -> FlaskClient:
    """The line with this gateway alone."""
    return create_app(ENVIRON).test_client()


SHAPES: Mapping[str, tuple[dict[str, str], str]] = {
    "the code alone": (fields(""), "CON Norge/Norway info\n"),
    "a language": (fields("9"), "CON Niebezpieczenstwo: dzwon pod 112."),
    "a topic": (fields("9*4"), "CON Praca i placa:"),
    "a language dialled with the code": (fields("9*4*41"), "CON Mala wyplata"),
    "closing": (fields("9*4*00"), "END OK."),
    "a code with a language": (fields("", serviceCode="*384*7#"), "CON Niebezpieczenstwo:"),
    "and a topic behind it": (fields("4", serviceCode="*384*7#"), "CON Praca i placa:"),
    "a code with a topic": (fields("", serviceCode="*384*8#"), "CON Praca i placa:"),
    "no network code": ({**fields(""), "networkCode": ""}, "CON Norge/Norway info\n"),
    "no service code": ({"text": "9"}, "CON Niebezpieczenstwo:"),
    "another script": (fields("9*العربية"), "CON 112, 22331160, 116111\n"),
}


@pytest.mark.parametrize(("form", "begins"), SHAPES.values(), ids=SHAPES)
def test_what_is_documented_is_answered(
    form: dict[str, str], begins: str, phone: FlaskClient
) -> None:
    """Each request of a session gets its page, as plain text."""
    answer = phone.post(PATH, data=form)

    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.text.startswith(begins)


MALFORMED: Mapping[str, Callable[[FlaskClient], Any]] = {
    "nothing": lambda phone: phone.post(PATH),
    "no text": lambda phone: phone.post(PATH, data={"sessionId": "1", "phoneNumber": SENDER}),
    "two texts": lambda phone: phone.post(PATH, data=MultiDict([("text", "1"), ("text", "2")])),
    "JSON": lambda phone: phone.post(PATH, json=fields("")),
    "GET": lambda phone: phone.get(PATH, query_string=fields("")),
    "longer than a session": lambda phone: phone.post(PATH, data=fields("1*" * 1001)),
    "no form at all": lambda phone: phone.post(PATH, data=b"\xff\x00", content_type="text/plain"),
    "an event after the session": lambda phone: phone.post(
        PATH,
        data={
            **{"date": "2026-11-24 12:00:00", "sessionId": "ATUid_1", "serviceCode": "*384*5#"},
            **{"networkCode": "63902", "phoneNumber": SENDER, "status": "Success", "cost": "0"},
            **{"durationInMillis": "9000", "hopsCount": "3", "input": "9*4"},
            **{"lastAppResponse": "CON ...", "errorMessage": ""},
        },
    ),
}


@pytest.mark.parametrize("send", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_ends_with_the_helplines(
    send: Callable[[FlaskClient], Any], phone: FlaskClient, library: Library
) -> None:
    """Never an error page: the gateway would show its own, or nothing."""
    answer = send(phone)

    assert (answer.status_code, answer.text) == (200, f"END {library.fallback}")


def test_the_last_resort_fits_a_page(library: Library) -> None:
    """What is said when something broke is one USSD page too."""
    assert fits(library.fallback)


@pytest.mark.parametrize("token", ["", "guess", TOKEN[:-1], f"{TOKEN}x", "é" * 24])
def test_whoever_does_not_know_the_secret_is_refused(token: str, phone: FlaskClient) -> None:
    """A wrong secret gets a bare 403."""
    answer = phone.post(f"/inbound/africastalking_ussd/{token}".rstrip("/"), data=fields(""))

    assert (answer.status_code, answer.data) == (403, b"")


def test_of_two_secrets_each_opens() -> None:
    """While the address is changed at the gateway; and nothing beside them does."""
    new = "another-token-of-nobody"
    both = Channel.from_environ({"AFRICASTALKING_TOKEN": f"{TOKEN}, {new}"})
    request = Request(EnvironBuilder(PATH, method="POST").get_environ())

    for token in (TOKEN, new):
        both.authenticate(request, token)
    for token in ("", f"{TOKEN}, {new}", f"{TOKEN},{new}", f" {new}", new[:-1], TOKEN + new):
        with pytest.raises(Unauthenticated):
            both.authenticate(request, token)


class Guarded(MultiDict[str, str]):
    """A form in which some fields may not be looked at."""

    FORBIDDEN = ("phoneNumber", "sessionId", "networkCode")

    def __getitem__(self, key: str) -> Any:
        assert key not in self.FORBIDDEN
        return super().__getitem__(key)

    def getlist(self, key: str, *more: Any) -> Any:
        assert key not in self.FORBIDDEN
        return super().getlist(key, *more)


def test_her_number_is_never_read() -> None:
    """What says who she is stays in the request."""
    builder = EnvironBuilder(PATH, method="POST", data=fields("9"))
    request = Request(builder.get_environ())
    request.__dict__["form"] = Guarded(fields("9"))  # where werkzeug keeps what it has read
    gateway = Channel.from_environ(ENVIRON)

    gateway.authenticate(request, TOKEN)
    message = gateway.receive(request)

    assert message == Inbound("", "*9", medium=Medium.USSD)
    with pytest.raises(AssertionError):
        request.form["phoneNumber"]


def test_nothing_is_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session asks no memory for anything."""
    sessions = MemorySessionStore()
    for name in ("load", "save"):
        monkeypatch.setattr(sessions, name, lambda *_: pytest.fail("it was asked"))
    gateway = Channel.from_environ(ENVIRON)
    app = build_app({"africastalking_ussd": gateway}, library, sessions, dict, lambda: TUESDAY)

    assert app.test_client().post(PATH, data=fields("9*4")).text.startswith("CON Praca")


def test_the_log_says_nothing_of_her(phone: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    """One line a request: the channel and how it went."""
    phone.post(PATH, data=fields("9*paszport"))

    row = json.loads(written(capfd)[1])
    assert (row.keys(), row["channel"]) == (
        {"event", "channel", "outcome", "ms"},
        "africastalking_ussd",
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AFRICASTALKING_TOKEN", "short"),
        ("AFRICASTALKING_TOKEN", f"{TOKEN},short"),
        ("AFRICASTALKING_TOKEN", f"{TOKEN},"),
        ("AFRICASTALKING_TOKEN", ","),
        ("AFRICASTALKING_TOKEN", "has a space in it, and more"),
        ("AFRICASTALKING_TOKEN", "ends/with/slashes/or/not"),
        ("AFRICASTALKING_CODES", "*384*7#"),
        ("AFRICASTALKING_CODES", "*384*7#="),
        ("AFRICASTALKING_CODES", "9"),
        ("AFRICASTALKING_CODES", "*384*7=9"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str) -> None:
    """Whoever mistypes one is told which."""
    with pytest.raises(ConfigurationError) as refused:
        Channel.from_environ(ENVIRON | {variable: value})

    assert [fault.place for fault in refused.value.problems] == [variable]
