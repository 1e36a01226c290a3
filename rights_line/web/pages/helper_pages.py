"""The pages for helpers: /outreach, the card of a language, and the page to show to someone.

The pages for the person do not link to them: someone may be watching.
"""

from collections.abc import Iterator
from string import Formatter

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from rights_line.cards import ROWS, card_of, qr_svg
from rights_line.core.model import Contact, Language
from rights_line.library.site import Site
from rights_line.style import inline_files
from rights_line.web.pages.page import Navigation, helper_page, reading_language

_CARD_STYLES = ("styles/card.css", "styles/card_page.css")
_MAX_FOUND = 4


def cards(site: Site) -> Blueprint:
    """Return /card and /show; their templates and styles are those of the printed cards."""
    blueprint = Blueprint("cards", "rights_line.cards", template_folder="templates")
    _add_cards(blueprint, site)
    _add_show(blueprint, site)
    return blueprint


def _add_cards(blueprint: Blueprint, site: Site) -> None:
    """Add the page that prints sheets of A4; `?with=ti` puts another language on them.

    It makes no PDF: WeasyPrint opens files and starts programs, with the line's variables.
    """
    inline = inline_files("rights_line.cards", _CARD_STYLES, ["card_page.js"])
    languages, editions = site.pages.country.languages, site.library.editions

    @blueprint.get("/card/<tag>")
    def show_card(tag: str) -> Response:
        tags = list(dict.fromkeys([tag, *request.args.getlist("with")]))
        if not editions.keys() >= {*tags}:
            abort(404)
        has_way = bool(site.number or site.public_url)
        shown = [card_of(site, one) for one in tags] if has_way else []
        return helper_page(
            "card.html",
            inline,
            reading_language(languages),
            200 if shown else 404,
            has_form=True,
            sheets=[shown[first : first + ROWS] for first in range(0, len(shown), ROWS)],
            rows=[editions[one].language for one in tags],
            languages=[edition.language for edition in editions.values()],
            qr=qr_svg,
        )


def _add_show(blueprint: Blueprint, site: Site) -> None:
    """Add the page to hold up on a tablet: the helplines, the word, the number, the QR codes."""
    inline = inline_files("rights_line.cards", ["styles/show.css"])
    languages = site.pages.country.languages

    @blueprint.get("/show/<tag>")
    def show_to_someone(tag: str) -> Response:
        if tag not in site.library.editions:
            abort(404)
        reads, card = reading_language(languages), card_of(site, tag)
        return helper_page("show.html", inline, reads, card=card, qr=qr_svg)


def add_outreach(blueprint: Blueprint, site: Site) -> None:
    """Add how the line works, conversations, duties and each language, for outreach workers.

    The page is in each language of the helplines, and at /outreach in the browser's.
    """
    pages, navigation = site.pages, Navigation(site)
    inline = inline_files(__package__, ["inline/outreach.css"])
    adults = pages.contacts[pages.country.helplines.adults]

    def pieces(text: str) -> list[tuple[str, Contact | None]]:
        """Return the text between placeholders, each with the contact of the one after it."""
        parts = Formatter().parse(text)
        return [(words, pages.contacts[name] if name else None) for words, name, _, _ in parts]

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
            pieces=pieces,
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
