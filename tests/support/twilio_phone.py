"""Messages and calls as Twilio sends them, signed with twilio's own library."""

import itertools
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

TOKEN = "a token of nobody"
PUBLIC_URL = "https://line.example.org"
PATH = "/inbound/twilio_sms"
ENVIRON = {
    "CHANNELS": "twilio_sms",
    "TWILIO_AUTH_TOKEN": TOKEN,
    "RIGHTS_LINE_PUBLIC_URL": PUBLIC_URL,
    "RIGHTS_LINE_SERVE": "drafts",
    # Tests, the soak test and the benchmark exceed the default limits.
    "RIGHTS_LINE_HOURLY": "9999999",
    "RIGHTS_LINE_DAILY": "9999999",
}
SENDER = "+4790000001"

_numbers = itertools.count(1)


def fields(body: str, sender: str = SENDER, **more: str) -> dict[str, str]:
    """Return the fields of a message as Twilio posts them."""
    sid = f"SM{next(_numbers):032x}"
    return {
        **{"ToCountry": "NO", "SmsMessageSid": sid, "NumMedia": "0", "SmsSid": sid},
        **{"SmsStatus": "received", "FromCity": "", "Body": body, "To": "+4759440000"},
        **{"NumSegments": "1", "MessageSid": sid, "AccountSid": f"AC{'0' * 32}"},
        **{"From": sender, "ApiVersion": "2010-04-01", **more},
    }


def keyed(keys: str, caller: str = SENDER, **more: str) -> dict[str, str]:
    """Return the fields of a call as Twilio posts them; without keys, of an incoming call."""
    sid = f"CA{next(_numbers):032x}"
    return {
        **{"AccountSid": f"AC{'0' * 32}", "ApiVersion": "2010-04-01", "CallSid": sid},
        **{"CallStatus": "in-progress", "Direction": "inbound", "From": caller, "Caller": caller},
        **{"To": "+4759440000", "Called": "+4759440000", "FromCity": "", "FromCountry": "NO"},
        **({"Digits": keys, "msg": "Gather End", "FinishedOnKey": ""} if keys else {}),
        **more,
    }


def signature(form: dict[str, str], path: str = PATH, token: str = TOKEN) -> str:
    """Return the signature Twilio would send."""
    made: str = RequestValidator(token).compute_signature(PUBLIC_URL + path, form)
    return made


def request(form: dict[str, str], path: str = PATH, token: str = TOKEN) -> dict[str, Any]:
    """Return the arguments of a signed POST, for Flask's test client."""
    return {
        "path": path,
        "data": urlencode(form),
        "content_type": "application/x-www-form-urlencoded",
        "headers": {"X-Twilio-Signature": signature(form, path, token)},
    }


def reply_text(twiml: bytes) -> str:
    """Return the text of a TwiML response; empty if it contains no message."""
    response = ElementTree.fromstring(twiml)
    assert response.tag == "Response"
    return "".join(response.itertext())


def signature_header(form: dict[str, str], path: str, forged: bool) -> dict[str, str]:
    """Return the header with the signature of a form, of another token if it is forged."""
    token = "another token" if forged else TOKEN
    return {"X-Twilio-Signature": signature(form, path, token)}
