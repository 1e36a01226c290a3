"""The pages behind the QR codes: the start page, and each screen of each language by its code."""

from collections.abc import Iterable

from flask import Blueprint, redirect, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from rights_line.content.site import Site
from rights_line.core.fixed_codes import CLOSE, LANGUAGES, MENU, OTHER_LANGUAGES
from rights_line.style.inline import inline_files
from rights_line.web.pages.page_response import page_response
from rights_line.web.pages.presenter import LANGUAGE_LIST, ScreenPresenter

# Tags that browsers send -> ours, where ours is not a prefix of theirs.
ALIASES = {
    **{"no": "nb", "nn": "nb", "tl": "fil", "zh": "zh-Hans", "mo": "ro"},
    **{"fa-af": "prs", "ku": "kmr", "hr": "bs", "sr": "bs", "sh": "bs"},
}
_FOR_MACHINES = ("/inbound", "/healthz")


def add_screen_pages(blueprint: Blueprint, site: Site) -> None:
    """Add the start page, the page of each screen, and the error pages."""
    presenter = ScreenPresenter(site)
    library, leave_to = site.library, site.sources.content.country.leave_to
    inline = inline_files(__package__, ["inline/screen.css"], ["inline/leave.js"])
    tags = {tag.lower(): tag for tag in library.languages}

    def render_screen_page(
        tag: str, code: str = MENU, status: int = 200, lists: bool = False
    ) -> Response:
        view = presenter.present_screen(tag, code, site.now())
        return page_response(
            "screen.html", inline, status, site=site, view=view, lists=lists, leave_to=leave_to
        )

    def render_start_page(status: int = 200) -> Response:
        available = [tag for tag in library.editions if not presenter.is_bare_edition(tag)]
        wanted = [name for name, quality in request.accept_languages if quality > 0]
        tag = negotiate_page_language(wanted, available) or library.default
        return render_screen_page(tag, status=status, lists=True)

    @blueprint.get("/")
    def landing_page() -> Response:
        response = render_start_page()
        response.vary.add("Accept-Language")
        return response

    @blueprint.get("/<tag>/", strict_slashes=False)
    @blueprint.get("/<tag>/<code>")
    def screen_page(tag: str, code: str = MENU) -> Response:
        own_tag, own_code = tags.get(tag.lower()), library.codes.get(code)
        if not own_tag or not own_code:
            raise NotFound
        if own_code in (CLOSE, LANGUAGES, OTHER_LANGUAGES):
            return redirect(leave_to if own_code == CLOSE else LANGUAGE_LIST, 303)
        return render_screen_page(own_tag, own_code)

    def not_found_page(error: HTTPException) -> Response:
        """Return the start page; below /inbound and /healthz, the helplines as plain text."""
        if request.path.startswith(_FOR_MACHINES):
            return Response(library.fallback, error.code, mimetype="text/plain")
        return render_start_page(error.code or 404)

    for status in (404, 405):
        blueprint.app_errorhandler(status)(not_found_page)


def negotiate_page_language(wanted: Iterable[str], available: Iterable[str]) -> str | None:
    """Return the first wanted language that is available; None if there is none.

    Args:
        wanted: the names that a browser sends, in its order of preference.
        available: our tags.
    """
    known = {tag.lower(): tag for tag in available}
    for name in wanted:
        full = name.lower().replace("_", "-")
        primary = full.partition("-")[0]
        for candidate in (full, ALIASES.get(full, ""), primary, ALIASES.get(primary, "")):
            if tag := known.get(candidate.lower()):
                return tag
    return None
