"""The hour or the day in which a counter runs, as one process sees it."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from rights_line.core.opening_hours import OSLO
from rights_line.core.rate_limit import Count
from rights_line.sessions import pseudonym

_HOUR = 3600  # seconds
_LONGEST_DAY = 25 * _HOUR  # when summer time ends
_HOURLY = (Count.HOUR, Count.RESERVE_HOUR)


@dataclass
class Window:
    """A counter until its end.

    Of the reserve it also holds how much went to each number prefix, and to which senders. They
    are pseudonyms, under a key that exists only in this window.
    """

    end: float = 0.0
    count: int = 0
    is_reported: bool = False
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _drawn: Counter[str] = field(default_factory=Counter)

    def drawn(self, channel: str, who: str, label: str) -> int:
        """Return the part of the reserve that a number prefix or a sender got."""
        return self._drawn[pseudonym(self._secret, channel, who, label)] if self._drawn else 0

    def draw(self, channel: str, who: str, label: str) -> None:
        """Add a line of the reserve to that."""
        self._drawn[pseudonym(self._secret, channel, who, label)] += 1


def is_current(counter: Count, end: float, now: float) -> bool:
    """Tell whether a window is not over; nor too long, as when the machine's clock was wrong."""
    return now < end <= now + (_HOUR if counter in _HOURLY else _LONGEST_DAY)


def end_of(counter: Count, now: float) -> float:
    """Return the end of the running hour or, in Norway, day: the same in every process."""
    if counter in _HOURLY:
        return (now // _HOUR + 1) * _HOUR
    tomorrow = datetime.fromtimestamp(now, OSLO).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), OSLO).timestamp()
