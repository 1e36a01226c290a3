"""For those who go out and meet people: the line in one screen, words, cards, the talk, duties."""

from collections.abc import Iterator
from string import Formatter

from flask import Blueprint, render_template

from rights_line.content.site import Site
from rights_line.core.model import Contact


def add_routes(blueprint: Blueprint, site: Site) -> None:
    """Add the page. No page of a person's leads to it: somebody may look over her shoulder."""

    @blueprint.get("/outreach")
    def outreach() -> str:
        chapters = site.sources.guidance
        return render_template(
            "outreach.html",
            site=site,
            chapters=chapters,
            pieces=lambda text: list(_pieces(text, site.sources.content.contacts)),
            languages=site.library.languages.values(),
            editions=site.library.editions,
            texts={tag: tongue.texts for tag, tongue in site.sources.languages.items()},
            approved={tag: site.sources.is_approved(tag) for tag in site.library.editions},
        )


def _pieces(text: str, contacts: dict[str, Contact]) -> Iterator[tuple[str, Contact | None]]:
    """Yield a text in pieces, each with the contact whose number follows it."""
    for literal, name, _, _ in Formatter().parse(text):
        yield literal, contacts[name] if name else None
