"""A phone that texts through 46elks."""

import itertools
from typing import Any

from werkzeug.wrappers import Response

from tests.support import twilio_phone
from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

TOKEN = "a-third-token-of-nobody"
ENVIRON = {"ELKS_TOKEN": TOKEN}
PATH = f"/inbound/elks_sms/{TOKEN}"

_numbers = itertools.count(1)


def fields(text: str, sender: str = NUMBER, **more: str) -> dict[str, str]:
    """Return the form that 46elks posts (https://46elks.se/docs/receive-sms)."""
    return {
        **{"direction": "incoming", "id": f"s{MESSAGE_ID}", "from": sender, "to": "+46766860000"},
        **{"created": "2026-11-28T13:57:23.741000", "message": text, "city": CITY, **more},
    }


def message(text: str) -> dict[str, Any]:
    """Return an SMS with an id of its own."""
    form = fields(text, twilio_phone.SENDER, id=f"s{next(_numbers):032x}", city="")
    return {"method": "POST", "path": PATH, "data": form}


def read(response: Response) -> str:
    return response.get_data(as_text=True)


ROUTES = [Route(PATH, fields)]
