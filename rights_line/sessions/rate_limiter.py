"""Rate limiter of one process: replies to each sender, and to all senders together."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import add
from typing import NamedTuple, Self

from cachetools import TTLCache

from rights_line import event_log
from rights_line.clock import OSLO, day_span, hour_span
from rights_line.core.limits import (
    EMERGENCY_LIMIT,
    EMERGENCY_SHORT_EVERY,
    SENDER_WINDOW,
    SHORT_FACTOR,
    Allowance,
    Limits,
    allowance_after,
    emergency_allowance,
)
from rights_line.sessions import COUNT_LABEL, ProcessPseudonyms

_MAX_EMERGENCIES = 10_000  # senders; beyond them the least recently used entry is evicted
# The limits of all senders, in the order of the rules -> their windows.
_SPANS = {"hourly": hour_span, "daily": day_span, "short": day_span}
_FIX = (
    "Check the provider's usage statistics for a flood. Raise the limit only if the messages come"
    " from real people."
)


@dataclass
class Window:
    """The replies to all senders from `start` until before `end`, in seconds since 1970."""

    name: str
    limit: int
    start: float = 0.0
    end: float = 0.0
    count: int = 0

    def at(self, now: float) -> Self:
        """Return the window of a moment: this one, or an empty one."""
        if self.start <= now < self.end:
            return self
        start, end = _SPANS[self.name](now)
        return replace(self, start=start, end=end, count=0)

    def problem(self) -> str:
        """Return the sentences for the operator when the limit has been reached."""
        what = f"{self.name} limit of {self.limit} full replies (RIGHTS_LINE_{self.name.upper()})"
        then = "senders get only the short reply with the helplines"
        if self.name == "short":
            factor = f"{SHORT_FACTOR} times RIGHTS_LINE_DAILY"
            what = f"limit of {self.limit} short replies a day ({factor})"
            then = "senders over another limit get no reply, except in an emergency"
        end = datetime.fromtimestamp(self.end, OSLO)
        return f"The {what} has been reached. Until {end:%H:%M} {then}. {_FIX}"


class Pending(NamedTuple):
    """A message to count."""

    key: str  # the sender's pseudonym in this process
    windows: Sequence[Window]
    allowance: Allowance  # what this process allows


@dataclass
class _Emergencies:
    """The replies to emergencies of one sender: full ones, and the time of the last short one."""

    full: int
    last_short_at: float


class RateLimiter:
    """Counts of one process, under pseudonyms of that process.

    The number of entries is bounded: a sender who is not answered gets no entry, and emergencies
    have a maximum of their own. Of all senders the process keeps the highest counts that it
    has seen, so that a limit holds when Redis stops or loses its data.

    `clock` is monotonic, for the windows of senders; `wall` is the time of day, in seconds since
    1970, for the windows that all senders share.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float], wall: Callable[[], float] = time.time
    ) -> None:
        self._rules = limits.rules
        self._clock = clock
        self._wall = wall
        self._pseudonyms = ProcessPseudonyms(clock)
        # An entry is changed in place, because setting it again would extend its TTL.
        self._senders: TTLCache[str, list[int]] = TTLCache(math.inf, SENDER_WINDOW, clock)
        self._emergencies: TTLCache[str, _Emergencies] = TTLCache(
            _MAX_EMERGENCIES, SENDER_WINDOW, clock
        )
        self._windows = [*map(Window, _SPANS, limits.shared)]
        self._lock = threading.RLock()

    def ask(self, channel: str, sender: str) -> Pending:
        """Return what the counts of this process allow, and count nothing."""
        with self._lock:
            key = self._key(channel, sender)
            windows = self._current_windows()
            counts = (self._senders.get(key, (0,))[0], *(window.count for window in windows))
            return Pending(key, windows, allowance_after(counts, self._rules))

    def count(self, channel: str, sender: str) -> Allowance:
        """Decide by the counts of this process alone, and count the reply."""
        with self._lock:
            pending = self.ask(channel, sender)
            counts = [window.count for window in pending.windows]
            if pending.allowance < Allowance.NONE:
                counts = [*map(add, counts, self._rules[pending.allowance].charges[1:])]
            return self.adopt(channel, pending, pending.allowance, counts)

    def adopt(
        self, channel: str, pending: Pending, allowance: Allowance, counts: Sequence[int]
    ) -> Allowance:
        """Note a message that has been counted, and log limits that this reaches.

        The sender's counter holds the replies of this process only, which end with its own window.
        """
        with self._lock:
            if allowance < Allowance.NONE:
                charge = self._rules[allowance].charges[0]
                self._senders.setdefault(pending.key, [0])[0] += charge
            for window, count in zip(pending.windows, counts, strict=True):
                if window.count < window.limit <= count:
                    event_log.log_event("limit", channel, window.name, 0)
                window.count = max(window.count, count)
        return allowance

    def count_emergency(self, channel: str, sender: str) -> Allowance:
        """Count an emergency beyond the rate limits, and return the reply that it may get."""
        with self._lock:
            now = self._clock()
            key = self._key(channel, sender)
            sent = self._emergencies.setdefault(key, _Emergencies(0, now - EMERGENCY_SHORT_EVERY))
            allowance = emergency_allowance(sent.full, sent.last_short_at, now)
            if allowance is Allowance.SHORT:
                sent.last_short_at = now
            sent.full = min(sent.full + 1, EMERGENCY_LIMIT)
            return allowance

    def problems(self) -> list[str]:
        """Return a sentence for each limit of all senders that has been reached."""
        with self._lock:
            windows = self._current_windows()
            return [window.problem() for window in windows if window.count >= window.limit]

    def purge(self) -> None:
        """Evict expired entries, and replace the key of the pseudonyms once it has expired."""
        with self._lock:
            self._senders.expire()
            self._emergencies.expire()
            self._pseudonyms.purge()

    def _current_windows(self) -> list[Window]:
        now = self._wall()
        self._windows = [window.at(now) for window in self._windows]
        return self._windows

    def _key(self, channel: str, sender: str) -> str:
        return self._pseudonyms.pseudonym(channel, sender, COUNT_LABEL)
