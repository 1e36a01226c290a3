"""The page for outreach workers: the line at a glance, keywords, cards, conversations, duties."""

from collections.abc import Iterator
from string import Formatter

from flask import Blueprint, render_template

from rights_line.content.site import Site
from rights_line.core.model import Contact


def add_routes(blueprint: Blueprint, site: Site) -> None:
    """Add /outreach. The pages for users do not link to it: someone may be watching the user."""

    @blueprint.get("/outreach")
    def outreach() -> str:
        chapters, content = site.sources.outreach, site.sources.content
        return render_template(
            "outreach.html",
            site=site,
            chapters=chapters,
            pieces=lambda text: list(_pieces(text, content.contacts)),
            helpline=content.contacts[content.country.helplines.adults].name,
            languages=site.library.languages.values(),
            editions=site.library.editions,
            texts={tag: language.texts for tag, language in site.sources.languages.items()},
            approved={tag: site.sources.is_language_offered(tag) for tag in site.library.editions},
        )


def _pieces(text: str, contacts: dict[str, Contact]) -> Iterator[tuple[str, Contact | None]]:
    """Yield the text between placeholders, each with the contact of the placeholder after it."""
    for literal, name, _, _ in Formatter().parse(text):
        yield literal, contacts[name] if name else None
