"""The pages of a language's card: the card, its PDF, and the page to show to someone."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from rights_line.cards.card_model import card_of
from rights_line.cards.pdf import cards_pdf
from rights_line.cards.printed_cards import Busy, NotPrintable, PrintedCards
from rights_line.cards.qr import qr_svg
from rights_line.cards.sheet import SIZES
from rights_line.content.site import Site
from rights_line.style.inline import inline_files
from rights_line.web.pages.page_response import page_response

_RETRY_SECONDS = 3
_CARD_STYLES = ("styles/card.css", "styles/card_page.css")


def safety_codes(site: Site) -> list[str]:
    """Return the codes of the screens about the phone, and about what the line keeps."""
    topics = site.sources.content.topics
    return [topics[name].code for name in ("safe_phone", "what_we_keep") if name in topics]


def card_pages(site: Site) -> Blueprint:
    """Return /card and /show; their templates and styles are those of the printed cards."""
    blueprint = Blueprint("cards", "rights_line.cards", template_folder="templates")
    _add_card_page(blueprint, site)
    _add_show_page(blueprint, site)
    return blueprint


def _add_card_page(blueprint: Blueprint, site: Site) -> None:
    """Add the page that prints five cards on a sheet of A4, and the PDF of the same."""
    inline = inline_files("rights_line.cards", _CARD_STYLES, ["card_page.js"])
    printed = PrintedCards(lambda tag: cards_pdf([card_of(site, tag)], SIZES["card"]))

    def render_card(tag: str, status: int = 200) -> Response:
        if tag not in site.library.editions:
            abort(404)
        card = card_of(site, tag) if site.number or site.public_url else None
        has_pdf = printed.can_print(tag)
        status = status if card else 404
        return page_response("card.html", inline, status, card=card, qr=qr_svg, has_pdf=has_pdf)

    @blueprint.get("/card/<tag>")
    def show_card(tag: str) -> Response:
        return render_card(tag)

    @blueprint.get("/card/<tag>.pdf")
    def card_pdf(tag: str) -> Response:
        """Return the PDF; where it cannot be made, the page that prints the same."""
        if tag not in site.library.editions or not (site.number or site.public_url):
            return render_card(tag)
        try:
            response = Response(printed.print_cards(tag), mimetype="application/pdf")
        except NotPrintable:
            return render_card(tag, 404)
        except Busy:
            response = page_response("wait.html", inline, 503)
            response.headers["Retry-After"] = response.headers["Refresh"] = str(_RETRY_SECONDS)
            return response
        response.headers["Content-Disposition"] = f'attachment; filename="cards-{tag}.pdf"'
        return response


def _add_show_page(blueprint: Blueprint, site: Site) -> None:
    """Add the page to hold up on a tablet: the helplines, the word, the number, the QR codes."""
    inline = inline_files("rights_line.cards", ["styles/show.css"])

    @blueprint.get("/show/<tag>")
    def show_to_someone(tag: str) -> Response:
        if tag not in site.library.editions:
            abort(404)
        edition, card = site.library.editions[tag], card_of(site, tag)
        safety = safety_codes(site) if card.topics else []
        return page_response(
            "show.html",
            inline,
            card=card,
            interpreter=edition.interpreter,
            safety=safety,
            qr=qr_svg,
        )
