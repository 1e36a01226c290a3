"""A phone that dials a USSD code of Africa's Talking."""

from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

TOKEN = "a-token-of-nobody-at-all"
ENVIRON = {"AFRICASTALKING_TOKEN": TOKEN}
PATH = f"/inbound/africastalking_ussd/{TOKEN}"
SENDER = "+254711000777"


def fields(text: str, **more: str) -> dict[str, str]:
    """Return the form that Africa's Talking posts for a USSD session."""
    return {
        **{"sessionId": "ATUid_05af06225e6163ec2dc9dc9cf8bc97aa", "serviceCode": "*384*5#"},
        **{"phoneNumber": SENDER, "networkCode": "63902", "text": text, **more},
    }


def personal(text: str) -> dict[str, str]:
    """Return a form that holds personal data to look for."""
    session = f"ATUid_{MESSAGE_ID}"
    return fields(text, sessionId=session, phoneNumber=NUMBER, networkCode=CITY)


# The second after the number of Polish.
ROUTES = [Route(PATH, personal), Route(PATH, lambda text: personal(f"9*{text}"))]
