"""The quarter of a report, and the messages per day and channel in the log of the line."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from rights_line.channels import SIMULATOR
from rights_line.clock import OSLO
from rights_line.errors import ConfigurationError, Problem
from rights_line.ops.counts import quarter_of

# Outcomes of requests that no provider sent.
_NO_MESSAGE = {"refused", "broken", "too large"}
_DAY = timedelta(days=1)
_SETTLED = timedelta(days=2)  # counts of the last day are saved by then


class Quarter(NamedTuple):
    """A quarter, such as `2026-Q4`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str, today: date) -> Self:
        """Return the quarter with a name, or the last one that is over if there is none.

        Raises:
            ConfigurationError: the name is malformed, or the quarter is not over: its numbers
                would change, and the difference of two reports tells more than each of them.
        """
        last = quarter_of(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - _DAY)
        found = re.fullmatch("(20[0-9]{2})-Q([1-4])", text or last)
        quarter = cls(int(found[1]), int(found[2])) if found else None
        if not quarter or quarter.end + _SETTLED > today:
            problem = f'must be a quarter that ended two days ago, got "{text or last}"'
            raise ConfigurationError([Problem("--quarter", problem, f"Write {last}, or wait")])
        return quarter

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        return [date(self.year, 3 * self.number - 2 + month, 1) for month in range(3)]

    @property
    def end(self) -> date:
        """The first day of the next quarter."""
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)

    @property
    def days(self) -> list[date]:
        first = self.months[0]
        return [first + number * _DAY for number in range((self.end - first).days)]

    @property
    def dates(self) -> str:
        first, last = self.days[0], self.days[-1]
        return f"{first:%-d %B} to {last:%-d %B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


@dataclass
class DailyMessages:
    """The content of a log; `messages` are counted by day in Norway and channel."""

    messages: Counter[tuple[date, str]] = field(default_factory=Counter)
    undated: int = 0  # messages whose line does not begin with a date and time
    days: tuple[date, date] | None = None  # the first and the last day of the log

    def read(self, lines: Iterable[str]) -> None:
        """Add the lines of one log: a date and time, anything, and the JSON of an event."""
        for line in lines:
            head, brace, tail = line.partition("{")
            day = _line_day(head)
            if day:
                first, last = self.days or (day, day)
                self.days = min(first, day), max(last, day)
            channel = _line_channel(brace + tail)
            if channel and day:
                self.messages[day, channel] += 1
            elif channel:
                self.undated += 1


def _line_day(head: str) -> date | None:
    """Return the day in Norway of the time at the start of a line, as journalctl writes it."""
    try:
        moment = datetime.fromisoformat(head.split()[0])
    except (ValueError, IndexError):
        return None
    return moment.astimezone(OSLO).date() if moment.tzinfo else moment.date()


def _line_channel(text: str) -> str:
    """Return the channel of a message; empty for any other line, and for the simulator."""
    try:
        row = json.loads(text)
        is_message = row["event"] == "inbound" and row["outcome"] not in _NO_MESSAGE
        channel = str(row["channel"])
    except (ValueError, TypeError, KeyError):
        return ""
    return channel if is_message and channel != SIMULATOR else ""
