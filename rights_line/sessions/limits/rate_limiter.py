"""Rate limiter of one process: replies to each sender and to all senders together."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cachetools import TTLCache

from rights_line import event_log
from rights_line.core.emergencies import EMERGENCY_LIMIT, EMERGENCY_SHORT_EVERY, decide_emergency
from rights_line.core.limits import SENDER_WINDOW, Allowance, Decision, Limits, decide
from rights_line.sessions import COUNT_LABEL
from rights_line.sessions.expiry import ProcessPseudonyms
from rights_line.sessions.limits.shared_limits import SharedLimits

_MAX_EMERGENCIES = 10_000  # senders; beyond them the least recently used entry is evicted


class Quote(NamedTuple):
    """The decision that this process expects before it knows the counts of the others.

    Attributes:
        key: the sender's pseudonym in this process.
        expected: the decision by the counts of this process.
        ends: the end of each shared counter's window, in seconds since 1970.
        ttls: the TTL of each counter in seconds, that of the sender's counter first.
    """

    key: str
    expected: Decision
    ends: tuple[float, ...]
    ttls: tuple[int, ...]


@dataclass
class _Emergencies:
    """The replies to emergencies of one sender: full ones, and the time of the last short one."""

    full: int
    last_short_at: float


class RateLimiter:
    """Counts of one process, under pseudonyms of that process.

    The number of entries is bounded: a sender who is not answered gets no entry, and emergencies
    have a maximum of their own. For a shared counter the process keeps the highest value that it
    has seen, so that a limit holds during a Redis outage.

    Args:
        limits: the limits of all senders.
        clock: monotonic, in seconds; for the windows of senders.
        wall: the time of day, in seconds since 1970; for the windows that all senders share.
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
        self._lock = threading.Lock()

    def count(self, channel: str, sender: str) -> Allowance:
        """Count a message in this process alone, and return its allowance."""
        with self._lock:
            return self._charge(self._touch(channel, sender), 0, channel, sender).allowance

    def quote(self, channel: str, sender: str) -> Quote:
        """Return the decision by the counts of this process, and charge nothing."""
        with self._lock:
            key = self._touch(channel, sender)
            expected = self._decide(self._sender_count(key), channel, sender)
            ttls = (SENDER_WINDOW, *self._shared.ttls())
            return Quote(key, expected, self._shared.ends(), ttls)

    def settle(
        self, channel: str, sender: str, quote: Quote, counts: Sequence[int] | None
    ) -> Decision:
        """Decide by the higher of the counts of this process and of Redis, and charge here.

        Args:
            channel: the channel's name.
            sender: the sender's number or id on that channel.
            quote: the quote for the same message.
            counts: the counters in Redis without this message, if it could be reached.
        """
        with self._lock:
            if counts:
                self._shared.adopt(quote.ends, counts[1:])
            return self._charge(quote.key, counts[0] if counts else 0, channel, sender)

    def count_emergency(self, channel: str, sender: str) -> Allowance:
        """Count an emergency beyond the rate limits, and return the reply that it may get."""
        with self._lock:
            now = self._clock()
            key = self._touch(channel, sender)
            sent = self._emergencies.setdefault(key, _Emergencies(0, now - EMERGENCY_SHORT_EVERY))
            allowance = decide_emergency(sent.full, sent.last_short_at, now)
            if allowance is Allowance.SHORT:
                sent.last_short_at = now
            sent.full = min(sent.full + 1, EMERGENCY_LIMIT)
            return allowance

    def limit_problems(self) -> list[str]:
        """Return a sentence for each limit of all senders that has been reached."""
        with self._lock:
            self._shared.evict_expired()
            return self._shared.problems()

    def purge(self) -> None:
        """Evict expired entries, and replace the key of the pseudonyms once it has expired."""
        with self._lock:
            self._senders.expire()
            self._emergencies.expire()
            self._pseudonyms.purge()
            self._shared.evict_expired()

    def _touch(self, channel: str, sender: str) -> str:
        """Replace expired windows, and return the key of a sender."""
        self._shared.evict_expired()
        return self._pseudonyms.key(channel, sender, COUNT_LABEL)

    def _charge(self, key: str, sender_count: int, channel: str, sender: str) -> Decision:
        """Decide and charge, given the sender's count in Redis; log limits that are reached."""
        sender_count = max(sender_count, self._sender_count(key))
        decision = self._decide(sender_count, channel, sender)
        sender_charge, *shared_charges = decision.charges
        if sender_charge:
            self._senders.setdefault(key, [0])[0] += sender_charge
            self._shared.charge(shared_charges, channel, sender)
        for outcome in self._shared.newly_reached():
            event_log.log_event("limit", channel, outcome, 0)
        return decision

    def _sender_count(self, key: str) -> int:
        return self._senders.get(key, (0,))[0]

    def _decide(self, sender_count: int, channel: str, sender: str) -> Decision:
        counts = (sender_count, *self._shared.counts())
        held = (0, 0) if sender_count else self._shared.held(channel, sender)  # for new senders
        return decide(counts, self._limits, *held)
