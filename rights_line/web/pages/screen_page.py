"""What is behind the QR code: the helplines, her language, and every screen by its code."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from rights_line.content.site import Site
from rights_line.core.library import CLOSE, LANGUAGES, MENU
from rights_line.web.pages.presenter import LANGUAGE_LIST, LEAVE_TO, ScreenPresenter

# What browsers call a language, where that is not the beginning of our tag.
ALIASES = {
    **{"no": "nb", "nn": "nb", "tl": "fil", "zh": "zh-Hans", "mo": "ro"},
    **{"fa-af": "prs", "ku": "kmr", "hr": "bs", "sr": "bs", "sh": "bs"},
}
_OF_MACHINES = ("/inbound", "/healthz")


def add_routes(blueprint: Blueprint, site: Site) -> None:
    """Add the first page, and one for each screen of each language."""
    reader = ScreenPresenter(site)
    library = site.library
    tags = {tag.lower(): tag for tag in library.languages}

    def page(tag: str, code: str = MENU, lists: bool = False) -> str:
        view = reader.view(tag, code, site.now())
        return render_template("screen.html", site=site, view=view, lists=lists, leave_to=LEAVE_TO)

    def start_page() -> str:
        able = [tag for tag in library.editions if not reader.is_bare(tag)]
        wanted = [name for name, quality in request.accept_languages if quality > 0]
        return page(negotiate_language(wanted, able) or library.default, lists=True)

    @blueprint.get("/")
    def landing() -> Response:
        answer = Response(start_page(), mimetype="text/html")
        answer.vary.add("Accept-Language")
        return answer

    @blueprint.get("/<tag>/", strict_slashes=False)
    @blueprint.get("/<tag>/<code>")
    def screen(tag: str, code: str = MENU) -> str | Response:
        known, shown = tags.get(tag.lower()), library.codes.get(code)
        if not known or not shown:
            raise NotFound
        if shown in (CLOSE, LANGUAGES):
            return redirect(LEAVE_TO if shown == CLOSE else LANGUAGE_LIST, 303)
        return page(known, shown)

    def not_found(error: HTTPException) -> Response:
        """Show the first page to whoever asked for one that is none; a gateway reads plain text."""
        if request.path.startswith(_OF_MACHINES):
            return Response(library.fallback, error.code, mimetype="text/plain")
        return Response(start_page(), error.code, mimetype="text/html")

    for status in (404, 405):
        blueprint.app_errorhandler(status)(not_found)


def negotiate_language(wanted: Iterable[str], spoken: Iterable[str]) -> str | None:
    """Return the first language wanted that is spoken; what a browser wants most comes first."""
    known = {tag.lower(): tag for tag in spoken}
    for name in wanted:
        full = name.lower().replace("_", "-")
        primary = full.partition("-")[0]
        for candidate in (full, ALIASES.get(full, ""), primary, ALIASES.get(primary, "")):
            if tag := known.get(candidate.lower()):
                return tag
    return None
