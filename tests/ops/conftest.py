"""The Twilio account that the doctor checks."""

from collections.abc import Iterator

import pytest

from tests.support.twilio_account import configure
from tests.support.twilio_api import Twilio, twilio_api


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    """An account that is configured correctly: one number, and one messaging service."""
    with twilio_api() as account:
        configure(account)
        yield account
