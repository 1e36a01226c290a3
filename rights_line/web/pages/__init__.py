"""The web pages: screens, the page for outreach workers, cards, the simulator. Plain HTML and CSS.

`pages_blueprint` has all of them. A page view is logged like a message, without its URL. The pages
of screens are behind the QR codes: the start page, and each screen of each language by its code.
"""

import time

from flask import Blueprint, g, redirect, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from rights_line import event_log
from rights_line.core import CLOSE, LANGUAGES, MENU, OTHER_LANGUAGES
from rights_line.library.site import Site
from rights_line.style import BASE, inline_files
from rights_line.web.pages import helper_pages, simulator
from rights_line.web.pages.page import negotiate_language, page_response
from rights_line.web.pages.presenter import ScreenPresenter, ScreenView

_LANGUAGE_LISTS = (LANGUAGES, OTHER_LANGUAGES)


def pages_blueprint(site: Site) -> Blueprint:
    blueprint = Blueprint("pages", __name__, template_folder="templates")
    blueprint.before_request(_start_page_timer)
    blueprint.after_request(_log_page)
    blueprint.app_context_processor(lambda: {"country": site.pages.country})
    blueprint.register_blueprint(helper_pages.cards(site))
    _add_screens(blueprint, site)
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


def _add_screens(blueprint: Blueprint, site: Site) -> None:
    pages = ScreenPages(site)
    blueprint.get("/")(pages.landing)
    blueprint.get("/robots.txt")(pages.robots)
    blueprint.get("/<tag>/", strict_slashes=False)(pages.screen_page)
    blueprint.get("/<tag>/<code>")(pages.screen_page)
    blueprint.get("/<tag>/<code>/languages")(pages.languages)
    for status in (404, 405):
        blueprint.app_errorhandler(status)(pages.not_found)


class ScreenPages:
    """The views: what each address shows."""

    def __init__(self, site: Site) -> None:
        self._site, self._library = site, site.library
        self._presenter = ScreenPresenter(site)
        files = ["inline/screen.css"], ["inline/leave.js"]
        self._inline = inline_files(__name__, *files, base=BASE)
        rows = site.library.languages.values()
        self._rtl = {row.tag for row in rows if row.direction == "rtl"}
        self._tags = {tag.lower(): tag for tag in site.library.languages}
        self._leave_to = site.pages.country.leave_to

    def landing(self) -> Response:
        response = self._response(self._start_view(), is_listed=True)
        response.vary.add("Accept-Language")
        return response

    def screen_page(self, tag: str, code: str = MENU) -> Response:
        own_tag, own_code = self._known(tag, code)
        if own_code in _LANGUAGE_LISTS:
            return self.languages(own_tag, MENU)
        if own_code == CLOSE:
            return redirect(self._leave_to, 303)
        return self._response(self._presenter.present(own_tag, own_code, self._site.now()))

    def languages(self, tag: str, code: str) -> Response:
        own_tag, own_code = self._known(tag, code)
        if own_code in (CLOSE, *_LANGUAGE_LISTS):
            raise NotFound
        view = self._presenter.present_languages(own_tag, own_code, self._site.now())
        return self._response(view)

    def robots(self) -> Response:
        """Allow all: a search engine has to read a page to see that it must not list it."""
        return Response("User-agent: *\nDisallow:\n", mimetype="text/plain")

    def not_found(self, error: HTTPException) -> Response:
        """Return the menu of the language, or the start page."""
        tag = self._tags.get(request.path.split("/")[1].lower())
        now = self._site.now()
        view = self._presenter.present(tag, MENU, now) if tag else self._start_view()
        return self._response(self._presenter.present_not_found(view), error.code or 404)

    def _known(self, tag: str, code: str) -> tuple[str, str]:
        own_tag, own_code = self._tags.get(tag.lower()), self._library.codes.get(code)
        if not own_tag or not own_code:
            raise NotFound
        return own_tag, own_code

    def _start_view(self) -> ScreenView:
        wanted = [name for name, quality in request.accept_languages if quality > 0]
        tag = negotiate_language(wanted, self._presenter.navigation.offered_tags)
        return self._presenter.present_start(tag or self._library.default, self._site.now())

    def _response(self, view: ScreenView, status: int = 200, is_listed: bool = False) -> Response:
        return page_response(
            "screen.html",
            self._inline,
            status,
            view=view,
            rtl=self._rtl,
            number=self._site.grouped_number,
            leave_to=self._leave_to,
            is_listed=is_listed,
        )
