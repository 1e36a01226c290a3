"""Kannel: SMS through a gateway of one's own, answered with plain text.

`deploy/kannel/kannel.conf` is ready to use and says how. What matters in it: get-url is
`http://127.0.0.1:8000/inbound/kannel_sms/<KANNEL_TOKEN>` with
`?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&smsc=%i`, accept-x-kannel-headers and omit-empty
are true, and the four replies that Kannel has of its own are the helplines.

    KANNEL_TOKEN    the secret in that address: 20 or more of A-Z a-z 0-9 - _
                    (`openssl rand -hex 24`); two, with a comma, while rotating
                    (WEBHOOK_TOKEN, deprecated: the same token for this channel and USSD)

Kannel signs nothing: keep it on the same machine, or behind TLS. It asks again when it gets
anything but 200, and in the end sends a text of its own; so whoever has the token always gets 200.
"""

import re
import secrets
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import unquote_to_bytes

from werkzeug.wrappers import Request, Response

from rights_line.channels._secret import Secret
from rights_line.core.messages import Inbound, Reply
from rights_line.core.sms import encoding_of
from rights_line.errors import Unauthenticated

_BLANKS = re.compile(r"[\s().-]")
# A person has a number of seven digits or more; what is shorter, or has letters, is a machine.
_PERSON = re.compile(r"(?:\+|00|(?!00))([0-9]{7,15})")

_BINARY, _UCS2 = "1", "2"  # of Kannel's codings; the third, 0, is text
# What Kannel and its drivers call what Python calls otherwise.
_CHARSETS = {
    **dict.fromkeys(("UCS-2", "UCS2", "UTF-16"), "utf-16-be"),
    **dict.fromkeys(("GSM", "7-BIT"), "gsm03.38"),
}


class Gateway:
    """Kannel's smsbox, which asks with GET."""

    needs: ClassVar[tuple[str, ...]] = ("KANNEL_TOKEN",)

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls(Secret.from_environ(environ, "KANNEL_TOKEN", "kannel_sms"))

    def authenticate(self, request: Request, token: str) -> None:
        self._secret.check(token)
        if request.method != "GET":
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        fields = _fields(request.query_string)
        number = _BLANKS.sub("", _named(fields, "from"))
        person = _PERSON.fullmatch(number)
        # With no number at all, she is somebody else each time: nobody shares a conversation.
        sender = person[1] if person else number or secrets.token_hex()
        return Inbound(sender, _text(fields), answerable=bool(person) or not number)

    def deliver(self, reply: Reply) -> Response:
        answer = Response(reply.text, content_type="text/plain; charset=utf-8")
        if encoding_of(reply.text) == "UCS-2":
            answer.headers["X-Kannel-Coding"] = _UCS2
        return answer


def _fields(query: bytes) -> dict[str, bytes]:
    """Return the fields as the bytes they are, the first of each name: a text's charset is said
    beside it, and werkzeug would take it for UTF-8."""
    fields: dict[str, bytes] = {}
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        fields.setdefault(name.decode("latin-1"), unquote_to_bytes(value.replace(b"+", b" ")))
    return fields


def _named(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace").strip()


def _text(fields: Mapping[str, bytes]) -> str:
    """Return the text, read as well as can be; what is binary is none."""
    text = fields.get("text", b"")
    coding = _named(fields, "coding")
    charset = _named(fields, "charset").upper()
    if coding == _BINARY or charset == "8-BIT":
        return ""
    charset = charset or ("UCS-2" if coding == _UCS2 else "UTF-8")
    try:
        return text.decode(_CHARSETS.get(charset, charset.replace("WIN-", "CP")), "replace")
    except (LookupError, ValueError):  # no charset, or one that cannot go on after a fault
        return text.decode("utf-8", "replace")
