"""Tests of the channel of Telegram."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from rights_line.channels.telegram import Channel
from rights_line.core import Inbound, Medium, Reply
from rights_line.core.library import Library
from rights_line.core.understanding.words import MAX_LENGTH
from rights_line.errors import Malformed, Unauthenticated
from rights_line.web.http import MAX_CHAT_BYTES
from tests.support.log import written
from tests.support.phones import request_of
from tests.support.phones.telegram import ENVIRON, SECRET, fields, post, update
from tests.support.sms_line import line_of

ACCOUNT = 5_512_345_678
IGNORED = Inbound("", "", is_person=False, medium=Medium.CHAT)


@pytest.fixture
def phone(small_library: Library) -> FlaskClient:
    """Return a client of a line with this channel alone."""
    return line_of(small_library, Channel.from_environ(ENVIRON))


def private(text: Any = "hei", **more: Any) -> dict[str, Any]:
    """Return the update of a message in a private chat."""
    return update(fields("", str(ACCOUNT), "Ana"), text=text, **more)


def read(answer: TestResponse) -> str:
    return str(json.loads(answer.data)["text"])


def received(body: Any) -> Inbound:
    """Return the message that the channel reads from an update."""
    return Channel.from_environ(ENVIRON).receive(request_of(**post(body)))


# 1. Authentication


@pytest.mark.parametrize(
    ("header", "token", "method"),
    [
        *(("", "", "POST"), ("guess", "", "POST"), (SECRET, "guess", "POST")),
        *((SECRET, SECRET, "POST"), (SECRET, "", "GET")),
    ],
)
def test_request_without_the_secret_is_refused(header: str, token: str, method: str) -> None:
    more = {"method": method, "headers": {"X-Telegram-Bot-Api-Secret-Token": header}}
    request = request_of(**(post(private("hei")) | more))
    with pytest.raises(Unauthenticated):
        Channel.from_environ(ENVIRON).authenticate(request, token)


# 2. Messages

GROUP = {"id": -100_123, "type": "group", "title": "Family"}
TEXTS: dict[str, tuple[dict[str, Any], str]] = {
    "a text": (private("hei å €"), "hei å €"),
    "a sticker": (private(None, sticker={"emoji": "🙏"}), ""),
    "a photo with a caption": (private(None, photo=[{"file_id": "AgAC"}], caption="lønn"), "lønn"),
    "a voice message": (private(None, voice={"duration": 3}), ""),
    "an answer to one of our messages": (private("4", reply_to_message={"text": "1 Fare"}), "4"),
    "/start": (private("/start"), "0"),
    "/start with the name of the bot": (private("/start@line_bot pl"), "0"),
    "a word that begins so": (private("/starting"), "/starting"),
    "half an emoji": (private("hei \ud83d"), "hei \ufffd"),
    "a text that is a number": (private(4), ""),
    "a text that is a list": (private(["4"]), ""),
}


@pytest.mark.parametrize(("body", "text"), TEXTS.values(), ids=TEXTS)
def test_message_in_a_private_chat_is_read(body: dict[str, Any], text: str) -> None:
    """A message without a text is like an empty one, which gets the start screen."""
    number = str(body["update_id"])
    expected = Inbound(f"telegram:{ACCOUNT}", text, medium=Medium.CHAT, id=number)
    assert received(body) == expected


IGNORED_UPDATES: dict[str, dict[str, Any]] = {
    "an edit": {"update_id": 1, "edited_message": private()["message"]},
    "a post of a channel": {
        "update_id": 1,
        "channel_post": {"chat": {"id": -1, "type": "channel"}, "text": "4"},
    },
    "a group": private(chat=GROUP),
    "a supergroup": private(chat=GROUP | {"type": "supergroup"}),
    "a chat without a type": private(chat={"id": ACCOUNT}),
    "another bot": private(None, **{"from": {"id": 7, "is_bot": True}}),
    "a button": {"update_id": 1, "callback_query": {"id": "1", "data": "4"}},
    "nothing": {"update_id": 1},
}


@pytest.mark.parametrize("body", IGNORED_UPDATES.values(), ids=IGNORED_UPDATES)
def test_other_update_is_ignored_with_200(body: dict[str, Any], phone: FlaskClient) -> None:
    """Nobody gets a reply in a group, where others would read it."""
    assert received(body) == IGNORED
    for sent in (body, private("STOP")):  # an empty object calls no method
        answer = phone.open(**post(sent))
        assert (answer.status_code, answer.json) == (200, {})


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "a form": b"update_id=1&message=hei",
    "truncated": b'{"update_id": 1, "message": {',
    "deeply nested lists": b"[" * MAX_CHAT_BYTES,
    "a deep message": b'{"update_id": 1, "message": ' + b"[" * 60_000,
    "a number of 60,000 digits": b'{"update_id": ' + b"1" * 60_000 + b"}",
    "a list": b"[]",
    "no UTF-8": b'{"update_id": "\xff\xfe"}',
    "UTF-16 without its second half": b"\xff\xfe{",
    "a message only": b'{"message": "hei"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_body_is_malformed_and_gets_200(
    body: bytes, phone: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """Telegram repeats other statuses for a day, and holds back what the account sends next."""
    with pytest.raises(Malformed):
        received(body)
    answer = phone.open(**post(body))
    assert (answer.status_code, answer.json) == (200, {})
    assert '"outcome": "malformed"' in "".join(written(capfd))


IDS = ["true", "0", "-5", "1e3", "NaN", '"5"', "[5]", "null", str(2**52), "9" * 4000]


@pytest.mark.parametrize("chat", IDS)
def test_chat_without_a_valid_id_gets_no_reply(chat: str, phone: FlaskClient) -> None:
    body = f'{{"update_id": 1, "message": {{"chat": {{"type": "private", "id": {chat}}}}}}}'
    answer = phone.open(**post(body.encode()))
    assert (answer.status_code, answer.json) == (200, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "chat", "id", "type", "from", "is_bot", "text", "caption"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(update=JSON, chat=JSON, text=JSON)
def test_any_json_is_read_ignored_or_malformed(update: Any, chat: Any, text: Any) -> None:
    whole = {"update_id": 1, "message": {"chat": {"type": "private", "id": chat}, "text": text}}
    for body in (update, {"update_id": 1, "message": update}, whole):
        try:
            found = received(body)
        except Malformed:
            continue
        assert found == IGNORED or found.sender.removeprefix("telegram:").isdigit()
        found.text.encode()  # without half a surrogate pair


# 3. Replies


def test_reply_is_a_message_to_the_chat_without_markup_or_preview(phone: FlaskClient) -> None:
    answer = phone.open(**post(private("POLSKI 4")))

    assert answer.content_type == "application/json; charset=utf-8"
    assert answer.json == {
        "method": "sendMessage",
        "chat_id": ACCOUNT,
        "text": read(answer),
        "link_preview_options": {"is_disabled": True},
    }
    assert "Praca i płaca" in read(answer)  # with every letter, as in WhatsApp


def test_lines_of_a_list_are_buttons_that_are_gone_after_one_is_pressed() -> None:
    choices = ("1 In danger", "4 Work", "5 Papers", "8 Under 18", "0 menu")
    reply = Reply("112\n" + "\n".join(choices), choices=choices)
    answer = Channel.from_environ(ENVIRON).deliver(reply, f"telegram:{ACCOUNT}")

    assert answer.json is not None
    assert answer.json["text"] == reply.text  # also for apps without buttons
    assert answer.json["reply_markup"] == {
        "keyboard": [[choice] for choice in choices],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


def test_start_gets_the_start_screen_and_in_a_session_the_menu(
    phone: FlaskClient, small_library: Library
) -> None:
    assert read(phone.open(**post(private("/start")))) == small_library.start
    menu = read(phone.open(**post(private("POLSKI"))))
    phone.open(**post(private("4")))
    assert read(phone.open(**post(private("/start")))) == menu


def test_long_message_and_the_one_it_answers_are_read(phone: FlaskClient) -> None:
    """Telegram writes each letter as \\u1234, and a message has 4,096."""
    text = "ж" * 4096
    body = private(text, reply_to_message={"text": text})
    assert 16_384 < len(json.dumps(body)) < MAX_CHAT_BYTES
    assert "112" in read(phone.open(**post(body)))
    assert len(received(body).text) > MAX_LENGTH  # the rest is cut off before anybody reads it
