"""A page for helpers: in one language, with a title of its own."""

from collections.abc import Iterable

from flask import request
from werkzeug.wrappers import Response

from rights_line.core.library import ENGLISH
from rights_line.core.model import Language
from rights_line.style.inline import Inline
from rights_line.web.pages import screen_page
from rights_line.web.pages.page_response import page_response


def reading_language(languages: Iterable[str]) -> str:
    """Return the language of a link (`?in=nb`), else the best for the browser, else English."""
    wanted = [request.args.get("in", ""), *request.accept_languages.values()]
    return screen_page.negotiate_language(wanted, languages) or ENGLISH


def helper_page(
    template: str,
    inline: Inline,
    reads: str,
    status: int = 200,
    has_form: bool = False,
    **values: object,
) -> Response:
    """Render a template in the language that the helper reads."""
    values |= {"reads": reads, "name_in": name_in}
    page = page_response(template, inline, status, has_form, **values)
    page.vary.add("Accept-Language")
    return page


def name_in(reads: str, row: Language) -> str:
    """Return the name of a language, for a helper who reads Norwegian or English."""
    return row.norwegian if reads != ENGLISH else row.english or row.label
