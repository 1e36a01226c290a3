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
    """A counter that expires at `end`, in seconds since 1970.

    Windows of the reserve also count the replies to each number prefix and each sender, under
    pseudonyms whose key exists only in this window.
    """

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


def window_end(counter: Count, now: float) -> float:
    """Return the end of the current hour, or day in Norway: the same in every process."""
    if counter in _HOURLY:
        return (now // _HOUR + 1) * _HOUR
    tomorrow = datetime.fromtimestamp(now, OSLO).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), OSLO).timestamp()
