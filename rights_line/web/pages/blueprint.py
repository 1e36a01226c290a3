"""The Flask blueprint with all web pages; a page view is logged like a message, without its URL."""

import time

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from rights_line import event_log
from rights_line.content.site import Site
from rights_line.web.pages import card_page, outreach_page, screen_page, simulator


def pages(site: Site) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    blueprint.before_request(_start_timer)
    blueprint.after_request(_log_page)
    blueprint.app_context_processor(lambda: {"country": site.sources.content.country})
    blueprint.register_blueprint(card_page.cards(site))
    for module in (screen_page, simulator, outreach_page):
        module.add_routes(blueprint, site)
    return blueprint


def _start_timer() -> None:
    g.started = time.perf_counter()


def _log_page(response: Response) -> Response:
    if request.endpoint in ("pages.static", "pages.cards.static"):
        for name in ("ETag", "Last-Modified"):  # a browser sends them back, and can be recognised
            response.headers.pop(name, None)
    else:
        outcome = "answered" if response.status_code < 400 else "not found"
        ended = time.perf_counter()
        started = g.get("started", ended)  # not set if the body was rejected before
        event_log.log_event("page", "web", outcome, 1000 * (ended - started))
    return response
