"""Twilio: SMS and WhatsApp, answered with TwiML.

In Twilio's console point the number's (or the messaging service's) incoming message webhook to
`https://<RIGHTS_LINE_PUBLIC_URL>/inbound/twilio_sms`, HTTP POST, and its fallback to a TwiML Bin
with what `rights-line fallback` prints. Turn Smart Encoding off: it changes our texts.

    TWILIO_AUTH_TOKEN        the account's auth token; two, with a comma, while rotating
    RIGHTS_LINE_PUBLIC_URL   https://line.example.org, no slash at the end
    TWILIO_ACCOUNT_SID       if set, other accounts' requests are refused

The signature is over the configured address, the raw path and the raw query: what a request says
of its own host is anybody's to choose, and Flask's `request.url` decodes what Twilio signed. Names
and values are signed without separators, so a signed request can be split anew; that is why each
field we read must be there once, and look as Twilio writes it. What such a forgery can still do is
cut the text of a request it has captured, or hang a field that follows onto it; the answer goes to
the forger, not to her.
"""

import re
from collections.abc import Mapping
from typing import ClassVar, Self
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from rights_line.channels import missing
from rights_line.core.messages import Inbound, Reply
from rights_line.errors import Fault, Refused, Unauthenticated

FORM = "application/x-www-form-urlencoded"

# A person: a number, or WhatsApp's (which may be an opaque user id instead of a number).
_PERSON = r"\+[1-9]\d{6,14}|whatsapp:(?:\+[1-9]\d{6,14}|[A-Z]{2}\.[0-9A-Za-z]{1,128})"
# A machine: a short code, or a name of up to eleven characters.
_MACHINE = r"\d{2,8}|(?=.*[A-Za-z])[0-9A-Za-z &._+-]{1,11}"

_SHAPES = {
    "MessageSid": re.compile(r"(?:SM|MM)[0-9a-f]{32}"),
    "From": re.compile(f"{_PERSON}|{_MACHINE}"),
    "To": re.compile(f"{_PERSON}|{_MACHINE}"),
    "Body": re.compile(r"(?s).*"),
}
_OPTED_OUT = "OptOutTypeSTOP"
# Twilio's names are words with capitals; a text that was cut in two makes others.
_NAME = re.compile(r"[A-Z][A-Za-z]+[0-9]*")


class Gateway:
    """Twilio's programmable messaging."""

    needs: ClassVar[tuple[str, ...]] = ("TWILIO_AUTH_TOKEN", "RIGHTS_LINE_PUBLIC_URL")

    def __init__(self, tokens: list[str], public_url: str, account: str = "") -> None:
        self._validators = [RequestValidator(token) for token in tokens]
        self._public_url = public_url
        self._account = account

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        faults = missing(environ, cls.needs, "twilio_sms")
        given = environ.get("TWILIO_AUTH_TOKEN", "")
        tokens = [token.strip() for token in given.split(",") if token.strip()]
        if given and not tokens:
            faults.append(Fault("TWILIO_AUTH_TOKEN", "holds no token", "Copy it from the console"))
        url = environ.get("RIGHTS_LINE_PUBLIC_URL", "")
        if url and not _is_base(url):
            remedy = "Write https://line.example.org, with no slash at the end"
            faults.append(Fault("RIGHTS_LINE_PUBLIC_URL", "is no address to build on", remedy))
        account = environ.get("TWILIO_ACCOUNT_SID", "")
        if account and not re.fullmatch(r"AC[0-9a-f]{32}", account):
            faults.append(Fault("TWILIO_ACCOUNT_SID", "is no account", "It is AC and 32 digits"))
        if faults:
            raise Refused(faults)
        return cls(tokens, url, account)

    def authenticate(self, request: Request, token: str) -> None:
        if token or request.method != "POST" or request.mimetype != FORM:
            raise Unauthenticated
        if not self._is_signed(request) or not self._is_whole(request):
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        sender = request.form["From"]
        return Inbound(
            sender=sender,
            text=request.form["Body"],
            opted_out=_OPTED_OUT in _signed_string(request.form),
            answerable=bool(re.fullmatch(_PERSON, sender)),
        )

    def deliver(self, reply: Reply) -> Response:
        return Response(twiml(reply.text), content_type="text/xml; charset=utf-8")

    def _is_signed(self, request: Request) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
        if not signature.isascii() or not target.startswith("/"):
            return False
        try:
            return any(
                validator.validate(self._public_url + target, request.form, signature)
                for validator in self._validators
            )
        except (TypeError, ValueError):  # it raises on odd ports and on what is no text
            return False

    def _is_whole(self, request: Request) -> bool:
        """Tell whether every field we read is there once and has Twilio's shape."""
        form = request.form
        if not all(_NAME.fullmatch(name) for name in form):
            return False
        if self._account and form.getlist("AccountSid") != [self._account]:
            return False
        return all(
            len(form.getlist(name)) == 1 and shape.fullmatch(form[name])
            for name, shape in _SHAPES.items()
        )


def _signed_string(form: MultiDict[str, str]) -> str:
    """Return the fields as they are signed: however they are split anew, this is the same."""
    return "".join(name + value for name, value in sorted(form.items(multi=True)))


def _is_base(url: str) -> bool:
    """Tell whether an address, with a path behind it, is one that Twilio can call and sign."""
    if not re.fullmatch(r"https?://[^/?#\s]+(?:/[^?#\s]*[^/?#\s])?", url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def twiml(text: str) -> str:
    """Return a text as TwiML; an empty one is no message."""
    response = MessagingResponse()
    if text:
        response.message(text)
    xml: str = response.to_xml()
    return xml
