"""The pages as one Flask blueprint; of a request no more is logged than of a message."""

import time

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from rights_line import event_log
from rights_line.cards import page
from rights_line.content.site import Site
from rights_line.web.pages import outreach, screen_page, simulator


def pages(site: Site) -> Blueprint:
    """Return every page."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    blueprint.before_request(_start_timer)
    blueprint.after_request(_log_page)
    blueprint.register_blueprint(page.cards(site))
    for module in (screen_page, simulator, outreach):
        module.add_routes(blueprint, site)
    return blueprint


def _start_timer() -> None:
    g.begun = time.perf_counter()


def _log_page(answer: Response) -> Response:
    if request.endpoint in ("pages.static", "pages.cards.static"):
        for kept in ("ETag", "Last-Modified"):  # a browser would say them again, and be known
            answer.headers.pop(kept, None)
    else:
        outcome = "answered" if answer.status_code < 400 else "not found"
        ended = time.perf_counter()
        begun = g.get("begun", ended)  # a body may be refused before
        event_log.log_event("page", "web", outcome, 1000 * (ended - begun))
    return answer
