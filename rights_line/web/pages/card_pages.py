"""The pages of a language's card: the card, and the page to show to someone."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from rights_line.cards.card_model import card_of
from rights_line.cards.qr import qr_svg
from rights_line.library.site import Site
from rights_line.style.inline import inline_files
from rights_line.web.pages.page_response import page_response

_CARD_STYLES = ("styles/card.css", "styles/card_page.css")


def card_pages(site: Site) -> Blueprint:
    """Return /card and /show; their templates and styles are those of the printed cards."""
    blueprint = Blueprint("cards", "rights_line.cards", template_folder="templates")
    _add_card_page(blueprint, site)
    _add_show_page(blueprint, site)
    return blueprint


def _add_card_page(blueprint: Blueprint, site: Site) -> None:
    """Add the page that prints five cards on a sheet of A4.

    It makes no PDF: WeasyPrint opens files and starts programs, with the line's variables.
    """
    inline = inline_files("rights_line.cards", _CARD_STYLES, ["card_page.js"])

    @blueprint.get("/card/<tag>")
    def show_card(tag: str) -> Response:
        if tag not in site.library.editions:
            abort(404)
        card = card_of(site, tag) if site.number or site.public_url else None
        return page_response("card.html", inline, 200 if card else 404, card=card, qr=qr_svg)


def _add_show_page(blueprint: Blueprint, site: Site) -> None:
    """Add the page to hold up on a tablet: the helplines, the word, the number, the QR codes."""
    inline = inline_files("rights_line.cards", ["styles/show.css"])

    @blueprint.get("/show/<tag>")
    def show_to_someone(tag: str) -> Response:
        if tag not in site.library.editions:
            abort(404)
        edition, card = site.library.editions[tag], card_of(site, tag)
        safety = site.pages.safety if card.topics else ()
        return page_response(
            "show.html",
            inline,
            card=card,
            interpreter=edition.interpreter,
            safety=safety,
            qr=qr_svg,
        )
