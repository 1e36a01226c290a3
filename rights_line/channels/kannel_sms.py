"""Kannel: SMS through a gateway of one's own, answered with plain text.

`deploy/kannel/kannel.conf` is ready to use and says how. In it, post-url is
`http://127.0.0.1:8000/inbound/kannel_sms/<KANNEL_TOKEN>`; send-sender, accept-x-kannel-headers and
omit-empty are true; and the four replies of Kannel's own are the helplines. Kannel then posts the
text as the body, its charset in Content-Type and the sender in X-Kannel-From.

    KANNEL_TOKEN    the secret in that address: 20 or more of A-Z a-z 0-9 - _
                    (`openssl rand -hex 24`); two, with a comma, while rotating
                    (WEBHOOK_TOKEN, deprecated: the same token for this channel and USSD)

GET is deprecated, since it puts sender and text into the address: get-url with
`?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&smsc=%i` still works.

Kannel signs nothing: keep it on the same machine, or behind TLS. It asks again when it gets
anything but 200, and in the end sends a text of its own; so a request with the token gets 200,
unless its body is truncated (400) or larger than any text (413).
"""

import re
import secrets
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import unquote_to_bytes

from werkzeug.wrappers import Request, Response

from rights_line.channels._path_token import PathToken
from rights_line.core.messages import Inbound, Reply
from rights_line.core.sms import encoding_of
from rights_line.errors import Unauthenticated

_BLANKS = re.compile(r"[\s().-]")
# A person's number has seven digits or more; a short code or a name is a machine's.
_PERSON = re.compile(r"(?:\+|00|(?!00))([0-9]{7,15})")

_BINARY, _UCS2 = "1", "2"  # of Kannel's codings; the third, 0, is text
# Names of Kannel and its drivers -> Python's.
_CHARSETS = {
    **dict.fromkeys(("UCS-2", "UCS2", "UTF-16"), "utf-16-be"),
    **dict.fromkeys(("GSM", "7-BIT"), "gsm03.38"),
}


class Channel:
    """Kannel's smsbox."""

    required_variables: ClassVar[tuple[str, ...]] = ("KANNEL_TOKEN",)

    def __init__(self, secret: PathToken) -> None:
        self._secret = secret

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls(PathToken.from_environ(environ, "KANNEL_TOKEN", "kannel_sms"))

    def authenticate(self, request: Request, token: str) -> None:
        self._secret.verify(token)
        if request.method not in ("GET", "POST"):
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        read = _read_post if request.method == "POST" else _read_query
        sent_from, text = read(request)
        number = _BLANKS.sub("", sent_from)
        person = _PERSON.fullmatch(number)
        # Without a number each message is another sender's: no two people share a conversation.
        sender = person[1] if person else number or secrets.token_hex()
        return Inbound(sender, text, is_person=bool(person) or not number)

    def deliver(self, reply: Reply) -> Response:
        answer = Response(reply.text, content_type="text/plain; charset=utf-8")
        if encoding_of(reply.text) == "UCS-2":
            answer.headers["X-Kannel-Coding"] = _UCS2
        return answer


def _read_post(request: Request) -> tuple[str, str]:
    """Return the sender, from a header, and the text, from the body.

    X-Kannel-Coding is not read: its numbers differ between versions, and Content-Type says it all.
    """
    # Repeated headers arrive joined by a comma; the first counts, as with repeated fields.
    sender = request.headers.get("X-Kannel-From", "").partition(",")[0]
    coding = _BINARY if request.mimetype == "application/octet-stream" else ""
    charset = request.mimetype_params.get("charset", "")
    return sender, _decode(request.get_data(), charset, coding)


def _read_query(request: Request) -> tuple[str, str]:
    """Return the sender and the text, from the fields of the address."""
    fields = _fields(request.query_string)
    charset, coding = _named(fields, "charset"), _named(fields, "coding")
    return _named(fields, "from"), _decode(fields.get("text", b""), charset, coding)


def _fields(query: bytes) -> dict[str, bytes]:
    """Return the fields as bytes, the first of each name: werkzeug would decode them as UTF-8."""
    fields: dict[str, bytes] = {}
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        fields.setdefault(name.decode("latin-1"), unquote_to_bytes(value.replace(b"+", b" ")))
    return fields


def _named(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace").strip()


def _decode(text: bytes, charset: str, coding: str) -> str:
    """Decode a text as well as possible; a binary message has no text."""
    charset = charset.upper()
    if coding == _BINARY or charset == "8-BIT":
        return ""
    charset = charset or ("UCS-2" if coding == _UCS2 else "UTF-8")
    try:
        return text.decode(_CHARSETS.get(charset, charset.replace("WIN-", "CP")), "replace")
    except (LookupError, ValueError):  # unknown, or a codec without error handlers
        return text.decode("utf-8", "replace")
