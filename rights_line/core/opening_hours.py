"""Opening hours of helplines, and public holidays of a country."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import lru_cache

_LOOK_AHEAD = 15  # days: a week plus the longest run of public holidays


class State(Enum):
    """The state of a helpline at one moment."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"  # within its hours, but the guide gives none for holidays


@dataclass(frozen=True)
class OpeningPeriod:
    """Opening hours on some weekdays (0 is Monday)."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True)
class WeeklyHours:
    """The opening hours of a helpline. Without periods it is always open."""

    periods: tuple[OpeningPeriod, ...] = ()
    zone: tzinfo | None = None  # of the periods

    def state(self, now: datetime, holidays: Container[date]) -> State:
        """Return the state at `now`, an aware datetime."""
        if not self.periods:
            return State.OPEN
        now = now.astimezone(self.zone)
        for period in self.periods:
            if now.weekday() in period.days and period.opens <= now.time() < period.closes:
                return State.HOLIDAY if now.date() in holidays else State.OPEN
        return State.CLOSED

    def next(self, now: datetime, holidays: Container[date]) -> tuple[int, time]:
        """Return the weekday and time of the next opening that is not on a public holiday.

        If all within 15 days are on holidays (a helpline that opens on Thursdays only, before
        Christmas), return the next regular opening.
        """
        now = now.astimezone(self.zone)
        days = [now.date() + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD)]
        openings = [
            (day, period.opens)
            for day in days
            for period in self.periods
            if day.weekday() in period.days and (day, period.opens) > (now.date(), now.time())
        ]
        working = [(day, opens) for day, opens in openings if day not in holidays]
        day, opens = min(working or openings)
        return day.weekday(), opens


def key(weekday: int, opens: time) -> str:
    """Return the key of an opening: "0 09:00" is Monday at nine."""
    return f"{weekday} {opens:%H:%M}"


@dataclass(frozen=True)
class ClosedNotice:
    """Sentences about one closed helpline, in one language.

    `when_closed` holds those for times outside its hours, `on_holiday` those for public holidays:
    the next opening (`key`) -> sentence.
    """

    hours: WeeklyHours
    when_closed: Mapping[str, str]
    on_holiday: Mapping[str, str]

    def at(self, now: datetime, holidays: Container[date]) -> str:
        """Return the sentence for this moment; empty while the helpline is open."""
        state = self.hours.state(now, holidays)
        if state is State.OPEN:
            return ""
        sentences = self.when_closed if state is State.CLOSED else self.on_holiday
        return sentences[key(*self.hours.next(now, holidays))]


@dataclass(frozen=True)
class PublicHolidays:
    """A container of dates that computes each year at its first lookup.

    The package `holidays` has the same dates. It is not used here, because it imports every
    country of the world: twice the time and memory of a bare Flask. A test compares the two.

    Attributes:
        fixed: (month, day) of those with a fixed date.
        movable: the others, in days after Easter Sunday.
    """

    fixed: tuple[tuple[int, int], ...]
    movable: tuple[int, ...]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _of_year(self, day.year)


@lru_cache(maxsize=8)
def _of_year(holidays: PublicHolidays, year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day in holidays.fixed)
    movable = (_easter_sunday(year) + timedelta(days=days) for days in holidays.movable)
    return frozenset((*fixed, *movable))


def _easter_sunday(year: int) -> date:
    """Return the Easter Sunday of a Gregorian year (Butcher's algorithm)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = 19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15
    epact = moon % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
