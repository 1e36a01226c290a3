"""Does Twilio's account do what the line needs: webhooks, fallbacks, nothing that changes texts?"""

from collections.abc import Iterator
from typing import Any

import requests
from twilio.base.exceptions import TwilioException

from rights_line.errors import Fault

# What the API does not tell, and somebody has to look at.
BY_HAND = (
    "twilio: by hand, Messaging > Settings: message redaction on; shortest retention of logs",
    "twilio: by hand, Messaging service > Opt-out: STOP answers nothing that names the line",
    "twilio: by hand, Voice > Settings: no recording, no transcription",
    "twilio: by hand, a spend alarm: loops and fraud end there at the latest",
)
MESSAGE, CALL = "twilio_sms", "twilio_voice"


def look(client: Any, public_url: str, gateways: list[str]) -> tuple[list[str], list[Fault]]:
    """Return what is well with the account's numbers and messaging services, and what is not."""
    try:
        numbers = client.incoming_phone_numbers.list(limit=100)
        services = client.messaging.v1.services.list(limit=100)
    except (TwilioException, requests.RequestException) as error:
        remedy = "Look at the account and the token; run doctor again"
        problem = f"does not answer ({type(error).__name__})"
        return [*BY_HAND], [Fault("TWILIO_AUTH_TOKEN", problem, remedy)]
    faults = [fault for number in numbers for fault in _number_faults(number, public_url, gateways)]
    faults += [fault for service in services for fault in _service_faults(service)]
    if not numbers:
        faults.append(
            Fault("twilio", "the account has no number", "Buy one, or use another account")
        )
    well = [] if faults else [f"twilio: {len(numbers)} numbers point here, and have a fallback"]
    return [*well, *BY_HAND], faults


def _number_faults(number: Any, public_url: str, gateways: list[str]) -> Iterator[Fault]:
    place = f"twilio, {number.phone_number}"
    for gateway, kind in ((MESSAGE, "sms"), (CALL, "voice")):
        if gateway not in gateways:
            continue
        wanted = f"{public_url}/inbound/{gateway}"
        if getattr(number, f"{kind}_url") != wanted:
            yield Fault(place, f"its {kind} webhook is not ours", f"Set it to {wanted}")
        if getattr(number, f"{kind}_method") != "POST":
            yield Fault(place, f"its {kind} webhook is not POST", "Set it to HTTP POST")
        if not getattr(number, f"{kind}_fallback_url"):
            option = " --voice" if kind == "voice" else ""
            remedy = (
                f"Put what `rights-line fallback{option}` prints into a TwiML Bin, and set that"
            )
            yield Fault(place, f"it has no {kind} fallback", remedy)


def _service_faults(service: Any) -> Iterator[Fault]:
    if service.smart_encoding:
        yield Fault(
            f"twilio, messaging service {service.friendly_name}",
            "Smart Encoding is on: it changes our texts",
            "Turn it off",
        )
