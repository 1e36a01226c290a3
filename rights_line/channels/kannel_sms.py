"""Kannel: SMS through a gateway that the operator runs, answered with plain text.

`deploy/kannel/kannel.conf` is ready to use, with instructions; `deploy/gammu/` is for a modem on a
cable.

Kannel does not sign requests: run it on the same machine, or behind TLS. It retries on any status
but 200, and finally sends a text of its own; so a request with the token gets 200, unless its body
is truncated (400) or too large (413). GET, which puts sender and text into the URL, is deprecated:
get-url with `?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&smsc=%i`.
"""

import re
import secrets
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import unquote_to_bytes

from werkzeug.wrappers import Request, Response

from rights_line.channels._path_token import PathToken, path_token
from rights_line.channels._sign_of_life import SENDER, SignOfLife
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.sms import sms_encoding
from rights_line.errors import Unauthenticated
from rights_line.settings.variable import Variable

_BLANKS = re.compile(r"[\s().-]")
# A person's number has seven digits or more; short codes and names are automated senders.
_PERSON = re.compile(r"(?:\+|00|(?!00))([0-9]{7,15})")

_TOKEN = path_token("KANNEL_TOKEN", deprecated_name="WEBHOOK_TOKEN")
_BINARY, _UCS2 = "1", "2"  # values of Kannel's `coding`; 0 is text
# Charset names of Kannel and its drivers -> codecs of Python.
_CHARSETS = {
    **dict.fromkeys(("UCS-2", "UCS2", "UTF-16"), "utf-16-be"),
    **dict.fromkeys(("GSM", "7-BIT"), "gsm03.38"),
}


class Channel:
    """SMS through Kannel's smsbox."""

    label: ClassVar[str] = "SMS (own gateway)"
    media: ClassVar[tuple[Medium, ...]] = (Medium.SMS,)
    required: ClassVar[tuple[Variable, ...]] = (_TOKEN,)
    optional: ClassVar[tuple[Variable, ...]] = ()
    published_as: ClassVar[str] = "RIGHTS_LINE_NUMBER"

    def __init__(self, token: PathToken) -> None:
        self._token = token

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls(PathToken.from_environ(environ, _TOKEN, "kannel_sms"))

    def authenticate(self, request: Request, token: str) -> None:
        self._token.verify_path_token(token)
        if request.method not in ("GET", "POST"):
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        read = _read_kannel_post if request.method == "POST" else _read_kannel_query
        sender, text = read(request)
        number = _BLANKS.sub("", sender)
        person = _PERSON.fullmatch(number)
        # Without a number, each message gets a sender of its own: two people never share a session.
        sender = person[1] if person else number or secrets.token_hex()
        return Inbound(sender, text, is_person=bool(person) or not number)

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        response = Response(reply.text, content_type="text/plain; charset=utf-8")
        if sms_encoding(reply.text) == "UCS-2":
            response.headers["X-Kannel-Coding"] = _UCS2
        return response

    def sign_of_life(self) -> SignOfLife:
        headers = {"Content-Type": "text/plain; charset=UTF-8", "X-Kannel-From": SENDER}
        path = f"/inbound/kannel_sms/{self._token.tokens[0]}"
        return SignOfLife(path, headers, "0", is_local=True)


def _read_kannel_post(request: Request) -> tuple[str, str]:
    """Return the sender (a header) and the text (the body).

    X-Kannel-Coding is ignored: its values differ between versions, and Content-Type is enough.
    """
    # Repeated headers arrive joined by a comma; the first one counts, as with repeated fields.
    sender = request.headers.get("X-Kannel-From", "").partition(",")[0]
    coding = _BINARY if request.mimetype == "application/octet-stream" else ""
    charset = request.mimetype_params.get("charset", "")
    return sender, _decode_kannel_text(request.get_data(), charset, coding)


def _read_kannel_query(request: Request) -> tuple[str, str]:
    fields = _kannel_fields(request.query_string)
    charset, coding = _kannel_field(fields, "charset"), _kannel_field(fields, "coding")
    return _kannel_field(fields, "from"), _decode_kannel_text(
        fields.get("text", b""), charset, coding
    )


def _kannel_fields(query: bytes) -> dict[str, bytes]:
    """Return the first field of each name as bytes, which werkzeug would decode as UTF-8."""
    fields: dict[str, bytes] = {}
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        fields.setdefault(name.decode("latin-1"), unquote_to_bytes(value.replace(b"+", b" ")))
    return fields


def _kannel_field(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace").strip()


def _decode_kannel_text(text: bytes, charset: str, coding: str) -> str:
    """Decode a text, replacing invalid characters; a binary message has an empty text."""
    charset = charset.upper()
    if coding == _BINARY or charset == "8-BIT":
        return ""
    charset = charset or ("UCS-2" if coding == _UCS2 else "UTF-8")
    try:
        return text.decode(_CHARSETS.get(charset, charset.replace("WIN-", "CP")), "replace")
    except (LookupError, ValueError):  # unknown codec, or one without error handlers
        return text.decode("utf-8", "replace")
