"""How many replies each sender, and all senders together, got from one process."""

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

_MAX_EMERGENCIES = 10_000  # senders; beyond them the first begins anew


class Quote(NamedTuple):
    """The offers that one process can make, best first.

    Attributes:
        key: the sender's pseudonym in this process.
        offers: the offers.
        ends: the end of each shared counter's window, in seconds since 1970.
        ttls: the seconds that each counter, the sender's first, has to live.
    """

    key: str = ""
    offers: tuple[Offer, ...] = ()
    ends: tuple[float, ...] = ()
    ttls: tuple[int, ...] = ()


class Receipt(NamedTuple):
    """The offer of a quote that Redis charged, if any, and the shared counters after that."""

    offer: Offer | None
    shared_counts: tuple[int, ...]


class RateLimiter:
    """Counts of one process, under a key that it made itself and replaces when no count is left.

    A sender who gets no reply gets no row, so there are no more rows than replies. Emergencies
    have a number of their own. Of a shared counter a process keeps the highest value that it has
    seen, so that a limit holds when Redis is gone.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float],
        on_idle: Callable[[], None] = lambda: None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Take the clock of senders' windows, and the time of day, in seconds since 1970."""
        self._secret = b""  # made when the first message comes
        self._clock = clock
        self._on_idle = on_idle
        self._senders: dict[str, tuple[int, float]] = {}  # count and end, in the order of the ends
        # Full replies to emergencies, end of the window, time of the last short line.
        self._emergencies: dict[str, tuple[int, float, float]] = {}
        self._shared = SharedLimits(limits, wall)
        self._lock = threading.Lock()
        self._sweeper = Sweeper(self.evict_expired)

    def evict_expired(self) -> None:
        """Evict what has expired."""
        with self._lock:
            self._evict_expired(self._clock())

    def count(self, channel: str, sender: str) -> Allowance:
        """Count a message in this process alone, and return the reply that it may get."""
        return self.settle(channel, sender, self.quote(channel, sender))

    def quote(self, channel: str, sender: str) -> Quote:
        """Return the offers that no counter of this process rules out."""
        with self._lock:
            key = self._touch(channel, sender)
            counts = self._counts(key)
            choices = self._shared.offers(channel, sender, is_answered=counts[0] > 0)
            return Quote(
                key,
                tuple(offer for offer in choices if offer.is_below(counts)),
                self._shared.ends(),
                (SENDER_WINDOW, *self._shared.ttls()),
            )

    def settle(
        self, channel: str, sender: str, quote: Quote, receipt: Receipt | None = None
    ) -> Allowance:
        """Charge the offer that Redis charged; without a receipt, the best that fits here.

        Nothing is evicted, since the message was not yet counted when its quote was made.
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
        """Count an emergency for which no other reply is left, and return the reply to it."""
        with self._lock:
            now = self._clock()
            key = self._touch(channel, sender)
            row = self._emergencies.get(key, (0, now + SENDER_WINDOW, now - EMERGENCY_SHORT_EVERY))
            sender_count, end, last_short_at = row
            allowance = decide_emergency(sender_count, last_short_at, now)
            if allowance is Allowance.SHORT:
                last_short_at = now
            self._emergencies[key] = (min(sender_count + 1, EMERGENCY_LIMIT), end, last_short_at)
            return allowance

    def limit_problems(self) -> list[str]:
        """Return a sentence for each limit of all senders that is reached."""
        with self._lock:
            self._evict_expired(self._clock())
            return self._shared.problems()

    def _touch(self, channel: str, sender: str) -> str:
        """Return the key of a sender, after evicting what has expired."""
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

    def _is_first_emergency_over(self, now: float) -> bool:
        _, end, _ = next(iter(self._emergencies.values()))
        return end <= now or len(self._emergencies) > _MAX_EMERGENCIES

    def _evict_expired(self, now: float) -> None:
        while self._senders and next(iter(self._senders.values()))[1] <= now:
            del self._senders[next(iter(self._senders))]
        while self._emergencies and self._is_first_emergency_over(now):
            del self._emergencies[next(iter(self._emergencies))]
        if not self._senders and not self._emergencies:
            self._secret = secrets.token_bytes(32)
            self._on_idle()
        self._shared.evict_expired()
