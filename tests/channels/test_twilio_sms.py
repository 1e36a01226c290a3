"""Twilio's gateway takes what Twilio signed, as Twilio wrote it, and nothing else."""

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from rights_line.channels._twilio import FORM, TwilioSignature
from rights_line.channels.twilio_sms import Channel, twiml
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.errors import ConfigurationError, Unauthenticated
from rights_line.sessions import Session
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from tests.conftest import TUESDAY
from tests.support.twilio_phone import (
    ENVIRON,
    HER,
    PATH,
    PUBLIC_URL,
    TOKEN,
    fields,
    plain,
    said,
    signature,
)

Pairs = list[tuple[str, str]]
Forge = Callable[[Pairs], Pairs]

ACCOUNT = {"TWILIO_ACCOUNT_SID": f"AC{'0' * 32}"}
ROTATING = {"TWILIO_AUTH_TOKEN": "the old token, the new token"}
EVIL = "https://evil.example"
# What the gateway reads, and so must be there once; other fields are none of its business.
READ = ("AccountSid", "Body", "From", "MessageSid", "To")
HIDDEN = {"From": "whatsapp:NO.1a2B3c", "To": "whatsapp:+4759440000", "WaId": "1a2B3c"}


class Recording(Channel):
    """The gateway, with what it read."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.read: list[Inbound] = []

    def receive(self, request: Any) -> Inbound:
        message = super().receive(request)
        self.read.append(message)
        return message


class Asked(MemorySessionStore):
    """A memory, with how often it was asked for somebody's tag."""

    asked = 0

    def load(self, channel: str, sender: str, counts: bool = True) -> Session:
        self.asked += 1
        return super().load(channel, sender, counts)


class Line:
    """The line as a gateway sees it, with what came through."""

    def __init__(self, library: Library, environ: Mapping[str, str]) -> None:
        gateway = Recording.from_environ({**ENVIRON, **environ})
        self.read = gateway.read
        self.sessions = Asked()
        channels = {"twilio_sms": gateway}
        self.client = build_app(
            channels, library, self.sessions, dict, lambda: TUESDAY
        ).test_client()

    def send(self, target: str, data: str, **options: Any) -> TestResponse:
        """Send a request whose raw path and query are the target, to the letter."""
        raw = {"RAW_URI": target, "REQUEST_URI": target} | options.pop("environ_overrides", {})
        return self.client.open(target, data=data, environ_overrides=raw, **options)


@dataclass(frozen=True)
class Case:
    """A request: what Twilio would sign, what is sent instead, and what must come of it."""

    status: int = 403
    fields: Mapping[str, str] = field(default_factory=dict)
    signed: Forge = list  # what is done to the fields before they are signed
    forged: Forge = list  # what is done to them afterwards
    target: str = PATH
    signs: str = ""  # the address that is signed; empty: the right one
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
        """Send it; return the answer, and the fields as they were signed."""
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
    """Return a case that must be answered."""
    return Case(200, **options)


def put(name: str, value: str) -> Forge:
    """Return what gives a field another value."""
    return lambda pairs: [(n, value if n == name else v) for n, v in pairs]


def without(name: str) -> Forge:
    """Return what leaves a field out."""
    return lambda pairs: [(n, v) for n, v in pairs if n != name]


def more(name: str, value: str) -> Forge:
    """Return what adds a field."""
    return lambda pairs: [*pairs, (name, value)]


def doubled(name: str) -> Forge:
    """Return what sends a field twice, with the same value."""
    return lambda pairs: [*pairs, *[(n, v) for n, v in pairs if n == name]]


def nothing(pairs: Pairs) -> str:
    """Return an empty body."""
    return ""


def json_of(pairs: Pairs) -> str:
    """Return the fields as JSON."""
    return json.dumps(dict(pairs))


def multipart(pairs: Pairs) -> str:
    """Return the fields as multipart/form-data with the boundary `b`."""
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return "".join(part.format(name, value) for name, value in pairs) + "--b--\r\n"


