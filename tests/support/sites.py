"""A site of some texts, as web pages and cards get it."""

from functools import cache
from typing import Any

from rights_line.content.assembly.library_builder import build
from rights_line.content.loader import ContentSources
from rights_line.core.library import Library
from rights_line.library.assembly import library_of
from rights_line.library.schema import Built, Choices
from rights_line.library.site import Site
from rights_line.settings import Serve
from tests.support.clock import TUESDAY


@cache
def built(sources: ContentSources, serve: Serve) -> Built:
    """Return the built texts of a folder."""
    return build(sources, Choices(serve))


@cache
def joined(sources: ContentSources, serve: Serve) -> Library:
    """Return the library of a folder, joined from its built texts."""
    return library_of(built(sources, serve))


def site_of(sources: ContentSources, serve: Serve = "drafts", **more: Any) -> Site:
    """Return a site with the simulator, on a Tuesday unless `more` says another time."""
    texts = built(sources, serve)
    given = {"now": lambda: TUESDAY, "has_simulator": True, **more}
    return Site(joined(sources, serve), texts.pages, texts.state.languages, **given)
