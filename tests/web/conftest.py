"""A client for the web pages, with a fixed clock."""

import pytest
from flask.testing import FlaskClient

from rights_line.content import ContentSources
from rights_line.core.library import Library
from tests.support.sites import visitor


@pytest.fixture(scope="package")
def browser(library: Library, sources: ContentSources) -> FlaskClient:
    """A client for every page, drafts included."""
    return visitor(sources)
