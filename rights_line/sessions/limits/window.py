"""The time window of a shared counter: one hour, or one day in Norway."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from rights_line.clock import OSLO
from rights_line.core.limits import Count
from rights_line.sessions import session_pseudonym

_HOUR = 3600  # seconds
_HOURLY = (Count.HOUR, Count.RESERVE_HOUR)


@dataclass
class Window:
    """A counter from `start` until before `end`, in seconds since 1970.

    Windows of the reserve also count the replies to each number prefix and each sender, under
    pseudonyms whose key exists only in this window.
    """

    start: float = 0.0
    end: float = 0.0
    count: int = 0
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _drawn: Counter[str] = field(default_factory=Counter)

    def drawn_in_window(self, channel: str, name: str, label: str) -> int:
        """Return how many replies from the reserve a number prefix or a sender got."""
        return (
            self._drawn[session_pseudonym(self._secret, channel, name, label)] if self._drawn else 0
        )

    def draw_in_window(self, channel: str, name: str, label: str) -> None:
        """Count one reply from the reserve to a number prefix or a sender."""
        self._drawn[session_pseudonym(self._secret, channel, name, label)] += 1


def window_span(counter: Count, now: float) -> tuple[float, float]:
    """Return the start and end of the current hour, or day in Norway: the same in each process."""
    if counter in _HOURLY:
        start = now // _HOUR * _HOUR
        return start, start + _HOUR
    today = datetime.fromtimestamp(now, OSLO).date()
    midnights = (datetime.combine(day, time(), OSLO) for day in (today, today + timedelta(days=1)))
    start, end = (midnight.timestamp() for midnight in midnights)
    return start, end
