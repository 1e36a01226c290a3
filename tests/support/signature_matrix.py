"""Signed and forged Twilio requests, and the status that each must get."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from rights_line.channels._channel import FORM
from rights_line.channels.twilio_sms import Channel
from rights_line.core import Inbound
from rights_line.core.library import Library
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from tests.support.clock import TUESDAY
from tests.support.twilio_phone import ENVIRON, PATH, PUBLIC_URL, SENDER, TOKEN, fields

Pairs = list[tuple[str, str]]
Forge = Callable[[Pairs], Pairs]
ACCOUNT = {"TWILIO_ACCOUNT_SID": f"AC{'0' * 32}"}
ROTATING = {"TWILIO_AUTH_TOKEN": "the old token, the new token"}
EVIL = "https://evil.example"
# The fields that the channel reads, each required exactly once; it ignores the others.
READ = ("AccountSid", "Body", "From", "MessageSid", "To")
HIDDEN = {"From": "whatsapp:NO.1a2B3c", "To": "whatsapp:+4759440000", "WaId": "1a2B3c"}


class Recording(Channel):
    """The channel, which records the messages that it reads."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.read: list[Inbound] = []

    def receive(self, request: Any) -> Inbound:
        self.read.append(super().receive(request))
        return self.read[-1]


class Line:
    """A line whose channel records, and whose sessions count what is asked of them."""

    def __init__(self, library: Library, environ: Mapping[str, str]) -> None:
        channel = Recording.from_environ({**ENVIRON, **environ})
        self.read = channel.read
        self.sessions = Mock(wraps=MemorySessionStore())
        channels = {"twilio_sms": channel}
        app = build_app(channels, library, self.sessions, dict, lambda: TUESDAY)
        self.client = app.test_client()

    def send(self, target: str, data: str, **options: Any) -> TestResponse:
        """Send a request whose raw path and query are exactly the target."""
        raw = {"RAW_URI": target, "REQUEST_URI": target} | options.pop("environ_overrides", {})
        return self.client.open(target, data=data, environ_overrides=raw, **options)


@dataclass(frozen=True)
class Case:
    """A request: the signed fields, the fields sent instead, and the expected status."""

    status: int = 403
    fields: Mapping[str, str] = field(default_factory=dict)
    signed: Forge = list  # changes the fields before they are signed
    forged: Forge = list  # changes them afterwards
    target: str = PATH
    signs: str = ""  # the signed address; empty: the correct one
    token: str = TOKEN
    algorithm: str = "HMAC_SHA1"
    headers: Mapping[str, str | None] = field(default_factory=dict)  # None: not sent
    host: str = "line.example.org"
    method: str = "POST"
    content_type: str = FORM
    encode: Callable[[Pairs], str] = urlencode
    environ: Mapping[str, str] = field(default_factory=dict)
    machine: bool = False
    stop: bool = False

    def send(self, line: Line) -> tuple[TestResponse, dict[str, str]]:
        """Send the request; return the response and the fields as signed."""
        pairs = self.signed(list(fields("POLSKI", **self.fields).items()))
        address = self.signs or PUBLIC_URL + self.target
        signature = RequestValidator(self.token).compute_signature(
            address, MultiDict(pairs), self.algorithm
        )
        headers = {"X-Twilio-Signature": signature, **self.headers}
        answer = line.send(
            self.target,
            self.encode(self.forged(pairs)),
            method=self.method,
            content_type=self.content_type,
            headers={name: value for name, value in headers.items() if value is not None},
            environ_overrides={"HTTP_HOST": self.host},
        )
        return answer, dict(pairs)


def genuine(**options: Any) -> Case:
    """Return a case that must get a reply."""
    return Case(200, **options)


def put(name: str, value: str) -> Forge:
    """Return a change that gives a field another value."""
    return lambda pairs: [(n, value if n == name else v) for n, v in pairs]


def without(name: str) -> Forge:
    """Return a change that removes a field."""
    return lambda pairs: [(n, v) for n, v in pairs if n != name]


def more(name: str, value: str) -> Forge:
    """Return a change that adds a field."""
    return lambda pairs: [*pairs, (name, value)]


def doubled(name: str) -> Forge:
    """Return a change that repeats a field with the same value."""
    return lambda pairs: [*pairs, *[(n, v) for n, v in pairs if n == name]]


def nothing(pairs: Pairs) -> str:
    """Return an empty body."""
    return ""


def multipart(pairs: Pairs) -> str:
    """Return the fields as multipart/form-data with the boundary `b`."""
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return "".join(part.format(name, value) for name, value in pairs) + "--b--\r\n"


