"""A message on each channel, as keyword arguments for Flask's test client."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support import africastalking_phone, twilio_phone

TOKEN = africastalking_phone.TOKEN
KANNEL_TOKEN = "another-token-of-nobody-at-all"
ENVIRON = twilio_phone.ENVIRON | {"AFRICASTALKING_TOKEN": TOKEN, "KANNEL_TOKEN": KANNEL_TOKEN}

Request = dict[str, Any]


def by_twilio_sms(text: str) -> Request:
    """Return an SMS through Twilio."""
    return {"method": "POST", **twilio_phone.request(twilio_phone.fields(text))}


def by_twilio_voice(text: str) -> Request:
    """Return a key press in a call whose language is Polish."""
    form = twilio_phone.keyed(text)
    return {"method": "POST", **twilio_phone.request(form, "/inbound/twilio_voice?tag=pl&place=2")}


def by_ussd(text: str) -> Request:
    """Return a request of a USSD session."""
    path = f"/inbound/africastalking_ussd/{TOKEN}"
    return {"method": "POST", "path": path, "data": africastalking_phone.fields(text)}


def by_kannel(text: str) -> Request:
    """Return an SMS through Kannel."""
    return {
        **{"method": "POST", "path": f"/inbound/kannel_sms/{KANNEL_TOKEN}", "data": text.encode()},
        **{"content_type": 'text/plain; charset="UTF-8"'},
        "headers": {"X-Kannel-From": twilio_phone.SENDER, "X-Kannel-To": "2440"},
    }


def by_try_it(text: str) -> Request:
    """Return a text from the simulator."""
    return {"method": "POST", "path": "/inbound/try_it", "data": {"text": text}}


# A new channel needs a row here, or its tests fail.
PHONES: Mapping[str, Callable[[str], Request]] = {
    "africastalking_ussd": by_ussd,
    "kannel_sms": by_kannel,
    "try_it": by_try_it,
    "twilio_sms": by_twilio_sms,
    "twilio_voice": by_twilio_voice,
}
