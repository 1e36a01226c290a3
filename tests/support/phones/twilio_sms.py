"""A phone that texts through Twilio."""

from tests.support import twilio_phone
from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

ENVIRON = {name: value for name, value in twilio_phone.ENVIRON.items() if name != "CHANNELS"}


def sms(text: str) -> dict[str, str]:
    ids = {name: f"SM{MESSAGE_ID}" for name in ("MessageSid", "SmsSid", "SmsMessageSid")}
    return twilio_phone.fields(text, NUMBER, FromCity=CITY, **ids)


def whatsapp(text: str) -> dict[str, str]:
    return {**sms(text), "From": f"whatsapp:{NUMBER}", "WaId": NUMBER[1:], "ProfileName": CITY}


ROUTES = [
    Route(twilio_phone.PATH, fields, twilio_phone.signature_header, is_signed=True)
    for fields in (sms, whatsapp)
]
