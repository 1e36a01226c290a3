"""The web pages: screens, the page for outreach workers, cards, the simulator. Plain HTML and CSS.

`pages_blueprint` has all of them. A page view is logged like a message, without its URL.
"""

import time

from flask import Blueprint, g
from werkzeug.wrappers import Response

from rights_line import event_log
from rights_line.library.site import Site
from rights_line.web.pages import helper_pages, screen_page, simulator


def pages_blueprint(site: Site) -> Blueprint:
    blueprint = Blueprint("pages", __name__, template_folder="templates")
    blueprint.before_request(_start_page_timer)
    blueprint.after_request(_log_page)
    blueprint.app_context_processor(lambda: {"country": site.pages.country})
    blueprint.register_blueprint(helper_pages.cards(site))
    screen_page.add(blueprint, site)
    simulator.add(blueprint, site)
    helper_pages.add_outreach(blueprint, site)
    return blueprint


def _start_page_timer() -> None:
    g.started = time.perf_counter()


def _log_page(response: Response) -> Response:
    outcome = "answered" if response.status_code < 400 else "not found"
    ended = time.perf_counter()
    started = g.get("started", ended)  # not set if the body was rejected before
    event_log.log_event("page", "web", outcome, 1000 * (ended - started))
    return response
