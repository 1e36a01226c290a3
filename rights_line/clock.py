"""The time by which days are counted: that of Norway. Helplines have a time zone of their own."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
_HOUR = 3600  # seconds


def now() -> datetime:
    """Return the current time, timezone-aware."""
    return datetime.now(OSLO)


def today() -> date:
    """Return the current date."""
    return now().date()


def hour_span(moment: float) -> tuple[float, float]:
    """Return the start and the end of an hour, in seconds since 1970."""
    start = moment // _HOUR * _HOUR
    return start, start + _HOUR


def day_span(moment: float) -> tuple[float, float]:
    """Return the start and the end of a day in Norway, in seconds since 1970."""
    first = datetime.fromtimestamp(moment, OSLO).date()
    days = (first, first + timedelta(days=1))
    start, end = (datetime.combine(day, time(), OSLO).timestamp() for day in days)
    return start, end
