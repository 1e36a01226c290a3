"""The pages on a line of their own, whose clock stands still."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from rights_line.content.loader import ContentSources
from rights_line.core.library import Library
from tests.support.web_pages import visitor

Visit = Callable[..., FlaskClient]


@pytest.fixture(scope="package")
def browser(library: Library, sources: ContentSources) -> FlaskClient:
    """A browser of every page, drafts too."""
    return visitor(library, sources)
