"""The Flask blueprint with all web pages; a page view is logged like a message, without its URL."""

import time
from collections.abc import Iterator, Mapping
from string import Formatter

from flask import Blueprint, g
from werkzeug.wrappers import Response

from rights_line import event_log
from rights_line.core.fixed_codes import MENU
from rights_line.core.model import Contact
from rights_line.library.site import Site
from rights_line.style.inline import inline_files
from rights_line.web.pages import screen_page
from rights_line.web.pages.card_pages import card_pages
from rights_line.web.pages.page_response import page_response
from rights_line.web.pages.simulator.simulator_page import add_simulator


def pages_blueprint(site: Site) -> Blueprint:
    blueprint = Blueprint("pages", __name__, template_folder="templates")
    blueprint.before_request(_start_page_timer)
    blueprint.after_request(_log_page)
    blueprint.app_context_processor(lambda: {"country": site.pages.country})
    blueprint.register_blueprint(card_pages(site))
    screen_page.add_screen_pages(blueprint, site)
    add_simulator(blueprint, site)
    _add_outreach_to_blueprint(blueprint, site)
    return blueprint


def _add_outreach_to_blueprint(blueprint: Blueprint, site: Site) -> None:
    """Add /outreach, for outreach workers: keywords, cards, conversations, duties.

    The pages for users do not link to it: someone may be watching the user.
    """
    pages, editions = site.pages, site.library.editions
    inline = inline_files(__package__, ["inline/outreach.css"])

    @blueprint.get("/outreach")
    def outreach() -> Response:
        return page_response(
            "outreach.html",
            inline,
            site=site,
            number=site.grouped_number,
            chapters=pages.outreach,
            pieces=lambda text: list(_outreach_page_pieces(text, pages.contacts)),
            helpline=pages.contacts[pages.country.helplines.adults].name,
            languages=site.library.languages.values(),
            editions=editions,
            safety=pages.safety,
            bare={tag for tag, one in editions.items() if not one.screens[MENU].links},
            texts=pages.texts,
            approved={tag: site.is_offered(tag) for tag in editions},
        )


def _outreach_page_pieces(
    text: str, contacts: Mapping[str, Contact]
) -> Iterator[tuple[str, Contact | None]]:
    """Yield the text between placeholders, each with the contact of the placeholder after it."""
    for literal, name, _, _ in Formatter().parse(text):
        yield literal, contacts[name] if name else None


def _start_page_timer() -> None:
    g.started = time.perf_counter()


def _log_page(response: Response) -> Response:
    outcome = "answered" if response.status_code < 400 else "not found"
    ended = time.perf_counter()
    started = g.get("started", ended)  # not set if the body was rejected before
    event_log.log_event("page", "web", outcome, 1000 * (ended - started))
    return response
