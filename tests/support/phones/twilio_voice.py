"""A phone in a call through Twilio, whose language is Polish."""

from tests.support import twilio_phone
from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

ENVIRON = {name: value for name, value in twilio_phone.ENVIRON.items() if name != "CHANNELS"}
PATH = "/inbound/twilio_voice"


def call(text: str) -> dict[str, str]:
    return twilio_phone.keyed(
        text.removeprefix("+47"), NUMBER, CallSid=f"CA{MESSAGE_ID}", FromCity=CITY
    )


ROUTES = [
    Route(path, call, twilio_phone.signature_header, is_signed=True)
    for path in (f"{PATH}?tag=pl&place=4", PATH)
]
