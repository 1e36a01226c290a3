"""A site of some texts, as web pages and cards get it, and a client for its pages."""

from datetime import datetime
from functools import cache
from typing import Any

from flask.testing import FlaskClient

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build
from rights_line.core.library import Library
from rights_line.library import ROOT
from rights_line.library.assembly import library_of
from rights_line.library.schema import Built, Choices
from rights_line.library.site import Site
from rights_line.sessions.memory import MemorySessionStore
from rights_line.settings import Serve
from rights_line.web.app import build_app
from rights_line.web.pages import pages_blueprint
from tests.support.clock import TUESDAY
from tests.support.worlds import served


@cache
def built(sources: ContentSources, serve: Serve) -> Built:
    """Return the built texts of a folder; the real ones from a file, in a tenth of the time."""
    root = sources.model_path.parents[1]
    return served(root, serve).built if root == ROOT else build(sources, Choices(serve))


@cache
def joined(sources: ContentSources, serve: Serve) -> Library:
    """Return the library of a folder, joined from its built texts."""
    return library_of(built(sources, serve))


def site_of(sources: ContentSources, serve: Serve = "drafts", **more: Any) -> Site:
    """Return a site with the simulator, on a Tuesday unless `more` says another time."""
    texts = built(sources, serve)
    given = {"now": lambda: TUESDAY, "has_simulator": True, **more}
    return Site(joined(sources, serve), texts.pages, texts.state.languages, **given)


def visitor(
    sources: ContentSources, now: datetime = TUESDAY, serve: Serve = "drafts", **more: str
) -> FlaskClient:
    """Return a client for the pages of some texts; `more` are fields of `Site`."""
    return site_client(site_of(sources, serve, now=lambda: now, **more))


def site_client(site: Site) -> FlaskClient:
    """Return a client for the pages of a site."""
    app = build_app({}, site.library, MemorySessionStore(), dict)
    app.register_blueprint(pages_blueprint(site))
    return app.test_client()
