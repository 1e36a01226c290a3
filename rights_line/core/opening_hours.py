"""When a helpline answers: open, closed, or (on a public holiday) not known."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
_LOOK_AHEAD = 15  # days: a week, and the longest run of public holidays


class State(Enum):
    """What may be said of a helpline at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"  # within its hours, on a day for which the guide gives none


@dataclass(frozen=True)
class OpeningPeriod:
    """Opening hours on some weekdays (Monday is 0), in Europe/Oslo."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True)
class WeeklyHours:
    """A helpline's opening hours; no ranges means always open."""

    ranges: tuple[OpeningPeriod, ...] = ()

    def state(self, now: datetime, holidays: Container[date]) -> State:
        """Return what may be said at a moment (aware, in Europe/Oslo)."""
        if not self.ranges:
            return State.OPEN
        for span in self.ranges:
            if now.weekday() in span.days and span.opens <= now.time() < span.closes:
                return State.HOLIDAY if now.date() in holidays else State.OPEN
        return State.CLOSED

    def next_opening(self, now: datetime, holidays: Container[date]) -> tuple[int, time]:
        """Return the weekday and time of the next opening that is on no public holiday.

        If all of them are (a helpline that opens on Thursdays only, before Christmas), return the
        next regular opening.
        """
        days = [now.date() + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD)]
        openings = [
            (day, span.opens)
            for day in days
            for span in self.ranges
            if day.weekday() in span.days and (day, span.opens) > (now.date(), now.time())
        ]
        working = [(day, opens) for day, opens in openings if day not in holidays]
        day, opens = min(working or openings)
        return day.weekday(), opens


@dataclass(frozen=True)
class ClosedNotice:
    """What one language says of one helpline outside its hours, by weekday and time of opening."""

    hours: WeeklyHours
    when_closed: Mapping[tuple[int, time], str]
    on_holiday: Mapping[tuple[int, time], str]

    def text_at(self, now: datetime, holidays: Container[date]) -> str:
        """Return the sentence to add at a moment; empty while the helpline is open."""
        state = self.hours.state(now, holidays)
        if state is State.OPEN:
            return ""
        said = self.when_closed if state is State.CLOSED else self.on_holiday
        return said[self.hours.next_opening(now, holidays)]
