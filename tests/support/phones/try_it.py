"""The simulator's phone."""

from tests.support.canary import MESSAGE_ID, NUMBER
from tests.support.routes import Route

ENVIRON: dict[str, str] = {}
PATH = "/inbound/try_it"


def fields(text: str) -> dict[str, str]:
    return {"from": NUMBER, "text": text, "id": MESSAGE_ID}


ROUTES = [Route(PATH, fields)]
