"""The time by which days are counted: that of Norway. Helplines have a time zone of their own."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """Return the current time, timezone-aware."""
    return datetime.now(OSLO)


def today() -> date:
    """Return the current date."""
    return now().date()
