"""A Twilio account that is configured as the documentation says."""

from tests.support.twilio_api import ACCOUNT, API, Row, Twilio
from tests.support.twilio_phone import PUBLIC_URL

SMS, CALLS = f"{PUBLIC_URL}/inbound/twilio_sms", f"{PUBLIC_URL}/inbound/twilio_voice"
BIN = "https://handler.twilio.com/twiml/EH"
NUMBER, OTHER = f"PN{1:032x}", f"PN{2:032x}"
SERVICE = f"MG{1:032x}"
SERVICES, MEMBERS = "/v1/Services", f"/v1/Services/{SERVICE}/PhoneNumbers"
NUMBERS = f"{API}/IncomingPhoneNumbers"
BOTH = ["twilio_sms", "twilio_voice"]
OUR_SMS: Row = {"sms_url": SMS, "sms_method": "POST", "sms_fallback_url": f"{BIN}1"}
OUR_SMS |= {"sms_fallback_method": "POST"}
OUR_CALLS: Row = {"voice_url": CALLS, "voice_method": "POST", "voice_fallback_url": f"{BIN}2"}
OUR_CALLS |= {"voice_fallback_method": "POST"}
IN_SERVICE: Row = {"inbound_request_url": SMS, "inbound_method": "POST"}
IN_SERVICE |= {"fallback_url": f"{BIN}1", "fallback_method": "POST"}
NOWHERE: Row = {"sms_url": "https://demo.twilio.com/welcome", "voice_url": "", "sms_method": "GET"}
ENVIRON = {
    **{"CHANNELS": "twilio_sms,twilio_voice", "RIGHTS_LINE_PUBLIC_URL": PUBLIC_URL},
    **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "secret"},
}


def configure(state: Twilio) -> None:
    """Give an account one number, and one messaging service without members."""
    number: Row = {"sid": NUMBER, "phone_number": "+4759440000", "trunk_sid": None}
    number |= {"capabilities": {"sms": True, "voice": True}, "status_callback": ""}
    state.kept |= {
        NUMBERS: [number | OUR_SMS | OUR_CALLS],
        SERVICES: [{"sid": SERVICE, "friendly_name": "line", "smart_encoding": False}],
        MEMBERS: [],
        f"{API}/Recordings": [],
    }
