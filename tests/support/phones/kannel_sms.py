"""A phone that texts through Kannel."""

from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

TOKEN = "another-token-of-nobody-at-all"
ENVIRON = {"KANNEL_TOKEN": TOKEN}
PATH = f"/inbound/kannel_sms/{TOKEN}"


def fields(text: str) -> dict[str, str]:
    return {
        **{"from": NUMBER, "to": "2440", "text": text, "charset": "UTF-8", "coding": "0"},
        **{"id": MESSAGE_ID, "smsc": CITY},
    }


def headers(form: dict[str, str], path: str, forged: bool) -> dict[str, str]:
    """Return all fields but the text."""
    named = {"From": form["from"], "To": form["to"], "SMSC": form["smsc"], "BInfo": form["id"]}
    return {f"X-Kannel-{name}": value for name, value in named.items()}


ROUTES = [
    Route(
        *(PATH, fields, headers), body=lambda form: form["text"], kind='text/plain; charset="UTF-8"'
    )
]
