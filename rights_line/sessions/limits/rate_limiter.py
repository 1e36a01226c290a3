"""Rate limiter of one process: replies to each sender and to all senders together."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cachetools import TTLCache

from rights_line import event_log
from rights_line.core.limits import (
    EMERGENCY_LIMIT,
    EMERGENCY_SHORT_EVERY,
    SENDER_WINDOW,
    Allowance,
    Count,
    Limits,
    Rule,
    emergency_limit_allowance,
    limit_rules,
)
from rights_line.sessions import COUNT_LABEL
from rights_line.sessions.expiry import ProcessPseudonyms
from rights_line.sessions.limits.shared_limits import SharedLimits
from rights_line.sessions.limits.window import Window

_MAX_EMERGENCIES = 10_000  # senders; beyond them the least recently used entry is evicted


class CountRequest(NamedTuple):
    """A message to count.

    Attributes:
        key: the sender's pseudonym in this process.
        rules: those that this process allows.
        windows: those that this process knows.
    """

    key: str
    rules: list[Rule]
    windows: tuple[Window, ...]


class Counted(NamedTuple):
    """The rule by which a message was counted, and the shared counters afterwards."""

    rule: Rule
    counts: Sequence[int]


@dataclass
class _Emergencies:
    """The replies to emergencies of one sender: full ones, and the time of the last short one."""

    full: int
    last_short_at: float


class RateLimiter:
    """Counts of one process, under pseudonyms of that process.

    The number of entries is bounded: a sender who is not answered gets no entry, and emergencies
    have a maximum of their own. For a shared counter the process keeps the highest value that it
    has seen, so that a limit holds when Redis stops or loses its data.

    `clock` is monotonic, for the windows of senders; `wall` is the time of day, in seconds since
    1970, for the windows that all senders share.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float], wall: Callable[[], float] = time.time
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._pseudonyms = ProcessPseudonyms(clock)
        # An entry is changed in place, because setting it again would extend its TTL.
        self._senders: TTLCache[str, list[int]] = TTLCache(math.inf, SENDER_WINDOW, clock)
        self._emergencies: TTLCache[str, _Emergencies] = TTLCache(
            _MAX_EMERGENCIES, SENDER_WINDOW, clock
        )
        self._shared = SharedLimits(limits, wall)
        self._lock = threading.RLock()

    def count_rate(self, channel: str, sender: str) -> Allowance:
        """Decide by the counts of this process alone, and return the allowance."""
        with self._lock:
            request = self.rate_count_request(channel, sender)
            rule = request.rules[0]
            charged = zip(request.windows, rule.charges[1:], strict=True)
            counts = [window.count + amount for window, amount in charged]
            return self.adopt_rate_count(channel, sender, request, Counted(rule, counts))

    def rate_count_request(self, channel: str, sender: str) -> CountRequest:
        """Return what Redis needs to decide, and count nothing."""
        with self._lock:
            windows = self._shared.shared_windows()
            key = self._rate_limit_key(channel, sender)
            sender_count = self._senders.get(key, (0,))[0]
            counts = (sender_count, *(window.count for window in windows))
            all_rules = limit_rules(
                self._limits, self._shared.held_shared_reserves(channel, sender)
            )
            rules = [rule for rule in all_rules if rule.rule_allows(counts)]
            return CountRequest(key, rules, windows)

    def adopt_rate_count(
        self, channel: str, sender: str, request: CountRequest, counted: Counted
    ) -> Allowance:
        """Note a message that has been counted, log limits that are reached, return the allowance.

        The sender's counter holds the replies of this process only, which end with its own window.
        """
        rule = counted.rule
        with self._lock:
            if sender_charge := rule.charges[Count.SENDER]:
                self._senders.setdefault(request.key, [0])[0] += sender_charge
            if rule.charges[Count.RESERVE_HOUR]:
                self._shared.draw_shared_reserves(channel, sender)
            for outcome in self._shared.adopt_shared_counts(request.windows, counted.counts):
                event_log.log_event("limit", channel, outcome, 0)
        return rule.allowance

    def count_emergency_rate(self, channel: str, sender: str) -> Allowance:
        """Count an emergency beyond the rate limits, and return the reply that it may get."""
        with self._lock:
            now = self._clock()
            key = self._rate_limit_key(channel, sender)
            sent = self._emergencies.setdefault(key, _Emergencies(0, now - EMERGENCY_SHORT_EVERY))
            allowance = emergency_limit_allowance(sent.full, sent.last_short_at, now)
            if allowance is Allowance.SHORT:
                sent.last_short_at = now
            sent.full = min(sent.full + 1, EMERGENCY_LIMIT)
            return allowance

    def rate_limit_problems(self) -> list[str]:
        """Return a sentence for each limit of all senders that has been reached."""
        with self._lock:
            return self._shared.shared_limit_problems()

    def purge_rate_counts(self) -> None:
        """Evict expired entries, and replace the key of the pseudonyms once it has expired."""
        with self._lock:
            self._senders.expire()
            self._emergencies.expire()
            self._pseudonyms.purge_expired_key()
            self._shared.shared_windows()

    def _rate_limit_key(self, channel: str, sender: str) -> str:
        return self._pseudonyms.expiring_pseudonym(channel, sender, COUNT_LABEL)
