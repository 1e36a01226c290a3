"""The simulator's phone."""

from typing import Any

from werkzeug.wrappers import Response

from tests.support.canary import MESSAGE_ID, NUMBER
from tests.support.routes import Route

ENVIRON: dict[str, str] = {}
PATH = "/inbound/try_it"


def message(text: str) -> dict[str, Any]:
    return {"method": "POST", "path": PATH, "data": {"text": text}}


def read(response: Response) -> str:
    return response.get_data(as_text=True)


def fields(text: str) -> dict[str, str]:
    return {"from": NUMBER, "text": text, "id": MESSAGE_ID}


ROUTES = [Route(PATH, fields)]
