"""Opening hours of helplines, with public holidays."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

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
    """The opening hours of a helpline. Without periods it is always open.

    `zone` is the time zone of the periods; None: that of the moment that is asked for.
    """

    periods: tuple[OpeningPeriod, ...] = ()
    zone: tzinfo | None = None

    def state(self, now: datetime, holidays: Container[date]) -> State:
        """Return the state at `now`, an aware datetime."""
        if not self.periods:
            return State.OPEN
        now = self._in_zone(now)
        for period in self.periods:
            if now.weekday() in period.days and period.opens <= now.time() < period.closes:
                return State.HOLIDAY if now.date() in holidays else State.OPEN
        return State.CLOSED

    def next(self, now: datetime, holidays: Container[date]) -> tuple[int, time]:
        """Return the weekday and time of the next opening that is not on a public holiday.

        If all within 15 days are on holidays (a helpline that opens on Thursdays only, before
        Christmas), return the next regular opening.
        """
        now = self._in_zone(now)
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

    def _in_zone(self, now: datetime) -> datetime:
        return now.astimezone(self.zone) if self.zone else now


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
