"""A phone that dials a USSD code of Africa's Talking."""

from typing import Any

from werkzeug.wrappers import Response

from tests.support import africastalking_phone
from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

ENVIRON = {"AFRICASTALKING_TOKEN": africastalking_phone.TOKEN}
PATH = africastalking_phone.PATH


def message(text: str) -> dict[str, Any]:
    """Return a request of a USSD session."""
    return {"method": "POST", "path": PATH, "data": africastalking_phone.fields(text)}


def read(response: Response) -> str:
    """Return the page, without the word that says whether the session goes on."""
    return response.get_data(as_text=True)[4:]


def fields(text: str) -> dict[str, str]:
    return {
        **{"sessionId": f"ATUid_{MESSAGE_ID}", "serviceCode": "*384*5#", "phoneNumber": NUMBER},
        **{"networkCode": CITY, "text": f"9*{text}"},
    }


ROUTES = [Route(PATH, fields)]
