"""Each route by which a message reaches the line, as bytes on the wire."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from rights_line.channels import available
from tests.support import twilio_phone
from tests.support.canary import (
    AGENT,
    CITY,
    MESSAGE_ID,
    NUMBER,
)
from tests.support.fault_injection import FAULT_HEADER
from tests.support.wire import request_bytes

USSD_TOKEN = "a-secret-part-of-an-address"
KANNEL_TOKEN = "another-secret-part-of-an-address"
ENVIRON = twilio_phone.ENVIRON | {
    "CHANNELS": ",".join(available()),
    **{"AFRICASTALKING_TOKEN": USSD_TOKEN, "KANNEL_TOKEN": KANNEL_TOKEN},
}
Fields = Callable[[str], dict[str, str]]


@dataclass(frozen=True)
class Route:
    """A provider's request to a channel; `fields` turns a text into its form or query."""

    path: str
    fields: Fields
    signed: bool = False
    method: str = "POST"

    def request(self, text: str, fault: str = "", *, forged: bool = False) -> bytes:
        """Return a message as bytes; a fault names the step that breaks (`fault_injection`)."""
        form, path = self.fields(text), self.path
        headers = [f"{FAULT_HEADER}: {fault}"] if fault else []
        if self.signed:
            token = "another token" if forged else twilio_phone.TOKEN
            headers.append(f"X-Twilio-Signature: {twilio_phone.signature(form, path, token)}")
        elif forged:
            path = f"{path}x" if "-" in path else f"{path}/x"
        if self.method == "GET":
            return request_from_sender("GET", f"{path}?{urlencode(form)}", *headers)
        return self.post(path, headers, form)

    def post(self, path: str, headers: list[str], form: dict[str, str]) -> bytes:
        return request_from_sender("POST", path, *headers, body=urlencode(form))


class KannelPostRoute(Route):
    """Kannel by POST: the text is the body, all other fields are headers."""

    def post(self, path: str, headers: list[str], form: dict[str, str]) -> bytes:
        named = {"From": form["from"], "To": form["to"], "SMSC": form["smsc"], "BInfo": form["id"]}
        headers += [f"X-Kannel-{name}: {value}" for name, value in named.items()]
        body = form["text"].encode().decode("latin-1")  # request_bytes encodes it back
        return request_from_sender(
            "POST", path, *headers, body=body, kind='text/plain; charset="UTF-8"'
        )


FORM = "application/x-www-form-urlencoded"


def request_from_sender(
    method: str, target: str, *headers: str, body: str = "", kind: str = FORM
) -> bytes:
    """Return a request with the sender's user agent, on a connection of its own."""
    more = [f"User-Agent: {AGENT}", "Connection: close", *headers]
    if body:
        more += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return request_bytes(f"{method} {target} HTTP/1.1", *more, body=body)


def sms(text: str) -> dict[str, str]:
    ids = {name: f"SM{MESSAGE_ID}" for name in ("MessageSid", "SmsSid", "SmsMessageSid")}
    return twilio_phone.fields(text, NUMBER, FromCity=CITY, **ids)


def whatsapp(text: str) -> dict[str, str]:
    return {**sms(text), "From": f"whatsapp:{NUMBER}", "WaId": NUMBER[1:], "ProfileName": CITY}


def call(text: str) -> dict[str, str]:
    return twilio_phone.keyed(
        text.removeprefix("+47"), NUMBER, CallSid=f"CA{MESSAGE_ID}", FromCity=CITY
    )


def ussd(text: str) -> dict[str, str]:
    return {
        **{"sessionId": f"ATUid_{MESSAGE_ID}", "serviceCode": "*384*5#", "phoneNumber": NUMBER},
        **{"networkCode": CITY, "text": f"9*{text}"},
    }


def tried(text: str) -> dict[str, str]:
    return {"from": NUMBER, "text": text, "id": MESSAGE_ID}


def kannel(text: str) -> dict[str, str]:
    return {
        **{"from": NUMBER, "to": "2440", "text": text, "charset": "UTF-8", "coding": "0"},
        **{"id": MESSAGE_ID, "smsc": CITY},
    }


ROUTES = {
    "twilio_sms": [
        Route("/inbound/twilio_sms", sms, signed=True),
        Route("/inbound/twilio_sms", whatsapp, signed=True),
    ],
    "twilio_voice": [
        Route("/inbound/twilio_voice", call, signed=True),
        Route("/inbound/twilio_voice?tag=pl&place=4", call, signed=True),
    ],
    "africastalking_ussd": [Route(f"/inbound/africastalking_ussd/{USSD_TOKEN}", ussd)],
    "kannel_sms": [
        KannelPostRoute(f"/inbound/kannel_sms/{KANNEL_TOKEN}", kannel),
        Route(f"/inbound/kannel_sms/{KANNEL_TOKEN}", kannel, method="GET"),
    ],
    "try_it": [Route("/inbound/try_it", tried)],
}
ALL_ROUTES = [route for name in available() for route in ROUTES[name]]
