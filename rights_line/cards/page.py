"""The page to print one card from."""

from flask import Blueprint, abort, render_template

from rights_line.cards import qr
from rights_line.cards.model import card_of
from rights_line.content.site import Site


def cards(site: Site) -> Blueprint:
    """Return the page, with the templates and styles that the PDF has too."""
    blueprint = Blueprint(
        "cards",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/cards",
    )

    @blueprint.get("/card/<tag>")
    def card(tag: str) -> tuple[str, int]:
        if tag not in site.library.editions:
            abort(404)
        made = card_of(site, tag) if site.number or site.public_url else None
        return render_template("card.html", card=made, qr=qr.inline, lang=tag), 200 if made else 404

    return blueprint
