"""A page as a response: in the language that the reader wants, with its style and script inside."""

from collections.abc import Iterable

from flask import render_template, request
from werkzeug.wrappers import Response

from rights_line.core.library import ENGLISH
from rights_line.core.model import Language
from rights_line.style import Inline
from rights_line.web.http import page_policy

# Tags that browsers send -> ours, where ours is not a prefix of theirs.
ALIASES = {
    **{"no": "nb", "nn": "nb", "tl": "fil", "zh": "zh-Hans", "mo": "ro"},
    **{"fa-af": "prs", "ku": "kmr", "hr": "bs", "sr": "bs", "sh": "bs"},
}


def page_response(
    template: str, inline: Inline, status: int = 200, has_form: bool = False, **values: object
) -> Response:
    """Render a template that extends layout.html; the policy allows its style and script alone."""
    page = Response(render_template(template, inline=inline, **values), status)
    page.mimetype = "text/html"
    page.headers["Content-Security-Policy"] = page_policy(inline, has_form)
    return page


def helper_page(
    template: str,
    inline: Inline,
    reads: str,
    status: int = 200,
    has_form: bool = False,
    **values: object,
) -> Response:
    """Render a page for helpers, in the language that they read."""
    values |= {"reads": reads, "name_in": _name_in}
    page = page_response(template, inline, status, has_form, **values)
    page.vary.add("Accept-Language")
    return page


def reading_language(languages: Iterable[str]) -> str:
    """Return the language of a link (`?in=nb`), else the best for the browser, else English."""
    wanted = [request.args.get("in", ""), *request.accept_languages.values()]
    return negotiate_language(wanted, languages) or ENGLISH


def negotiate_language(wanted: Iterable[str], available: Iterable[str]) -> str | None:
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


def _name_in(reads: str, row: Language) -> str:
    """Return the name of a language, for a helper who reads Norwegian or English."""
    return row.norwegian if reads != ENGLISH else row.english or row.label
