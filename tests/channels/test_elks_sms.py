"""Tests of the SMS channel of 46elks."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from rights_line.channels.elks_sms import Channel
from rights_line.core import Inbound
from rights_line.core.library import Library
from rights_line.errors import Malformed
from rights_line.web.app import create_app
from tests.support.phones import request_of
from tests.support.phones.elks_sms import ENVIRON, PATH, fields
from tests.support.sms_line import line_of
from tests.support.worlds import SMALL_ROOT, texts_at

SENDER = "+46706861004"


@pytest.fixture
def phone() -> FlaskClient:
    """Return a client of a line with this channel alone."""
    environ = {**ENVIRON, "RIGHTS_LINE_SERVE": "drafts"}
    return create_app(texts_at(SMALL_ROOT, environ)).test_client()


def channel() -> Channel:
    return Channel.from_environ(ENVIRON)


def read(form: Any) -> Inbound:
    """Return the message that the channel reads from a form."""
    return channel().receive(request_of(PATH, data=form))


SENDERS = {SENDER: True, "46706861004": False, "Posten": False, "+123": False}


@pytest.mark.parametrize(("sender", "is_person"), SENDERS.items())
def test_sender_is_a_person_if_it_is_a_number(sender: str, is_person: bool) -> None:
    """Two machines could answer each other without end."""
    expected = Inbound(sender, "hei å €", is_person=is_person, id="s1")
    assert read(fields("hei å €", sender, id="s1")) == expected


def test_messages_without_a_sender_share_no_session() -> None:
    first, second = (read({"message": "hei"}) for _ in range(2))
    assert first.sender != second.sender
    assert first.is_person


MALFORMED: Mapping[str, Any] = {
    "no text": {"from": SENDER},
    "two texts": MultiDict([("message", "hei"), ("message", "STOP"), ("from", SENDER)]),
    "two senders": MultiDict([("message", "hei"), ("from", SENDER), ("from", "+4790000001")]),
    "nothing": {},
}


@pytest.mark.parametrize("form", MALFORMED.values(), ids=MALFORMED)
def test_malformed_request_gets_the_helplines_with_200(form: Any, phone: FlaskClient) -> None:
    """46elks would retry another status for six hours."""
    with pytest.raises(Malformed):
        read(form)
    answer = phone.post(PATH, data=form)
    assert answer.status_code == 200
    assert "112" in answer.text


# name -> (the messages before it, the text that is sent twice)
REPEATED = {
    "a language, which sets the tag": ((), "POLSKI"),
    "the list of languages, which changes it": (("POLSKI",), "99"),
    "the end, which deletes it": (("POLSKI",), "00"),
    "a code": (("POLSKI",), "4"),
    "a sentence": ((), "nie dostalem wyplaty"),
    "a language by its number": (("99",), "9"),
    "a number, before the list": (("POLSKI",), "9"),
}


@pytest.mark.parametrize(("before", "text"), REPEATED.values(), ids=REPEATED)
def test_repeated_id_gets_the_same_reply(
    before: tuple[str, ...], text: str, small_library: Library
) -> None:
    """46elks repeats a request whose response was lost."""
    phone = line_of(small_library, channel())
    for earlier in before:
        phone.post(PATH, data=fields(earlier, SENDER))
    form = fields(text, SENDER, id="sf8425555e5d8db61dda7a7b3f1b91bdb")

    first, second = (phone.post(PATH, data=form) for _ in range(2))

    assert (second.status_code, second.data) == (200, first.data)
    assert first.data
