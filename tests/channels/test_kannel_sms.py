"""Tests of the SMS channel of Kannel and of its configuration."""

import re
from collections.abc import Callable

import pytest

from rights_line.channels.kannel_sms import Channel
from rights_line.core import Inbound, Reply
from rights_line.core.library import Library
from rights_line.errors import Unauthenticated
from tests.support.kannel import SHIPPED, TOKEN, with_operator
from tests.support.phones import request_of

PATH = f"/inbound/kannel_sms/{TOKEN}"
SENDER = "4790000001"


UTF_8 = 'text/plain; charset="UTF-8"'
BINARY = "application/octet-stream"


def read_post(
    text: bytes = b"hei", content_type: str = UTF_8, sender: str = "+4790000001"
) -> Inbound:
    """Return the message that the channel reads from a request as Kannel 1.4.5 posts it (measured).

    Header values are Latin-1 strings, as in WSGI.
    """
    headers = {
        **{"User-Agent": "Kannel/1.4.5", "X-Kannel-From": sender, "X-Kannel-To": "2440"},
        **{"X-Kannel-Time": "2026-11-26 00:33:05", "X-Kannel-SMSC": "fake", "X-Kannel-Coding": "0"},
    }
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ |= {"CONTENT_TYPE": content_type}
    request = request_of(PATH, data=text, environ_overrides=environ)
    return Channel({"KANNEL_TOKEN": TOKEN}).receive(request)


# name -> (the body, Content-Type, its text)
POSTED = {
    "ASCII": (b"POLSKI 4", UTF_8, "POLSKI 4"),
    "UCS-2 that Kannel recoded": ("ሰላም 🙏".encode(), UTF_8, "ሰላም 🙏"),
    "UCS-2, not recoded": (
        "ሰላም 🙏".encode("utf-16-be"),
        'text/plain; charset="UTF-16BE"',
        "ሰላም 🙏",
    ),
    "ISO-8859-1": ("på norsk".encode("latin-1"), "text/plain; charset=ISO-8859-1", "på norsk"),
    "WIN-1250": ("ąść".encode("cp1250"), "text/plain; charset=win-1250", "ąść"),
    "GSM": ("[€] Å æ ø @".encode("gsm03.38"), 'text/plain; charset="GSM"', "[€] Å æ ø @"),
    "nothing is decoded or trimmed": (b" 1+1 %41&a=b\n", UTF_8, " 1+1 %41&a=b\n"),
    "8-bit by its charset": (b"\x00\x01hei", "text/plain; charset=8-BIT", ""),
    "binary": (b"\x00\x01hei", BINARY, ""),
    "bytes that are not UTF-8": (b"hei \xff", UTF_8, "hei \ufffd"),
    "UTF-16 without a byte order mark": (
        "سلام".encode("utf-16-be"),
        "text/plain; charset=UTF-16",
        "سلام",
    ),
    "a byte outside GSM-7": (b"hei\xff", "text/plain; charset=GSM", "hei\ufffd"),
    "half an emoji": (b"\xd8\x3d", 'text/plain; charset="UTF-16BE"', "\ufffd"),
    "an unknown charset": ("zł".encode(), "text/plain; charset=KLINGON", "zł"),
    "a codec that always fails": (b"zz", "text/plain; charset=undefined", "zz"),
    "no charset": ("zł".encode(), "text/plain", "zł"),
    "an invalid content type": ("zł".encode(), "\xff;;=;charset", "zł"),
}


@pytest.mark.parametrize(("body", "content_type", "text"), POSTED.values(), ids=POSTED)
def test_posted_text_is_decoded(body: bytes, content_type: str, text: str) -> None:
    """The charset is that of Content-Type; damaged bytes are replaced."""
    assert read_post(body, content_type) == Inbound(SENDER, text)


# as the operator sends it -> (the sender, whether it is a person)
POSTED_SENDERS = {
    "+4790000001": (SENDER, True),
    "004790000001": (SENDER, True),
    "4790000001": (SENDER, True),
    "90000001": ("90000001", True),
    "123456789012345": ("123456789012345", True),
    "1234567890123456": ("1234567890123456", False),
    "00123456": ("00123456", False),
    "2440": ("2440", False),
    "Posten": ("Posten", False),
    "Hei, du": ("Hei", False),
    "47900\xc3\xa9": ("47900\xc3\xa9", False),
    # A repeated header, as a server joins it.
    "+4790000001,2440": (SENDER, True),
}


@pytest.mark.parametrize(("sender", "expected"), POSTED_SENDERS.items(), ids=POSTED_SENDERS)
def test_posted_sender_is_normalised(sender: str, expected: tuple[str, bool]) -> None:
    """Of several X-Kannel-From headers the first counts."""
    message = read_post(sender=sender)
    assert (message.sender, message.is_person) == expected


def test_posts_without_a_sender_share_no_conversation() -> None:
    """Without `send-sender` each message is answered, as that of a new person."""
    first, second = read_post(sender=""), read_post(sender="")

    assert (first.is_person, second.is_person) == (True, True)
    assert first.sender != second.sender


def test_get_is_refused_although_its_token_is_right() -> None:
    """It would put sender and text into the URL, which logs show."""
    request = request_of(PATH, "GET", query_string="from=4790000001&text=hei")
    with pytest.raises(Unauthenticated):
        Channel({"KANNEL_TOKEN": TOKEN}).authenticate(request, TOKEN)


# text -> whether it is sent as UCS-2
ANSWERS = {
    "Call 112.\nROSA 22 33 11 60": False,
    "[a] {b} € Å æ ø": False,
    "zł": True,
    "سلام": True,
    "🙏": True,
    "": False,
}


@pytest.mark.parametrize(("text", "is_ucs2"), ANSWERS.items(), ids=map(repr, ANSWERS))
def test_deliver_declares_ucs2_outside_gsm7(text: str, is_ucs2: bool) -> None:
    """The body itself is always UTF-8."""
    answer = Channel({"KANNEL_TOKEN": TOKEN}).deliver(Reply(text))

    assert answer.get_data() == text.encode()
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers.get("X-Kannel-Coding") == ("2" if is_ucs2 else None)


REPLIES = ("couldnotfetch", "couldnotrepresent", "requestfailed", "emptymessage")


def values(text: str) -> dict[str, list[str]]:
    """Return the active settings of a configuration, of all groups together."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"(?m)^([a-z-]+) = (.*)$", text):
        found.setdefault(name, []).append(value.strip('"'))
    return found


def test_shipped_replies_are_the_fallback_response(small_library: Library) -> None:
    """Kannel sends these when it cannot reach the line."""
    shipped = values(SHIPPED.read_text(encoding="utf-8"))
    assert [shipped[f"reply-{name}"] for name in REPLIES] == [[small_library.fallback]] * 4


@pytest.mark.parametrize("change", [str, with_operator], ids=["as shipped", "with an operator"])
def test_shipped_configuration_stores_nothing_and_is_local(change: Callable[[str], str]) -> None:
    """No log, no store, and no access from another machine."""
    text = change(SHIPPED.read_text(encoding="utf-8"))
    active = values(text)

    assert {
        "log-file",
        "access-log",
        "syslog-level",
        "store-file",
        "store-type",
    } & active.keys() == set()
    assert {*active["log-level"]} == {"4"}
    assert {*active["admin-interface"], *active["smsbox-interface"]} == {"127.0.0.1"}
    assert {*active["admin-password"], *active["status-password"]} == {"${KANNEL_PASSWORD}"}
    assert ("fake" in active["smsc"]) == (change is str)
    assert ("smpp" in active["smsc"]) == (change is with_operator)
