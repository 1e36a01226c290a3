"""Messages per day and channel, from the log of the line."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from rights_line.channels import SIMULATOR
from rights_line.clock import OSLO

# Outcomes of requests that no provider sent.
_NO_MESSAGE = {"refused", "broken", "too large"}


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
