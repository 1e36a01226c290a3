"""The pages as one Flask blueprint; of a request no more is logged than of a message."""

import time

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from rights_line import logs
from rights_line.pages import Site, cards, landing, outreach, trying


def pages(site: Site) -> Blueprint:
    """Return every page."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    blueprint.before_request(_begin)
    blueprint.after_request(_tell)
    for module in (landing, cards, trying, outreach):
        module.add_routes(blueprint, site)
    return blueprint


def _begin() -> None:
    g.begun = time.perf_counter()


def _tell(answer: Response) -> Response:
    if request.endpoint == "pages.static":
        for kept in ("ETag", "Last-Modified"):  # a browser would say them again, and be known
            answer.headers.pop(kept, None)
    else:
        outcome = "answered" if answer.status_code < 400 else "not found"
        ended = time.perf_counter()
        begun = g.get("begun", ended)  # a body may be refused before
        logs.event("page", "web", outcome, 1000 * (ended - begun))
    return answer
