"""Kannel's gateway reads whatever Kannel can send, and answers 200 to whoever has the token."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from rights_line.channels._secret import Secret
from rights_line.channels.kannel_sms import Gateway
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.sms import SEPTETS
from rights_line.errors import Refused
from rights_line.sessions import MemorySessions
from rights_line.web import build_app
from tests.conftest import TUESDAY
from tests.kannel import SHIPPED, TOKEN, with_operator

PATH = f"/inbound/kannel_sms/{TOKEN}"
HER = "4790000001"


def query(text: bytes = b"hei", sender: str = "%2B4790000001", **more: str) -> str:
    """Return what Kannel appends to the address."""
    fields = {
        **{"from": sender, "to": "2440", "text": quote_from_bytes(text)},
        **{"charset": "UTF-8", "coding": "0", "id": "ac1f5023", "smsc": "operator", **more},
    }
    return "&".join(f"{name}={value}" for name, value in fields.items())


def read(asked: str) -> Inbound:
    """Return what the gateway reads from a query."""
    builder = EnvironBuilder(path=PATH, query_string=asked)
    return Gateway(Secret((TOKEN,))).receive(Request(builder.get_environ()))


def in_charset(text: str, codec: str, charset: str, coding: str = "0") -> str:
    """Return the query of a text whose bytes are of one charset, as Kannel calls it."""
    return query(text.encode(codec), charset=charset, coding=coding)


# name -> (query, the text in it)
TEXTS = {
    "as Kannel sends it (measured)": (query(b"ucs \xd8\xb3 \xe1\x88\xb0"), "ucs س ሰ"),
    "a blank as +": (query().replace("=hei", "=po+polsku"), "po polsku"),
    "a plus": (query(b"1+1"), "1+1"),
    "blanks around": (query(b" hei \n"), " hei \n"),
    "&, = and %": (query(b"a&b=c%25"), "a&b=c%25"),
    "an emoji": (in_charset("🙏🏽", "utf-8", "UTF-8"), "🙏🏽"),
    "all of GSM-7 in UTF-8": (in_charset("".join(SEPTETS), "utf-8", "UTF-8"), "".join(SEPTETS)),
    "GSM": (in_charset("[€] Å æ ø @", "gsm03.38", "GSM"), "[€] Å æ ø @"),
    "7-BIT": (in_charset("@ø", "gsm03.38", "7-BIT"), "@ø"),
    "UCS-2, not recoded": (in_charset("ሰላም 🙏", "utf-16-be", "UTF-16BE", "2"), "ሰላም 🙏"),
    "UCS-2 by its name": (in_charset("سلام", "utf-16-be", "UCS-2", "2"), "سلام"),
    "UTF-16 without a mark": (in_charset("سلام", "utf-16-be", "UTF-16", "2"), "سلام"),
    "UCS-2 by its coding": (in_charset("سلام", "utf-16-be", "", "2"), "سلام"),
    "recoded, coding left at 2": (in_charset("سلام", "utf-8", "UTF-8", "2"), "سلام"),
    "ISO-8859-1": (in_charset("på norsk", "latin-1", "ISO-8859-1"), "på norsk"),
    "ISO-8859-5": (in_charset("помощь", "iso-8859-5", "ISO-8859-5"), "помощь"),
    "WINDOWS-1252": (in_charset("€ å", "cp1252", "WINDOWS-1252"), "€ å"),
    "CP1252": (in_charset("€ å", "cp1252", "CP1252"), "€ å"),
    "WIN-1250, as Kannel calls it too": (in_charset("ąść", "cp1250", "WIN-1250"), "ąść"),
    "a charset in small letters": (in_charset("ø", "latin-1", "iso-8859-1"), "ø"),
    "ASCII": (in_charset("hei", "ascii", "US-ASCII"), "hei"),
    "no charset": (query("zł".encode(), charset=""), "zł"),
    "a charset that there is not": (query("zł".encode(), charset="KLINGON"), "zł"),
    "a codec of Python that is no charset": (query(b"zz", charset="hex"), "zz"),
    "a codec that always fails": (query(b"zz", charset="undefined"), "zz"),
    "a charset with a zero in it": (query(b"zz", charset="A%00B"), "zz"),
    "a charset twice": (query("zł".encode()) + "&charset=GSM", "zł"),
    "bytes that are no UTF-8": (query(b"hei \xff"), "hei \ufffd"),
    "half a character of UCS-2": (
        query(b"\x06\x33\x06", charset="UTF-16BE", coding="2"),
        "س\ufffd",
    ),
    "half an emoji": (query(b"\xd8\x3d", charset="UTF-16BE", coding="2"), "\ufffd"),
    "a byte that is no GSM": (query(b"hei\xff", charset="GSM"), "hei\ufffd"),
    "binary": (query(b"\x00\x01hei", charset="8-BIT", coding="1"), ""),
    "binary, by its coding": (query(b"hei", coding="1"), ""),
    "binary, by its charset": (query(b"hei", charset="8-BIT"), ""),
    "a coding that there is not": (query(b"hei", coding="-1"), "hei"),
    "a coding that is no number": (query(b"hei", coding="x"), "hei"),
    "no coding and no charset": (f"from={HER}&text=hei", "hei"),
    "a text twice": (query(b"hei") + "&text=STOP", "hei"),
    "an empty text": (query(b""), ""),
    "no text": (f"from={HER}", ""),
    "a name alone": (f"from={HER}&text", ""),
    "no percent number": (query().replace("=hei", "=%zz%"), "%zz%"),
    "a query of nothing but signs": (f"&&=&from={HER}&text=hei&", "hei"),
}


@pytest.mark.parametrize(("asked", "text"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_read(asked: str, text: str) -> None:
    """A text is read by the charset that is said beside it, as well as it can be."""
    assert read(asked) == Inbound(HER, text)


# how a centre writes it -> (how it is called, whether it is a person)
SENDERS = {
    "%2B4790000001": (HER, True),
    "+4790000001": (HER, True),  # a plus that was not encoded is a blank
    "004790000001": (HER, True),
    "4790000001": (HER, True),
    "%2B47+900+00+001": (HER, True),
    "%2B47-900-00-001": (HER, True),
    "90000001": ("90000001", True),
    "0790000001": ("0790000001", True),
    "1234567": ("1234567", True),
    "123456789012345": ("123456789012345", True),
    "1234567890123456": ("1234567890123456", False),
    "00123456": ("00123456", False),
    "123456": ("123456", False),
    "2440": ("2440", False),
    "112": ("112", False),
    "Posten": ("Posten", False),
    "47NETCOM900": ("47NETCOM900", False),
    "%D9%A4%D9%A7%D9%A9%D9%A0%D9%A0%D9%A0%D9%A0": ("٤٧٩٠٠٠٠", False),
    "%FF": ("\ufffd", False),
    "4790000001%0A": (HER, True),
    f"{HER}&from=2440": (HER, True),
}


@pytest.mark.parametrize(("sender", "expected"), SENDERS.items(), ids=SENDERS)
def test_a_sender_is_read(sender: str, expected: tuple[str, bool]) -> None:
    """However a number is written it is the same person; a short one, or a name, is a machine."""
    message = read(query(sender=sender))
    assert (message.sender, message.answerable) == expected


def test_without_a_number_nobody_shares_a_conversation() -> None:
    """If the number is not sent, she is answered, as somebody new each time."""
    first, second = read("text=hei"), read(query(sender=""))

    assert first.answerable
    assert second.answerable
    assert first.sender != second.sender


def line(library: Library, sessions: MemorySessions | None = None) -> Callable[..., TestResponse]:
    """Return what sends a request to a line with this gateway."""
    channels = {"kannel_sms": Gateway(Secret((TOKEN,)))}
    app = build_app(channels, library, sessions or MemorySessions(), dict, lambda: TUESDAY)
    return app.test_client().open


ODD = {
    "nothing at all": "",
    "only signs": "&&==&%&+",
    "no UTF-8 anywhere": "%FF=%FF&from=%FF%FE&text=%FF&charset=%FF&coding=%FF",
    "bytes that are not encoded": "from=4790000001&text=\xe6\xf8\xe5\xff",
    "zeros": "from=%00&text=%00&charset=%00&coding=%00",
    "every field twice": f"{query()}&{query(b'41')}",
    "a text of ten parts": query("ሰላም ".encode() * 170),
    "a charset of a thousand letters": query(charset="A" * 1000),
    "a thousand fields": "&".join(f"a{number}=1" for number in range(1000)),
}


ASKED = ODD | {name: asked for name, (asked, _) in TEXTS.items()}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_whoever_has_the_token_is_answered(asked: str, library: Library) -> None:
    """With the right token nothing is an error: Kannel would send a text of its own."""
    answer = line(library)(path=PATH, environ_overrides={"QUERY_STRING": asked})

    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    heard = re.sub(r"\s", "", answer.text)
    assert not heard or "112" in heard


STRANGERS: Mapping[str, dict[str, Any]] = {
    "a wrong token": {"path": "/inbound/kannel_sms/a-token-of-somebody-else-123"},
    "a token that begins rightly": {"path": PATH[:-1]},
    "a token and more": {"path": f"{PATH}0"},
    "a token in other letters": {"path": f"/inbound/kannel_sms/{TOKEN.upper()}"},
    "a token beyond ASCII": {"path": "/inbound/kannel_sms/é%FF%00"},
    "no token": {"path": "/inbound/kannel_sms"},
    "POST": {"path": PATH, "method": "POST", "data": {"text": "hei"}},
    "HEAD": {"path": PATH, "method": "HEAD"},
}


class Untouched(MemorySessions):
    """A memory that nobody may ask."""

    def load(self, channel: str, sender: str, counts: bool = True) -> Any:
        raise AssertionError


@pytest.mark.parametrize("options", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_is_refused(options: dict[str, Any], library: Library) -> None:
    """Without the token, or with another method, it is 403 and nothing else is touched."""
    answer = line(library, Untouched())(query_string=query(), **options)
    assert (answer.status_code, answer.data) == (403, b"")


# text -> whether it goes as UCS-2
ANSWERS = {
    "Call 112.\nROSA 22 33 11 60": False,
    "[a] {b} € Å æ ø": False,
    "  kept  ": False,
    "zł": True,
    "سلام": True,
    "ሰላም": True,
    "🙏": True,
    "": False,
}


@pytest.mark.parametrize(("text", "is_ucs2"), ANSWERS.items(), ids=map(repr, ANSWERS))
def test_an_answer_is_written(text: str, is_ucs2: bool) -> None:
    """An answer is UTF-8 to the letter; what is outside GSM-7 is said to be UCS-2."""
    answer = Gateway(Secret((TOKEN,))).deliver(Reply(text))

    assert answer.get_data() == text.encode()
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers.get("X-Kannel-Coding") == ("2" if is_ucs2 else None)


def test_a_stop_is_answered_with_nothing(library: Library) -> None:
    """An opt-out is 200 with no text in it, which omit-empty makes no message."""
    answer = line(library)(path=PATH, environ_overrides={"QUERY_STRING": query(b"STOP")})
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize(
    "token",
    ["", "short", "s" * 19, "s" * 19 + "/", "with a blank in the token", "å" * 24, "s" * 24 + "\n"],
)
def test_a_token_that_cannot_be_used(token: str) -> None:
    """A token that can be guessed, or is no part of an address, stops the start, unsaid."""
    with pytest.raises(Refused) as refused:
        Gateway.from_environ({"KANNEL_TOKEN": token})

    assert [fault.place for fault in refused.value.faults] == ["KANNEL_TOKEN"]
    assert not token or token not in str(refused.value)


REPLIES = ("couldnotfetch", "couldnotrepresent", "requestfailed", "emptymessage")


def values(text: str) -> dict[str, list[str]]:
    """Return the settings that are on in a configuration, and those of all groups together."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"(?m)^([a-z-]+) = (.*)$", text):
        found.setdefault(name, []).append(value.strip('"'))
    return found


def test_kannels_own_replies_are_the_helplines(library: Library) -> None:
    """Whatever Kannel says of its own accord is what the line says when something breaks."""
    shipped = values(SHIPPED.read_text(encoding="utf-8"))
    assert [shipped[f"reply-{name}"] for name in REPLIES] == [[library.last_resort]] * 4


@pytest.mark.parametrize("change", [str, with_operator], ids=["as shipped", "with an operator"])
def test_kannel_writes_nothing_down(change: Callable[[str], str]) -> None:
    """No log, no store, and nobody from another machine, whichever way the file is used."""
    text = change(SHIPPED.read_text(encoding="utf-8"))
    on = values(text)

    assert {
        "log-file",
        "access-log",
        "syslog-level",
        "store-file",
        "store-type",
    } & on.keys() == set()
    assert {*on["log-level"]} == {"4"}
    assert {*on["admin-interface"], *on["smsbox-interface"]} == {"127.0.0.1"}
    assert {*on["admin-password"], *on["status-password"]} == {"${KANNEL_PASSWORD}"}
    assert ("fake" in on["smsc"]) == (change is str)
    assert ("smpp" in on["smsc"]) == (change is with_operator)
