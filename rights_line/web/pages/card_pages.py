"""The pages of a language's card: the card, and the page to show to someone."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from rights_line.cards.card_model import card_of
from rights_line.cards.qr import qr_svg
from rights_line.cards.sheet import ROWS
from rights_line.library.site import Site
from rights_line.style.inline import inline_files
from rights_line.web.pages.helper_page import helper_page, reading_language

_CARD_STYLES = ("styles/card.css", "styles/card_page.css")


def card_pages(site: Site) -> Blueprint:
    """Return /card and /show; their templates and styles are those of the printed cards."""
    blueprint = Blueprint("cards", "rights_line.cards", template_folder="templates")
    _add_page(blueprint, site)
    _add_show_page(blueprint, site)
    return blueprint


def _add_page(blueprint: Blueprint, site: Site) -> None:
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
        cards = [card_of(site, one) for one in tags] if has_way else []
        return helper_page(
            "card.html",
            inline,
            reading_language(languages),
            200 if cards else 404,
            has_form=True,
            sheets=[cards[first : first + ROWS] for first in range(0, len(cards), ROWS)],
            rows=[editions[one].language for one in tags],
            languages=[edition.language for edition in editions.values()],
            qr=qr_svg,
        )


def _add_show_page(blueprint: Blueprint, site: Site) -> None:
    """Add the page to hold up on a tablet: the helplines, the word, the number, the QR codes."""
    inline = inline_files("rights_line.cards", ["styles/show.css"])
    languages = site.pages.country.languages

    @blueprint.get("/show/<tag>")
    def show_to_someone(tag: str) -> Response:
        if tag not in site.library.editions:
            abort(404)
        reads, card = reading_language(languages), card_of(site, tag)
        return helper_page("show.html", inline, reads, card=card, qr=qr_svg)
