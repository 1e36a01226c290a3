"""A site with keyword cards."""

import pytest

from rights_line.content.loader import ContentSources
from rights_line.library.site import Site
from rights_line.core.library import Library
from tests.support.cards import NUMBER, URL, USSD
from tests.support.clock import TUESDAY


@pytest.fixture(scope="module")
def site(library: Library, sources: ContentSources) -> Site:
    """A line that publishes a number, a USSD code and a web address."""
    return Site(library, sources, lambda: TUESDAY, NUMBER, USSD, URL)
