"""A client for the web pages, with a fixed clock."""

import pytest
from flask.testing import FlaskClient

from rights_line.content import ContentSources
from tests.support.sites import visitor


@pytest.fixture(scope="package")
def browser(sources: ContentSources) -> FlaskClient:
    """A client for every page, drafts included."""
    return visitor(sources)
