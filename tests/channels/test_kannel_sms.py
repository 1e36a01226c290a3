"""The Kannel channel reads all that Kannel can send, and answers 200 to requests with the token."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from rights_line.channels._path_token import PathToken
from rights_line.channels.kannel_sms import Channel
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.sms import SEPTETS
from rights_line.errors import ConfigurationError
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from rights_line.web.request_body import MAX_BODY_BYTES
from tests.support.clock import TUESDAY
from tests.support.kannel import SHIPPED, TOKEN, with_operator

PATH = f"/inbound/kannel_sms/{TOKEN}"
SENDER = "4790000001"


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
    return Channel(PathToken((TOKEN,))).receive(Request(builder.get_environ()))


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
    "no coding and no charset": (f"from={SENDER}&text=hei", "hei"),
    "a text twice": (query(b"hei") + "&text=STOP", "hei"),
    "an empty text": (query(b""), ""),
    "no text": (f"from={SENDER}", ""),
    "a name alone": (f"from={SENDER}&text", ""),
    "no percent number": (query().replace("=hei", "=%zz%"), "%zz%"),
    "a query of nothing but signs": (f"&&=&from={SENDER}&text=hei&", "hei"),
}


@pytest.mark.parametrize(("asked", "text"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_read(asked: str, text: str) -> None:
    """A text is read by the charset that is said beside it, as well as it can be."""
    assert read(asked) == Inbound(SENDER, text)


# how a centre writes it -> (how it is called, whether it is a person)
SENDERS = {
    "%2B4790000001": (SENDER, True),
    "+4790000001": (SENDER, True),  # a plus that was not encoded is a blank
    "004790000001": (SENDER, True),
    "4790000001": (SENDER, True),
    "%2B47+900+00+001": (SENDER, True),
    "%2B47-900-00-001": (SENDER, True),
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
    "4790000001%0A": (SENDER, True),
    f"{SENDER}&from=2440": (SENDER, True),
}


@pytest.mark.parametrize(("sender", "expected"), SENDERS.items(), ids=SENDERS)
def test_a_sender_is_read(sender: str, expected: tuple[str, bool]) -> None:
    """However a number is written it is the same person; a short one, or a name, is a machine."""
    message = read(query(sender=sender))
    assert (message.sender, message.is_person) == expected


def test_without_a_number_nobody_shares_a_conversation() -> None:
    """If the number is not sent, she is answered, as somebody new each time."""
    first, second = read("text=hei"), read(query(sender=""))

    assert first.is_person
    assert second.is_person
    assert first.sender != second.sender


UTF_8 = 'text/plain; charset="UTF-8"'
BINARY = "application/octet-stream"


def post(
    text: bytes = b"hei", content_type: str = UTF_8, sender: str = "+4790000001"
) -> dict[str, Any]:
    """Return the arguments of a request as Kannel 1.4.5 posts it (measured); headers as bytes."""
    headers = {
        **{"User-Agent": "Kannel/1.4.5", "X-Kannel-From": sender, "X-Kannel-To": "2440"},
        **{"X-Kannel-Time": "2026-11-26 00:33:05", "X-Kannel-SMSC": "fake", "X-Kannel-Coding": "0"},
    }
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    named |= {"CONTENT_TYPE": content_type}
    return {"path": PATH, "method": "POST", "data": text, "environ_overrides": named}


def read_post(*arguments: Any, **options: Any) -> Inbound:
    """Return what the channel reads from a posted message."""
    builder = EnvironBuilder(**post(*arguments, **options))
    return Channel(PathToken((TOKEN,))).receive(Request(builder.get_environ()))


# name -> (body, Content-Type, the text in it)
POSTED = {
    "ASCII": (b"POLSKI 4", UTF_8, "POLSKI 4"),
    "UCS-2 that Kannel recoded": ("ሰላም 🙏".encode(), UTF_8, "ሰላም 🙏"),
    "UCS-2, not recoded": (
        "ሰላም 🙏".encode("utf-16-be"),
        'text/plain; charset="UTF-16BE"',
        "ሰላም 🙏",
    ),
    "UCS-2 by its other name": ("سلام".encode("utf-16-be"), "text/plain; charset=UCS-2", "سلام"),
    "ISO-8859-1": ("på norsk".encode("latin-1"), "text/plain; charset=ISO-8859-1", "på norsk"),
    "WIN-1250": ("ąść".encode("cp1250"), "text/plain; charset=win-1250", "ąść"),
    "GSM": ("[€] Å æ ø @".encode("gsm03.38"), 'text/plain; charset="GSM"', "[€] Å æ ø @"),
    "as it is, not percent-decoded": (b"1+1 %41&a=b", UTF_8, "1+1 %41&a=b"),
    "blanks around": (b" hei \n", UTF_8, " hei \n"),
    "nothing": (b"", UTF_8, ""),
    "binary": (b"\x00\x01hei", BINARY, ""),
    "8-bit by its charset": (b"\x00\x01hei", "text/plain; charset=8-BIT", ""),
    "bytes that are not UTF-8": (b"hei \xff", UTF_8, "hei \ufffd"),
    "half a character of UCS-2": (
        b"\x06\x33\x06",
        'text/plain; charset="UTF-16BE"',
        "س\ufffd",
    ),
    "an unknown charset": ("zł".encode(), "text/plain; charset=KLINGON", "zł"),
    "a codec that is not a charset": (b"zz", "text/plain; charset=hex", "zz"),
    "a charset with an open quote": ("zł".encode(), 'text/plain; charset="UTF-8', "zł"),
    "no charset": ("zł".encode(), "text/plain", "zł"),
    "no type": ("zł".encode(), "", "zł"),
    "a type of nonsense": ("zł".encode(), "\xff;;=;charset", "zł"),
    "the type of a form": (b"text=hei", "application/x-www-form-urlencoded", "text=hei"),
    "the type of a form in parts": (b"--b", "multipart/form-data; boundary=b", "--b"),
}


@pytest.mark.parametrize(("body", "content_type", "text"), POSTED.values(), ids=POSTED)
def test_posted_text_is_decoded(body: bytes, content_type: str, text: str) -> None:
    """The body is the text, in the charset of Content-Type, with damage replaced."""
    assert read_post(body, content_type) == Inbound(SENDER, text)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-be", "gsm03.38"])
def test_posted_gsm_alphabet_is_decoded(codec: str) -> None:
    """Every character of GSM-7 arrives, in each charset that Kannel uses for it."""
    whole = "".join(SEPTETS)
    charset = {"utf-16-be": "UTF-16BE", "gsm03.38": "GSM"}.get(codec, "UTF-8")
    assert read_post(whole.encode(codec), f'text/plain; charset="{charset}"').text == whole


# how a centre writes it -> (how it is called, whether it is a person)
POSTED_BY = {
    "+4790000001": (SENDER, True),
    "004790000001": (SENDER, True),
    "4790000001": (SENDER, True),
    "+47 900-00-001": (SENDER, True),
    "90000001": ("90000001", True),
    "2440": ("2440", False),
    "Posten": ("Posten", False),
    "Hei, du": ("Hei", False),
    "47900\xc3\xa9": ("47900\xc3\xa9", False),
    # The header twice, as a server joins it.
    "+4790000001,2440": (SENDER, True),
    "2440,+4790000001": ("2440", False),
}


@pytest.mark.parametrize(("sender", "expected"), POSTED_BY.items(), ids=POSTED_BY)
def test_posted_sender_is_read(sender: str, expected: tuple[str, bool]) -> None:
    """X-Kannel-From is read as the field `from` is; of several the first counts."""
    message = read_post(sender=sender)
    assert (message.sender, message.is_person) == expected


def test_senders_without_number_share_no_conversation() -> None:
    """Without send-sender each posted message is answered, as that of somebody new."""
    first, second = read_post(sender=""), read_post(sender="")

    assert (first.is_person, second.is_person) == (True, True)
    assert first.sender != second.sender


def test_posted_fields_of_the_address_are_not_read(library: Library) -> None:
    """A sender or a text in the address of a POST counts for nothing."""
    builder = EnvironBuilder(**post(b"hei"), query_string=query(b"STOP", "4799999999"))
    message = Channel(PathToken((TOKEN,))).receive(Request(builder.get_environ()))
    assert message == Inbound(SENDER, "hei")


def line(
    library: Library, sessions: MemorySessionStore | None = None
) -> Callable[..., TestResponse]:
    """Return what sends a request to a line with this gateway."""
    channels = {"kannel_sms": Channel(PathToken((TOKEN,)))}
    app = build_app(channels, library, sessions or MemorySessionStore(), dict, lambda: TUESDAY)
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


@pytest.mark.parametrize(("body", "content_type", "_"), POSTED.values(), ids=POSTED)
@pytest.mark.parametrize("sender", ["+4790000001", "Posten", "", "\xff,\xfe"])
def test_post_with_the_token_is_answered(
    body: bytes, content_type: str, _: str, sender: str, library: Library
) -> None:
    """With the right token no text, charset or sender is an error."""
    answer = line(library)(**post(body, content_type, sender))

    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    is_machine = sender not in ("", "+4790000001")
    assert ("22331160" in re.sub(r"\s", "", answer.text)) != is_machine
    assert bool(answer.text) != is_machine


# what is sent -> (its arguments, the status)
NOT_KANNELS = {
    "a body larger than any text": (post(b"x" * (MAX_BODY_BYTES + 1)), 413),
    "a truncated body": (
        post() | {"environ_overrides": post()["environ_overrides"] | {"CONTENT_LENGTH": "9"}},
        400,
    ),
    "a wrong token": (post() | {"path": f"{PATH}0"}, 403),
    "no token": (post() | {"path": "/inbound/kannel_sms"}, 403),
    "PUT": (post() | {"method": "PUT"}, 405),
}


@pytest.mark.parametrize(("options", "status"), NOT_KANNELS.values(), ids=NOT_KANNELS)
def test_post_that_is_not_kannels_is_refused(
    options: dict[str, Any], status: int, library: Library
) -> None:
    """It is refused before the sessions are asked."""
    assert line(library, Untouched())(**options).status_code == status


def test_largest_posted_text_is_answered(library: Library) -> None:
    """A body of exactly the limit is read."""
    assert "112" in line(library)(**post(b"x" * MAX_BODY_BYTES)).text


def test_get_and_post_are_one_conversation(library: Library) -> None:
    """While Kannel is moved from get-url to post-url nobody's language is lost."""
    ask = line(library)
    ask(path=PATH, query_string=query(b"POLSKI"))
    by_post = ask(**post(b"4")).text
    assert by_post == ask(path=PATH, query_string=query(b"4")).text
    assert by_post.startswith("Praca")


STRANGERS: Mapping[str, dict[str, Any]] = {
    "a wrong token": {"path": "/inbound/kannel_sms/a-token-of-somebody-else-123"},
    "a token that begins rightly": {"path": PATH[:-1]},
    "a token and more": {"path": f"{PATH}0"},
    "a token in other letters": {"path": f"/inbound/kannel_sms/{TOKEN.upper()}"},
    "a token beyond ASCII": {"path": "/inbound/kannel_sms/é%FF%00"},
    "no token": {"path": "/inbound/kannel_sms"},
    "HEAD": {"path": PATH, "method": "HEAD"},
}


class Untouched(MemorySessionStore):
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
    answer = Channel(PathToken((TOKEN,))).deliver(Reply(text))

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
    with pytest.raises(ConfigurationError) as refused:
        Channel.from_environ({"KANNEL_TOKEN": token})

    assert [fault.place for fault in refused.value.problems] == ["KANNEL_TOKEN"]
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
    assert [shipped[f"reply-{name}"] for name in REPLIES] == [[library.fallback]] * 4


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
