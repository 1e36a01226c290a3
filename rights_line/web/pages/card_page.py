"""The web page that prints one card."""

from flask import Blueprint, abort, render_template

from rights_line.cards import qr
from rights_line.cards.card_model import card_of
from rights_line.content.site import Site


def cards(site: Site) -> Blueprint:
    """Return the blueprint; it shares templates and styles with the PDF."""
    blueprint = Blueprint(
        "cards",
        "rights_line.cards",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/cards",
    )

    @blueprint.get("/card/<tag>")
    def show_card(tag: str) -> tuple[str, int]:
        if tag not in site.library.editions:
            abort(404)
        card = card_of(site, tag) if site.number or site.public_url else None
        return render_template("card.html", card=card, qr=qr.inline, lang=tag), 200 if card else 404

    return blueprint
