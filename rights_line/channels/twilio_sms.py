"""Twilio: SMS and WhatsApp, answered with TwiML.

In Twilio's console set the incoming message webhook of the number (or of the messaging service or
WhatsApp sender) to `<RIGHTS_LINE_PUBLIC_URL>/inbound/twilio_sms`, HTTP POST, and its fallback URL
to a TwiML Bin with the output of `rights-line fallback`. Turn Smart Encoding off: it changes texts.

WhatsApp does not charge by segment: accents are kept, and web addresses included. A list of topics
is plain lines there: its buttons need content templates and calls of Twilio's API.
"""

import re
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from rights_line.channels._channel import FORM, SENDER, SignOfLife
from rights_line.channels._twilio import TwilioChannel
from rights_line.core import Inbound, Medium, Reply

_WHATSAPP = "whatsapp:"
# A person: a number, or a WhatsApp address, which may hold an opaque user id instead of a number.
_PERSON = rf"\+[1-9]\d{{6,14}}|{_WHATSAPP}(?:\+[1-9]\d{{6,14}}|[A-Z]{{2}}\.[0-9A-Za-z]{{1,128}})"
# A short code, or a name of up to eleven characters, which must contain a letter and must not be a
# truncated WhatsApp address.
_AUTOMATED_SENDER = rf"\d{{2,8}}|(?!{_WHATSAPP})(?=.*[^\W\d_])[^\x00-\x1f\x7f-\x9f]{{1,11}}"

_OPT_OUT = "OptOutType"  # present only for STOP, HELP and START
_IS_PERSON = re.compile(_PERSON)
_FIELDS = {
    "MessageSid": re.compile(r"(?:SM|MM)[0-9a-f]{32}"),
    "From": re.compile(f"{_PERSON}|{_AUTOMATED_SENDER}"),
    "To": re.compile(f"{_PERSON}|{_AUTOMATED_SENDER}"),
    "Body": re.compile(r"(?s).*"),
}


class Channel(TwilioChannel):
    """Twilio Programmable Messaging."""

    label = "SMS and WhatsApp (Twilio)"
    media = (Medium.SMS, Medium.CHAT)
    published_as = "RIGHTS_LINE_NUMBER"
    fields = _FIELDS
    at_most_once = (_OPT_OUT,)

    def receive(self, request: Request) -> Inbound:
        sender = request.form["From"]
        return Inbound(
            sender=sender,
            text=request.form["Body"],
            opted_out=request.form.getlist(_OPT_OUT) == ["STOP"],
            is_person=bool(_IS_PERSON.fullmatch(sender)),
            medium=Medium.CHAT if sender.startswith(_WHATSAPP) else Medium.SMS,
            id=request.form.get("MessageSid", ""),  # after a time-out Twilio sends it again
        )

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        return Response(twiml(reply.text), content_type="text/xml; charset=utf-8")

    def sign_of_life(self) -> SignOfLife:
        path, account = "/inbound/twilio_sms", self.sid or f"AC{'0' * 32}"
        form = {"MessageSid": f"SM{'0' * 32}", "AccountSid": account}
        form |= {"From": SENDER, "To": SENDER, "Body": "0"}
        headers = {"Content-Type": FORM, "X-Twilio-Signature": self.signature(path, form)}
        return SignOfLife(path, headers, urlencode(form))


def twiml(text: str) -> str:
    """Return a reply as TwiML; without a message if the text is empty."""
    response = f"<Response><Message>{escape(text)}</Message></Response>" if text else "<Response />"
    return f'<?xml version="1.0" encoding="UTF-8"?>{response}'
