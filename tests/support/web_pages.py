"""A client for the web pages, with a fixed clock."""

from datetime import datetime

from flask.testing import FlaskClient

from rights_line.content.loader import ContentSources
from rights_line.sessions.memory import MemorySessionStore
from rights_line.settings import Serve
from rights_line.web.app import build_app
from rights_line.web.pages import pages_blueprint
from tests.support.clock import TUESDAY
from tests.support.sites import site_of


def visitor(
    sources: ContentSources, now: datetime = TUESDAY, serve: Serve = "drafts", **more: str
) -> FlaskClient:
    """Return a client for the pages of some texts; `more` are fields of `Site`."""
    site = site_of(sources, serve, now=lambda: now, **more)
    app = build_app({}, site.library, MemorySessionStore(), dict)
    app.register_blueprint(pages_blueprint(site))
    return app.test_client()