GENUINE = {
    "an SMS": genuine(),
    "a WhatsApp message": genuine(
        fields={"From": f"whatsapp:{HER}", "To": "whatsapp:+4759440000", "ProfileName": "Zoë Ă 🌻"}
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
    "the longest text": genuine(fields={"Body": "ሀ" * 1600}),
    "a field Twilio adds tomorrow": genuine(signed=more("NewThing", "1")),
    "another country's number": genuine(fields={"From": "+12025550123"}),
    "a short code": genuine(fields={"From": "26112"}, machine=True),
    "a short code as receiver": genuine(fields={"To": "2440"}),
    "a name": genuine(fields={"From": "Posten"}, machine=True),
    "a name of eleven with digits and signs": genuine(fields={"From": "A-1 & B._+c"}, machine=True),
    **{
        f"a name with other signs, {name}": genuine(fields={"From": name}, machine=True)
        for name in ("McDonald's", "Nav/UDI:1", "Bolt!", "Råd@hjelp", "Δήμος", "(A)", "+47 Nav")
    },
    "a name as receiver": genuine(fields={"To": "Nav/UDI:1"}),
    **{
        f"a field of the name {name}": genuine(signed=more(name, "1"))
        for name in ("Flow_Sid", "Media_Url_0", "SipHeader_X-Trace-Id", "Param2_a")
    },
    "STOP": genuine(fields={"Body": "STOP", "OptOutType": "STOP"}, stop=True),
    "STOP in words of her own": genuine(fields={"OptOutType": "STOP"}, stop=True),
    "HELP": genuine(fields={"Body": "HELP", "OptOutType": "HELP"}),
    "START": genuine(fields={"Body": "START", "OptOutType": "START"}),
    "an opt-out of a kind not known yet": genuine(fields={"OptOutType": "PAUSE"}),
    "the field's name and STOP in the text": genuine(fields={"Body": "OptOutTypeSTOP ratunku"}),
    "the field's name and STOP in another field": genuine(fields={"ProfileName": "OptOutTypeSTOP"}),
    "a query": genuine(target=f"{PATH}?campaign=1"),
    "a query with %27": genuine(target=f"{PATH}?a=%27"),
    "a query with +": genuine(target=f"{PATH}?a=b+c"),
    "a query with %C3%A9": genuine(target=f"{PATH}?a=%C3%A9"),
    "a query with all of them, and no value": genuine(target=f"{PATH}?%27+%c3%a9&b&c="),
    "a path with a character written as %5F": genuine(target="/inbound/twilio%5Fsms"),
    "the port in our address": genuine(
        environ={"RIGHTS_LINE_PUBLIC_URL": f"{PUBLIC_URL}:443"}, signs=PUBLIC_URL + PATH
    ),
    "the port in our address and in what is signed": genuine(
        environ={"RIGHTS_LINE_PUBLIC_URL": f"{PUBLIC_URL}:443"}, signs=f"{PUBLIC_URL}:443{PATH}"
    ),
    "the port in what is signed": genuine(signs=f"{PUBLIC_URL}:443{PATH}"),
    "a path in our address": genuine(
        environ={"RIGHTS_LINE_PUBLIC_URL": f"{EVIL}/line"}, signs=f"{EVIL}/line{PATH}"
    ),
    "X-Forwarded-Host forged": genuine(headers={"X-Forwarded-Host": "evil.example"}),
    "X-Forwarded-Proto forged": genuine(headers={"X-Forwarded-Proto": "http"}),
    "Forwarded and the rest forged": genuine(
        headers={"Forwarded": "host=evil.example;proto=http", "X-Forwarded-Prefix": "/evil"}
    ),
    "Host forged": genuine(host="evil.example"),
    "Host x:99999": genuine(host="x:99999"),
    "Host [": genuine(host="["),
    "no Host": genuine(host=""),
    "the old token": genuine(environ=ROTATING, token="the old token"),
    "the new token": genuine(environ=ROTATING, token="the new token"),
    "our account": genuine(environ=ACCOUNT),
    "a charset in the content type": genuine(content_type=f"{FORM}; charset=UTF-8"),
    "a header about other signatures": genuine(
        headers={"X-Twilio-Webhooks-Signature-Settings": "key=1,algorithm=HMAC_SHA256"}
    ),
}

FORGED = {
    "a field added": Case(forged=more("OptOutType", "STOP")),
    **{
        f"a field of the name {name!r}, signed": Case(signed=more(name, "1"))
        for name in ("flow_Sid", "_Sid", "F_Sid", "Flow Sid", "Flow-Sid", "Tag_", "A_b\n", "Flöte")
    },
    "a field of no name added": Case(forged=more("", "1")),
    "white space added to the text": Case(forged=put("Body", "POLSKI ")),
    "white space taken from the text": Case(
        signed=put("Body", " POLSKI"), forged=put("Body", "POLSKI")
    ),
    "no body at all": Case(encode=nothing),
    "no signature": Case(headers={"X-Twilio-Signature": None}),
    "an empty signature": Case(headers={"X-Twilio-Signature": ""}),
    "a signature of 1 MB": Case(headers={"X-Twilio-Signature": "A" * 1_000_000}),
    "a signature beyond ASCII": Case(headers={"X-Twilio-Signature": "é" * 28}),
    "a signature of the right length": Case(headers={"X-Twilio-Signature": "A" * 27 + "="}),
    "somebody else's token": Case(token="another token"),
    "an empty token": Case(token=""),
    "neither of the rotating tokens": Case(environ=ROTATING),
    "both rotating tokens as one": Case(environ=ROTATING, token=ROTATING["TWILIO_AUTH_TOKEN"]),
    "http instead of https": Case(signs=f"http://line.example.org{PATH}"),
    "another port": Case(signs=f"{PUBLIC_URL}:8443{PATH}"),
    "another host, forged everywhere": Case(
        signs=EVIL + PATH,
        host="evil.example",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    ),
    "a slash more than was signed": Case(404, target=f"{PATH}/", signs=PUBLIC_URL + PATH),
    "a slash at the end, signed": Case(404, target=f"{PATH}/"),
    "a slash only in what was signed": Case(signs=f"{PUBLIC_URL}{PATH}/"),
    "a query more than was signed": Case(target=f"{PATH}?a=b", signs=PUBLIC_URL + PATH),
    "a query less than was signed": Case(signs=f"{PUBLIC_URL}{PATH}?a=b"),
    "%27 signed, ' sent": Case(target=f"{PATH}?a='", signs=f"{PUBLIC_URL}{PATH}?a=%27"),
    "+ signed, %20 sent": Case(target=f"{PATH}?a=%20", signs=f"{PUBLIC_URL}{PATH}?a=+"),
    "%C3%A9 signed, %c3%a9 sent": Case(
        target=f"{PATH}?a=%c3%a9", signs=f"{PUBLIC_URL}{PATH}?a=%C3%A9"
    ),
    "a path written otherwise than was signed": Case(
        target="/inbound/twilio%5Fsms", signs=PUBLIC_URL + PATH
    ),
    "a fragment": Case(target=f"{PATH}#a", signs=PUBLIC_URL + PATH),
    "a whole address as the target": Case(target=EVIL + PATH, signs=PUBLIC_URL + EVIL + PATH),
    "a token in the path": Case(target=f"{PATH}/{TOKEN.replace(' ', '')}"),
    "JSON": Case(content_type="application/json", encode=json_of),
    "JSON with its hash": Case(
        content_type="application/json",
        encode=lambda pairs: "{}",
        target=f"{PATH}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}",
        signed=lambda pairs: [],
    ),
    "JSON with another's hash": Case(
        content_type="application/json",
        encode=json_of,
        target=f"{PATH}?bodySHA256={'0' * 64}",
        signed=lambda pairs: [],
    ),
    "multipart, with the very fields that are signed": Case(
        content_type="multipart/form-data; boundary=b", encode=multipart
    ),
    "multipart by its type only": Case(content_type="multipart/form-data"),
    "a form as plain text": Case(content_type="text/plain"),
    "a form of no type": Case(content_type=""),
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
    "an opt-out of two kinds": Case(
        fields={"OptOutType": "STOP"}, signed=more("OptOutType", "HELP")
    ),
    "an account twice": Case(environ=ACCOUNT, signed=more("AccountSid", f"AC{'1' * 32}")),
}

# Signed, so that only its shape is wrong.
MISSHAPEN = {
    f"{name} is {value!r}": Case(fields={name: value})
    for name, values in {
        "MessageSid": (
            *("", "SM", f"SM{'0' * 31}", f"SM{'0' * 33}", f"SM{'A' * 32}", f"XX{'0' * 32}"),
            *(f"SM{'0' * 32}\n", f" SM{'0' * 32}", f"SM{'0' * 32},SM{'0' * 32}"),
        ),
        "From": (
            *("", "+", "+47", "+0790000001", "+47 90000001", f"{HER}\n", f"+{'1' * 16}", "1"),
            *("123456789", "whatsapp:", "whatsapp:+", "whatsapp:90000001", "whatsapp:NO."),
            *("whatsapp:N", f"{HER}\0", "Nav\n", "Nav\t", "Nav\x85", "12-34", "_", "''"),
            *("whatsapp:no.1a", f"whatsapp:NO.{'1' * 129}", "sip:a@example.org", "TwelveLetter"),
        ),
        "To": ("", "+47", "59440000000", f"{HER},{HER}", "whatsapp:", "client:somebody"),
    }.items()
    for value in values
} | {f"no {name}": Case(signed=without(name)) for name in READ if name != "AccountSid"}

# Each field Twilio sends, and all that can be done to it once it is signed.
TAMPERED = {
    f"{name} {how}": Case(status, forged=forge, environ=ACCOUNT)
    for name, value in fields("POLSKI").items()
    for how, status, forge in (
        ("changed", 403, put(name, f"{value}1")),
        ("removed", 403, without(name)),
        ("blanked", 403 if value else 200, put(name, "")),
        ("twice, with another value", 403, more(name, f"{value}1")),
        # Twilio's validator lets it pass; nobody reads the others, so that nothing comes of it.
        ("twice, with the same value", 403 if name in READ else 200, doubled(name)),
    )
}

MATRIX = GENUINE | FORGED | MISSHAPEN | TAMPERED


@pytest.mark.parametrize("case", MATRIX.values(), ids=MATRIX)
def test_the_signature_matrix(case: Case, library: Library) -> None:
    """What is genuine is read to the letter; what is not gets no further than the signature."""
    line = Line(library, case.environ)

    answer, signed = case.send(line)

    assert answer.status_code == case.status
    if case.status != 200:
        assert (answer.data == b"") == (case.status == 403)
        assert (line.read, line.sessions.asked) == ([], 0)
        return
    silent = case.machine or case.stop
    chats = signed["From"].startswith("whatsapp:")
    medium = Medium.CHAT if chats else Medium.SMS
    read = Inbound(signed["From"], signed["Body"], case.stop, not case.machine, medium)
    assert line.read == [read]
    assert answer.content_type == "text/xml; charset=utf-8"
    assert ("112" in plain(said(answer.data)), said(answer.data) == "") == (not silent, silent)


@pytest.mark.parametrize("body", ["OptOutTypeSTOP ratunku", "ratunku OptOutTypeSTOP"])
def test_opt_out_name_in_text_does_not_silence_an_emergency(body: str, library: Library) -> None:
    """OptOutType is a field; its name in a text is part of the text."""
    answers = [Case(fields={"Body": text}).send(Line(library, {}))[0] for text in ("ratunku", body)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert said(answers[1].data) == said(answers[0].data) != ""


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
def test_the_address_that_was_signed_has_one_of_two_names(name: str, library: Library) -> None:
    """gunicorn gives it one, other servers the other: a person must be heard by either."""
    line, form = Line(library, {}), fields("POLSKI")
    answer = line.send(
        PATH,
        urlencode(form),
        method="POST",
        content_type=FORM,
        headers={"X-Twilio-Signature": signature(form)},
        environ_overrides={"RAW_URI": "", "REQUEST_URI": "", name: PATH},
    )
    assert answer.status_code == 200
    assert [message.text for message in line.read] == ["POLSKI"]


BASES = (PUBLIC_URL, f"{PUBLIC_URL}:8443", f"{EVIL}/a;b")
# What may stand behind an address: some of it an address is rid of, before it is signed.
ENDS = (
    *("", "?", "#", ";", "??", "?a", "?a=b", "?a?", "?#", "?#a", "?a#", "#a", "#a?", ";?", ";a"),
    *(";a?b", "?;", "?a;", "/", "//", "/?", "/..", "?%3F", "?bodySHA256=0", "?a=b&bodySHA256"),
    *("\xa0", "?\x85", "?\t", "\n", " ", "?a ", "\x00", "?é", "?ı", "/[", "?a@b"),
)


@pytest.mark.parametrize("base", BASES)
def test_what_is_accepted_is_what_twilio_accepts(base: str) -> None:
    """Of all ways to write what is called, and to write what is signed, the very same."""
    ours = Channel.from_environ({**ENVIRON, "RIGHTS_LINE_PUBLIC_URL": base})
    theirs, form = RequestValidator(TOKEN), fields("hei")
    hosts = {base, *(f"{PUBLIC_URL}{port}" for port in ("", ":443"))}
    signatures = [
        theirs.compute_signature(f"{host}{PATH}{end}", form) for host in hosts for end in ENDS
    ]
    accepted = 0
    for end, signed in itertools.product(ENDS, signatures):
        request: Any = SimpleNamespace(
            method="POST",
            mimetype=FORM,
            form=MultiDict(form),
            headers={"X-Twilio-Signature": signed},
            environ={"RAW_URI": PATH + end},
        )
        is_right = theirs.validate(base + PATH + end, MultiDict(form), signed)
        with nullcontext() if is_right else pytest.raises(Unauthenticated):
            ours.authenticate(request, "")
        accepted += is_right
    assert accepted >= len(ENDS)


def account(address: str = PUBLIC_URL) -> TwilioSignature:
    """Return an account whose address was not looked at."""
    return TwilioSignature((RequestValidator(TOKEN),), address, "")


@pytest.mark.parametrize("address", ["https://line.example.org:99999", "https://["])
def test_what_the_validator_cannot_read_is_refused(address: str) -> None:
    """Twilio's validator raises on some addresses: that is a refusal, and no other error."""
    builder = EnvironBuilder(PATH, method="POST", content_type=FORM, data=urlencode(fields("hei")))

    with pytest.raises(Unauthenticated):
        Channel(account(address)).authenticate(Request(builder.get_environ()), "")


def resplits(form: Mapping[str, str]) -> Iterator[tuple[str, Pairs]]:
    """Yield what else the fields can be taken for: what goes to the path or query, and fields.

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


SMS = fields("hei, jeg trenger hjelp med lonn og bolig")
RESPLIT = {
    "an SMS": (SMS, PATH, ACCOUNT),
    "an SMS to an address with a query": (SMS, f"{PATH}?a=b", ACCOUNT),
    "an SMS to whatever account": (SMS, f"{PATH}?a=b", {}),
    "a WhatsApp message": (fields("41", f"whatsapp:{HER}", ProfileName="Ana"), PATH, ACCOUNT),
    # Capitals that sort after Body and before From make a name of the end of the text.
    "a text with capitals": (fields("41 Every Day Call"), PATH, ACCOUNT),
    "a text with capitals and underscores": (fields("41 Every_Day_ Call_me-now"), PATH, ACCOUNT),
    "a name": (fields("41", "Nav/UDI:1"), PATH, ACCOUNT),
    "a name of two": (fields("41", "NavUDI"), PATH, ACCOUNT),
    "a name with an underscore": (fields("41", "A_B_Cd_ef"), PATH, ACCOUNT),
    "a short number": (fields("41", "+4712345"), PATH, ACCOUNT),
    "a field with an underscore": (fields("41", Flow_Sid="Aa_b", Body_Part="C_d"), PATH, ACCOUNT),
    # The text swallows a field that sorts after it; an id of letters does, too.
    "a WhatsApp message with more fields": (
        fields("41", **HIDDEN, ChannelMetadata="{}"),
        PATH,
        ACCOUNT,
    ),
    # The field before it swallows it: the forger gets an answer, and nobody else does.
    "STOP": (fields("stopp det", OptOutType="STOP"), PATH, ACCOUNT),
}


def is_cut_or_grown(read: Inbound, original: Inbound) -> bool:
    """Whether a message was changed only in the ways that the module's docstring allows.

    The text may be cut off, a following field may be appended to the text or the sender, and an
    opt-out may be hidden, but never added. A machine may become another: none is answered.
    """
    return (
        read.is_person == original.is_person
        and read.opted_out <= original.opted_out
        and (read.sender.startswith(original.sender) or not read.is_person)
        and (original.text.startswith(read.text) or read.text.startswith(original.text))
    )


@pytest.mark.parametrize(("form", "target", "environ"), RESPLIT.values(), ids=RESPLIT)
def test_a_signed_request_split_anew_is_no_other_message(
    form: dict[str, str], target: str, environ: dict[str, str], library: Library
) -> None:
    """However a signed string is split anew, it is refused, or was split where nobody reads."""
    line = Line(library, environ)
    validator = RequestValidator(TOKEN)
    signature = validator.compute_signature(PUBLIC_URL + target, form)
    is_person = form["From"].startswith(("+", "whatsapp:"))
    original = Inbound(form["From"], form["Body"], "OptOutType" in form, is_person)
    others: list[tuple[int, str, Pairs]] = []
    refused = 0

    for lead, pairs in resplits(form):
        forged = target + lead
        # What Twilio's own validator would refuse proves nothing about us.
        if not validator.validate(PUBLIC_URL + forged, MultiDict(pairs), signature):
            continue
        answer = line.send(
            forged,
            urlencode(pairs),
            method="POST",
            content_type=FORM,
            headers={"X-Twilio-Signature": signature},
        )
        refused += answer.status_code in (403, 404)
        harmless = not line.read or is_cut_or_grown(line.read[-1], original)
        if answer.status_code not in (200, 403, 404) or not harmless:
            others.append((answer.status_code, forged, sorted(set(pairs) - set(form.items()))))
            line.read.clear()

    assert others == []
    assert refused >= 300


UNABLE = {
    "nothing": ({}, {"TWILIO_AUTH_TOKEN", "RIGHTS_LINE_PUBLIC_URL"}),
    "no token": ({"RIGHTS_LINE_PUBLIC_URL": PUBLIC_URL}, {"TWILIO_AUTH_TOKEN"}),
    "an empty token": (ENVIRON | {"TWILIO_AUTH_TOKEN": ""}, {"TWILIO_AUTH_TOKEN"}),
    "no address": ({"TWILIO_AUTH_TOKEN": TOKEN}, {"RIGHTS_LINE_PUBLIC_URL"}),
    "no token and a bad address": (
        {"RIGHTS_LINE_PUBLIC_URL": "line.example.org"},
        {"TWILIO_AUTH_TOKEN", "RIGHTS_LINE_PUBLIC_URL"},
    ),
    **{
        f"the address {url!r}": (
            ENVIRON | {"RIGHTS_LINE_PUBLIC_URL": url},
            {"RIGHTS_LINE_PUBLIC_URL"},
        )
        for url in (
            *("https://", "https:///line", "ftp://line.example.org", "line.example.org"),
            *(f"{PUBLIC_URL}/", f"{PUBLIC_URL}/line/", f"{PUBLIC_URL}?a", f"{PUBLIC_URL}#a"),
            # Nothing signed with these can ever be right: each message would be met with silence.
            *(f"{PUBLIC_URL}:0", f"{PUBLIC_URL}:99999", "https://[", f"{PUBLIC_URL} "),
            "https://user:password@line.example.org",
        )
    },
    **{
        f"the token {token!r}": (ENVIRON | {"TWILIO_AUTH_TOKEN": token}, {"TWILIO_AUTH_TOKEN"})
        for token in (" ", ",", " , ")
    },
    "an account that is none": (
        ENVIRON | {"TWILIO_ACCOUNT_SID": "AC123"},
        {"TWILIO_ACCOUNT_SID"},
    ),
}


@pytest.mark.parametrize(("environ", "places"), UNABLE.values(), ids=UNABLE)
def test_what_could_never_answer_does_not_start(environ: dict[str, str], places: set[str]) -> None:
    """Variables with which every genuine message would be refused are named, all at once."""
    with pytest.raises(ConfigurationError) as refused:
        Channel.from_environ(environ)

    assert {fault.place for fault in refused.value.problems} == places
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["Call 112.\nROSA", "a & b < c > d \"e\" 'f'", "مرحبا 🌻 ሰላም", "]]>", "  kept  "],
    ids=["lines", "markup", "scripts", "cdata", "white space"],
)
def test_a_reply_arrives_as_it_was_written(text: str) -> None:
    """A reply is one message of well-formed TwiML, to the letter."""
    answer = Channel(account()).deliver(Reply(text))

    assert said(answer.data) == text
    assert answer.data.count(b"<Message>") == 1


def test_no_reply_is_no_message() -> None:
    """An empty reply is TwiML that sends nothing, for an empty message is charged too."""
    assert said(twiml("").encode()) == ""
    assert "<Message" not in twiml("")
