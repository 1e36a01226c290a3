"""/outreach, for outreach workers: how the line works, conversations, duties, and each language.

The pages for the person do not link to it: someone may be watching.
"""

from collections.abc import Iterator, Mapping
from string import Formatter

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from rights_line.core.model import Contact, Language
from rights_line.library.site import Site
from rights_line.style.inline import inline_files
from rights_line.web.pages.helper_page import helper_page, reading_language
from rights_line.web.pages.navigation import Navigation

_MAX_FOUND = 4


def add(blueprint: Blueprint, site: Site) -> None:
    """Add the page in each language of the helplines, and the one for the browser's language."""
    pages, navigation = site.pages, Navigation(site)
    inline = inline_files(__package__, ["inline/outreach.css"])
    adults = pages.contacts[pages.country.helplines.adults]

    @blueprint.get("/outreach")
    @blueprint.get("/outreach/<reads>")
    def outreach(reads: str = "") -> Response:
        if reads and reads not in pages.country.languages:
            abort(404)
        asked = request.args.get("language", "").strip()[:40]
        return helper_page(
            "outreach.html",
            inline,
            reads or reading_language(pages.country.languages),
            has_form=True,
            site=site,
            chapters=pages.outreach,
            pieces=lambda text: list(_text_pieces(text, pages.contacts)),
            adults=adults.name,
            navigation=navigation,
            asked=asked,
            found=list(_languages_named(asked, navigation.languages)),
        )


def _languages_named(asked: str, languages: list[Language]) -> Iterator[Language]:
    """Yield the language with that name, else those whose name has it as a part."""
    wanted = asked.casefold()
    names = {
        row.tag: [name.casefold() for name in (row.own_name, row.norwegian, row.english, row.label)]
        for row in languages
    }
    same = [row for row in languages if wanted in names[row.tag]]
    part = [row for row in languages if any(wanted in name for name in names[row.tag])]
    yield from (same or part)[:_MAX_FOUND] if wanted else ()


def _text_pieces(
    text: str, contacts: Mapping[str, Contact]
) -> Iterator[tuple[str, Contact | None]]:
    """Yield the text between placeholders, each with the contact of the placeholder after it."""
    for literal, name, _, _ in Formatter().parse(text):
        yield literal, contacts[name] if name else None
