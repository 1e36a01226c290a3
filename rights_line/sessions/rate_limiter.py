"""Rate limiter of one process: replies to each sender and to all senders together."""

import secrets
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from rights_line import event_log
from rights_line.core.emergencies import EMERGENCY_LIMIT, EMERGENCY_SHORT_EVERY, decide_emergency
from rights_line.core.rate_limit import SENDER_WINDOW, Allowance, Count, Limits, Offer, decide
from rights_line.sessions import COUNT_LABEL, pseudonym
from rights_line.sessions.shared_limits import SharedLimits
from rights_line.sessions.sweeper import Sweeper

_MAX_EMERGENCIES = 10_000  # senders; beyond them the oldest entry is evicted


class Quote(NamedTuple):
    """The replies that this process could send to one message.

    Attributes:
        key: the sender's pseudonym in this process.
        offers: the possible replies with their charges, best first.
        ends: the end of each shared counter's window, in seconds since 1970.
        ttls: the TTL of each counter in seconds, that of the sender's counter first.
    """

    key: str = ""
    offers: tuple[Offer, ...] = ()
    ends: tuple[float, ...] = ()
    ttls: tuple[int, ...] = ()


class Receipt(NamedTuple):
    """The offer that Redis charged, if any, and the shared counters after that."""

    offer: Offer | None
    shared_counts: tuple[int, ...]


class RateLimiter:
    """Counts of one process, under a random key that is replaced once all entries have expired.

    The number of entries is bounded: a sender who is not answered gets no entry, and emergencies
    have a maximum of their own. For a shared counter the process keeps the highest value that it
    has seen, so that a limit holds during a Redis outage.

    Args:
        limits: the limits of all senders.
        clock: monotonic, in seconds; for the windows of senders.
        on_idle: called when no entry is left.
        wall: the time of day, in seconds since 1970; for the windows that all senders share.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float],
        on_idle: Callable[[], None] = lambda: None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._secret = b""  # replaced before the first message
        self._clock = clock
        self._on_idle = on_idle
        self._senders: dict[str, tuple[int, float]] = {}  # count and end, the first to end first
        # Full replies to emergencies, end of the window, time of the last short reply.
        self._emergencies: dict[str, tuple[int, float, float]] = {}
        self._shared = SharedLimits(limits, wall)
        self._lock = threading.Lock()
        self._sweeper = Sweeper(self.evict_expired)

    def evict_expired(self) -> None:
        """Evict expired entries."""
        with self._lock:
            self._evict_expired(self._clock())

    def count(self, channel: str, sender: str) -> Allowance:
        """Count a message in this process alone, and return its allowance."""
        return self.settle(channel, sender, self.quote(channel, sender))

    def quote(self, channel: str, sender: str) -> Quote:
        """Return the offers that are within all limits of this process."""
        with self._lock:
            key = self._touch(channel, sender)
            counts = self._counts(key)
            candidates = self._shared.offers(channel, sender, is_answered=counts[0] > 0)
            return Quote(
                key,
                tuple(offer for offer in candidates if offer.is_below(counts)),
                self._shared.ends(),
                (SENDER_WINDOW, *self._shared.ttls()),
            )

    def settle(
        self, channel: str, sender: str, quote: Quote, receipt: Receipt | None = None
    ) -> Allowance:
        """Charge the offer that Redis charged; without a receipt, the best one that fits.

        This must not evict entries: the secret could change, and with it the key of the quote.
        """
        with self._lock:
            offer = receipt.offer if receipt else decide(quote.offers, self._counts(quote.key))
            self._charge(offer, quote.key, channel, sender)
            if receipt:
                self._shared.adopt(quote.ends, receipt.shared_counts)
            reached = self._shared.newly_reached()
        for outcome in reached:
            event_log.log_event("limit", channel, outcome, 0)
        return offer.allowance if offer else Allowance.NONE

    def count_emergency(self, channel: str, sender: str) -> Allowance:
        """Count an emergency beyond the rate limits, and return the reply that it may get."""
        with self._lock:
            now = self._clock()
            key = self._touch(channel, sender)
            new = (0, now + SENDER_WINDOW, now - EMERGENCY_SHORT_EVERY)
            sender_count, end, last_short_at = self._emergencies.get(key, new)
            allowance = decide_emergency(sender_count, last_short_at, now)
            if allowance is Allowance.SHORT:
                last_short_at = now
            self._emergencies[key] = (min(sender_count + 1, EMERGENCY_LIMIT), end, last_short_at)
            return allowance

    def limit_problems(self) -> list[str]:
        """Return a sentence for each limit of all senders that has been reached."""
        with self._lock:
            self._evict_expired(self._clock())
            return self._shared.problems()

    def _touch(self, channel: str, sender: str) -> str:
        """Evict expired entries, and return the key of a sender."""
        self._evict_expired(self._clock())
        self._sweeper.start()
        return pseudonym(self._secret, channel, sender, COUNT_LABEL)

    def _counts(self, key: str) -> tuple[int, ...]:
        sender_count, _ = self._senders.get(key, (0, 0.0))
        return (sender_count, *self._shared.counts())

    def _charge(self, offer: Offer | None, key: str, channel: str, sender: str) -> None:
        if not offer:
            return
        sender_count, end = self._senders.get(key, (0, self._clock() + SENDER_WINDOW))
        amounts = {charge.counter: charge.amount for charge in offer.charges}
        self._senders[key] = (sender_count + amounts.pop(Count.SENDER), end)
        self._shared.charge(amounts, channel, sender)

    def _is_first_emergency_evictable(self, now: float) -> bool:
        _, end, _ = next(iter(self._emergencies.values()))
        return end <= now or len(self._emergencies) > _MAX_EMERGENCIES

    def _evict_expired(self, now: float) -> None:
        while self._senders and next(iter(self._senders.values()))[1] <= now:
            del self._senders[next(iter(self._senders))]
        while self._emergencies and self._is_first_emergency_evictable(now):
            del self._emergencies[next(iter(self._emergencies))]
        if not self._senders and not self._emergencies:
            self._secret = secrets.token_bytes(32)
            self._on_idle()
        self._shared.evict_expired()
