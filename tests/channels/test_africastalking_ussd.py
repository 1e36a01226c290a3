"""Tests of the USSD channel of Africa's Talking."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from rights_line.channels.africastalking_ussd import Channel
from rights_line.core import Inbound, Medium, ussd_pages
from rights_line.core.library import Library
from rights_line.web.app import create_app
from tests.support.phones import request_of
from tests.support.phones.africastalking_ussd import PATH, SENDER, TOKEN, fields
from tests.support.worlds import SMALL_ROOT, texts_at

ENVIRON = {
    "CHANNELS": "africastalking_ussd",
    "AFRICASTALKING_TOKEN": TOKEN,
    "RIGHTS_LINE_SERVE": "drafts",
}


@pytest.fixture(scope="module")
def phone() -> FlaskClient:
    """Return a client of a line with this channel alone."""
    return create_app(texts_at(SMALL_ROOT, ENVIRON)).test_client()


# name -> (the form, the beginning of the response)
DOCUMENTED: Mapping[str, tuple[dict[str, str], str]] = {
    "the service code alone": (fields(""), "CON Norge/Norway info\n"),
    "a language": (fields("9"), "CON Niebezpieczenstwo: dzwon pod 112."),
    "a topic": (fields("9*4"), "CON Praca i placa:"),
    "a language dialled with the code": (fields("9*4*41"), "CON Mala wyplata"),
    "closing": (fields("9*4*00"), "END OK."),
    "no service code": ({"text": "9"}, "CON Niebezpieczenstwo:"),
    "another script": (fields("9*العربية"), "CON 112, 22331160, 116111\n"),
}


@pytest.mark.parametrize(("form", "begins"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_documented_request_gets_its_ussd_page(
    form: dict[str, str], begins: str, phone: FlaskClient
) -> None:
    answer = phone.post(PATH, data=form)

    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.text.startswith(begins)


MALFORMED: Mapping[str, Callable[[FlaskClient], Any]] = {
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
def test_malformed_request_ends_with_the_helplines(
    send: Callable[[FlaskClient], Any], phone: FlaskClient, small_library: Library
) -> None:
    """On an error status the provider would show a text of its own, or nothing."""
    answer = send(phone)

    assert (answer.status_code, answer.text) == (200, f"END {small_library.fallback}")


def test_fallback_response_fits_one_ussd_page(small_library: Library) -> None:
    assert ussd_pages.fits_page(small_library.fallback)


def test_message_has_no_sender() -> None:
    """The caller's number is in every request."""
    message = Channel.from_environ(ENVIRON).receive(request_of(PATH, data=fields("9")))
    assert message == Inbound("", "9", medium=Medium.USSD)
