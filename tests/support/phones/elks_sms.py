"""A phone that texts through 46elks."""

from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

TOKEN = "a-third-token-of-nobody"
ENVIRON = {"ELKS_TOKEN": TOKEN}
PATH = f"/inbound/elks_sms/{TOKEN}"


def fields(text: str, sender: str = NUMBER, **more: str) -> dict[str, str]:
    """Return the form that 46elks posts (https://46elks.se/docs/receive-sms)."""
    return {
        **{"direction": "incoming", "id": f"s{MESSAGE_ID}", "from": sender, "to": "+46766860000"},
        **{"created": "2026-11-28T13:57:23.741000", "message": text, "city": CITY, **more},
    }


ROUTES = [Route(PATH, fields)]