GENUINE = {
    "an SMS": genuine(),
    "a WhatsApp message": genuine(
        fields={
            "From": f"whatsapp:{SENDER}",
            "To": "whatsapp:+4759440000",
            "ProfileName": "Zoë Ă 🌻",
        }
    ),
    "a WhatsApp message with the number hidden": genuine(fields=HIDDEN),
    "an MMS without text": genuine(
        fields={
            "MessageSid": f"MM{'0' * 32}",
            "Body": "",
            "NumMedia": "1",
            "MediaUrl0": "https://a",
        }
    ),
    "white space around the text": genuine(fields={"Body": " \t POLSKI \r\n"}),
    "a text in other scripts": genuine(fields={"Body": "مرحبا ሰላም 🌻 & + % = é"}),
    "a field Twilio adds tomorrow": genuine(signed=more("NewThing", "1")),
    "another country's number": genuine(fields={"From": "+12025550123"}),
    "a short code": genuine(fields={"From": "26112"}, machine=True),
    "a name": genuine(fields={"From": "Posten"}, machine=True),
    **{
        f"a name with other signs, {name}": genuine(fields={"From": name}, machine=True)
        for name in ("McDonald's", "A-1 & B._+c", "Δήμος", "+47 Nav")
    },
    "STOP": genuine(fields={"Body": "STOP", "OptOutType": "STOP"}, stop=True),
    "STOP in words of their own": genuine(fields={"OptOutType": "STOP"}, stop=True),
    "HELP": genuine(fields={"Body": "HELP", "OptOutType": "HELP"}),
    "START": genuine(fields={"Body": "START", "OptOutType": "START"}),
    "the field's name and STOP in the text": genuine(fields={"Body": "OptOutTypeSTOP ratunku"}),
    "a query with all of them, and no value": genuine(target=f"{PATH}?%27+%c3%a9&b&c="),
    "a path with a character written as %5F": genuine(target="/inbound/twilio%5Fsms"),
    "the port in our address and in what is signed": genuine(
        environ={"RIGHTS_LINE_PUBLIC_URL": f"{PUBLIC_URL}:443"}, signs=f"{PUBLIC_URL}:443{PATH}"
    ),
    "a path in our address": genuine(
        environ={"RIGHTS_LINE_PUBLIC_URL": f"{EVIL}/line"}, signs=f"{EVIL}/line{PATH}"
    ),
    "Forwarded and the rest forged": genuine(
        headers={
            **{"Forwarded": "host=evil.example;proto=http", "X-Forwarded-Prefix": "/evil"},
            **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
        }
    ),
    "Host forged": genuine(host="evil.example"),
    "no Host": genuine(host=""),
    "the old token": genuine(environ=ROTATING, token="the old token"),
    "the new token": genuine(environ=ROTATING, token="the new token"),
    "our account": genuine(environ=ACCOUNT),
    "a charset in the content type": genuine(content_type=f"{FORM}; charset=UTF-8"),
}
FORGED = {
    "a field added": Case(forged=more("OptOutType", "STOP")),
    **{
        f"a field of the name {name!r}, signed": Case(signed=more(name, "1"))
        for name in ("flow_Sid", "_Sid", "F_Sid", "Flow Sid", "Flow-Sid", "Tag_", "A_b\n", "Flöte")
    },
    "a field of no name added": Case(forged=more("", "1")),
    "no body at all": Case(encode=nothing),
    "no signature": Case(headers={"X-Twilio-Signature": None}),
    "an empty signature": Case(headers={"X-Twilio-Signature": ""}),
    "a signature of 1 MB": Case(headers={"X-Twilio-Signature": "A" * 1_000_000}),
    "a signature beyond ASCII": Case(headers={"X-Twilio-Signature": "é" * 28}),
    "somebody else's token": Case(token="another token"),
    "neither of the rotating tokens": Case(environ=ROTATING),
    "another host, forged everywhere": Case(
        signs=EVIL + PATH,
        host="evil.example",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    ),
    "a slash more than was signed": Case(404, target=f"{PATH}/", signs=PUBLIC_URL + PATH),
    "a slash at the end, signed": Case(404, target=f"{PATH}/"),
    "a query more than was signed": Case(target=f"{PATH}?a=b", signs=PUBLIC_URL + PATH),
    "a query less than was signed": Case(signs=f"{PUBLIC_URL}{PATH}?a=b"),
    "%27 signed, ' sent": Case(target=f"{PATH}?a='", signs=f"{PUBLIC_URL}{PATH}?a=%27"),
    "a path written otherwise than was signed": Case(
        target="/inbound/twilio%5Fsms", signs=PUBLIC_URL + PATH
    ),
    "a whole address as the target": Case(target=EVIL + PATH, signs=PUBLIC_URL + EVIL + PATH),
    "a token in the path": Case(target=f"{PATH}/{TOKEN.replace(' ', '')}"),
    "JSON": Case(content_type="application/json", encode=lambda pairs: json.dumps(dict(pairs))),
    "JSON with its hash": Case(
        content_type="application/json",
        encode=lambda pairs: "{}",
        target=f"{PATH}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}",
        signed=lambda pairs: [],
    ),
    "multipart, with the very fields that are signed": Case(
        content_type="multipart/form-data; boundary=b", encode=multipart
    ),
    "a form as plain text": Case(content_type="text/plain"),
    "GET, signed, with the fields in the query": Case(
        method="GET",
        target=f"{PATH}?{urlencode(fields('POLSKI'))}",
        signed=lambda pairs: [],
        encode=nothing,
    ),
    "GET with a form": Case(method="GET"),
    "PUT": Case(405, method="PUT"),
    "a signature made with SHA-256": Case(
        algorithm="HMAC_SHA256",
        headers={"X-Twilio-Webhooks-Signature-Settings": "key=1,algorithm=HMAC_SHA256"},
    ),
    "another account": Case(environ=ACCOUNT, fields={"AccountSid": f"AC{'1' * 32}"}),
    "no account": Case(environ=ACCOUNT, signed=without("AccountSid")),
    "an opt-out twice": Case(fields={"OptOutType": "STOP"}, forged=doubled("OptOutType")),
    "an account twice": Case(environ=ACCOUNT, signed=more("AccountSid", f"AC{'1' * 32}")),
}
# Signed correctly, so that only the format is wrong.
MISSHAPEN = {
    f"{name} is {value!r}": Case(fields={name: value})
    for name, values in {
        "MessageSid": (
            *("", "SM", f"SM{'0' * 31}", f"SM{'0' * 33}", f"SM{'A' * 32}", f"XX{'0' * 32}"),
            *(f"SM{'0' * 32}\n", f" SM{'0' * 32}", f"SM{'0' * 32},SM{'0' * 32}"),
        ),
        "From": (
            *("", "+", "+47", "+0790000001", "+47 90000001", f"{SENDER}\n", f"+{'1' * 16}", "1"),
            *("123456789", "whatsapp:", "whatsapp:+", "whatsapp:90000001", "whatsapp:NO."),
            *("whatsapp:N", f"{SENDER}\0", "Nav\n", "Nav\t", "Nav\x85", "12-34", "_", "''"),
            *("whatsapp:no.1a", f"whatsapp:NO.{'1' * 129}", "sip:a@example.org", "TwelveLetter"),
        ),
        "To": ("", "+47", "59440000000", f"{SENDER},{SENDER}", "whatsapp:", "client:somebody"),
    }.items()
    for value in values
} | {f"no {name}": Case(signed=without(name)) for name in READ if name != "AccountSid"}
# Each field that Twilio sends, with every change to it after signing.
TAMPERED = {
    f"{name} {how}": Case(status, forged=forge, environ=ACCOUNT)
    for name, value in fields("POLSKI").items()
    for how, status, forge in (
        ("changed", 403, put(name, f"{value}1")),
        ("removed", 403, without(name)),
        ("blanked", 403 if value else 200, put(name, "")),
        ("twice, with another value", 403, more(name, f"{value}1")),
        # Twilio's validator accepts this; harmless for the fields that the channel ignores.
        ("twice, with the same value", 403 if name in READ else 200, doubled(name)),
    )
}
MATRIX = GENUINE | FORGED | MISSHAPEN | TAMPERED


