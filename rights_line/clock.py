"""The time in Norway, where the helplines are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """Return the current time, timezone-aware."""
    return datetime.now(OSLO)


def today() -> date:
    """Return the current date."""
    return now().date()
