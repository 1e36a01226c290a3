"""The Twilio account that the doctor checks."""

from collections.abc import Iterator

import pytest
from twilio.rest import Client

from tests.support.twilio_account import configured_account
from tests.support.twilio_api import Twilio


@pytest.fixture
def twilio() -> Iterator[tuple[Twilio, Client]]:
    """An account that is configured correctly, and a client for it."""
    with configured_account() as account:
        yield account
