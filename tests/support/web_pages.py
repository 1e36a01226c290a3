"""A client for the web pages, with a fixed clock."""

from datetime import datetime

from flask.testing import FlaskClient

from rights_line.content.loader import ContentSources
from rights_line.library.site import Site
from rights_line.core.library import Library
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from rights_line.web.pages.blueprint import pages_blueprint
from tests.support.clock import TUESDAY


def visitor(
    library: Library,
    sources: ContentSources,
    now: datetime = TUESDAY,
    number: str = "",
    ussd: str = "",
) -> FlaskClient:
    """Return a client for the pages of a library."""
    app = build_app({}, library, MemorySessionStore(), dict)
    app.register_blueprint(pages_blueprint(Site(library, sources, lambda: now, number, ussd)))
    return app.test_client()
