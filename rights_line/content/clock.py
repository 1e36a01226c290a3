"""The clock: every date and time of the line is Norwegian."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """Return the current time in Norway."""
    return datetime.now(OSLO)


def today() -> date:
    """Return the current date in Norway."""
    return now().date()
