"""A site with keyword cards."""

import pytest

from rights_line.content import ContentSources
from rights_line.library.site import Site
from tests.support.cards import NUMBER, URL, USSD
from tests.support.sites import site_of


@pytest.fixture(scope="module")
def site(sources: ContentSources) -> Site:
    """A line that publishes a number, a USSD code and a web address."""
    return site_of(sources, number=NUMBER, ussd=USSD, public_url=URL)
