"""Twilio: SMS and WhatsApp, answered with TwiML.

In Twilio's console point the number's (or the messaging service's, or the WhatsApp sender's)
incoming message webhook to `https://<RIGHTS_LINE_PUBLIC_URL>/inbound/twilio_sms`, HTTP POST, and
its fallback to a TwiML Bin with what `rights-line fallback` prints. Turn Smart Encoding off: it
changes our texts.

    TWILIO_AUTH_TOKEN        the account's auth token; two, with a comma, while rotating
    RIGHTS_LINE_PUBLIC_URL   https://line.example.org, no slash at the end
    TWILIO_ACCOUNT_SID       other accounts' requests are refused; purge-twilio and doctor need it

WhatsApp counts no segments: there every letter is sent, and web addresses where there are any.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar, Self

from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.wrappers import Request, Response

from rights_line.channels._twilio import REQUIRED, TwilioSignature
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.errors import Unauthenticated

_WHATSAPP = "whatsapp:"
# A person: a number, or WhatsApp's (which may be an opaque user id instead of a number).
_PERSON = rf"\+[1-9]\d{{6,14}}|{_WHATSAPP}(?:\+[1-9]\d{{6,14}}|[A-Z]{{2}}\.[0-9A-Za-z]{{1,128}})"
# A machine: a short code, or a name of up to eleven characters, whichever its operator lets pass. A
# number is no name, nor is the beginning of a WhatsApp address, as a cut one would be.
_AUTOMATED_SENDER = rf"\d{{2,8}}|(?!{_WHATSAPP})(?=.*[^\W\d_])[^\x00-\x1f\x7f-\x9f]{{1,11}}"

_FIELD_PATTERNS = {
    "MessageSid": re.compile(r"(?:SM|MM)[0-9a-f]{32}"),
    "From": re.compile(f"{_PERSON}|{_AUTOMATED_SENDER}"),
    "To": re.compile(f"{_PERSON}|{_AUTOMATED_SENDER}"),
    "Body": re.compile(r"(?s).*"),
}
_OPT_OUT = "OptOutType"  # sent only with STOP, HELP and START


class Channel:
    """Twilio's programmable messaging."""

    required_variables: ClassVar[tuple[str, ...]] = REQUIRED

    def __init__(self, account: TwilioSignature) -> None:
        self._account = account

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls(TwilioSignature.from_environ(environ, "twilio_sms"))

    def authenticate(self, request: Request, token: str) -> None:
        if token:
            raise Unauthenticated
        self._account.authenticate(request, _FIELD_PATTERNS, at_most_once=(_OPT_OUT,))

    def receive(self, request: Request) -> Inbound:
        sender = request.form["From"]
        return Inbound(
            sender=sender,
            text=request.form["Body"],
            opted_out=request.form.get(_OPT_OUT) == "STOP",
            is_person=bool(re.fullmatch(_PERSON, sender)),
            medium=Medium.CHAT if sender.startswith(_WHATSAPP) else Medium.SMS,
        )

    def deliver(self, reply: Reply) -> Response:
        return Response(twiml(reply.text), content_type="text/xml; charset=utf-8")


@lru_cache(maxsize=10_000)
def twiml(text: str) -> str:
    """Return a text as TwiML; an empty one is no message.

    The answers are kept in the process: for texts of ours, never for what a person wrote.
    """
    response = MessagingResponse()
    if text:
        response.message(text)
    xml: str = response.to_xml()
    return xml