def resplits(form: Mapping[str, str]) -> Iterator[tuple[str, Pairs]]:
    """Yield other requests with the same signed string: a suffix of the address, and fields.

    Twilio signs names and values, sorted by name, in one string without separators.
    """
    signed = sorted(form.items())
    for at, (name, value) in enumerate(signed):
        before, after, whole = signed[:at], signed[at + 1 :], name + value
        yield from (("", [*signed, *[(name, value)] * times]) for times in (1, 2))
        for cut in range(1, len(whole) + 1):
            head, tail = whole[:cut], whole[cut:]
            yield "", [*before, (head, tail), *after]
            rest = [(tail, ""), *after] if tail else after
            yield "".join(n + v for n, v in before) + head, rest
            if len(name) <= cut < len(whole):
                yield "", [*before, (name, head[len(name) :]), (tail, ""), *after]
                yield "", [*before, (name, head[len(name) :]), (tail[:1], tail[1:]), *after]
        for end in range(at + 2, len(signed) + 1):
            swallowed = "".join(n + v for n, v in signed[at + 1 : end])
            yield "", [*before, (name, value + swallowed), *signed[end:]]
        if after:
            (following, its_value), *rest = after
            for cut in range(1, len(following)):
                longer = (name, value + following[:cut])
                yield "", [*before, longer, (following[cut:], its_value), *rest]
            for cut in range(len(value)):
                lent = (value[cut:] + following, its_value)
                yield "", [*before, (name, value[:cut]), lent, *rest]
