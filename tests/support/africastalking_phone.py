"""Requests as Africa's Talking sends them for a USSD session."""

TOKEN = "a-token-of-nobody-at-all"
PATH = f"/inbound/africastalking_ussd/{TOKEN}"
SENDER = "+254711000777"


def fields(text: str, **more: str) -> dict[str, str]:
    """Return the form that Africa's Talking posts for a USSD session."""
    return {
        **{"sessionId": "ATUid_05af06225e6163ec2dc9dc9cf8bc97aa", "serviceCode": "*384*5#"},
        **{"phoneNumber": SENDER, "networkCode": "63902", "text": text, **more},
    }
