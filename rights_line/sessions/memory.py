"""Session store in the memory of one process."""

import secrets
import threading
import time
from collections.abc import Callable

from rights_line.core.rate_limit import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import TAG_TTL, Session, pseudonym
from rights_line.sessions.rate_limiter import RateLimiter
from rights_line.sessions.sweeper import Sweeper


class MemorySessionStore:
    """Tags of one process, under a random key that is replaced once all tags have expired.

    Args:
        clock: monotonic, in seconds.
        max_entries: number of tags; beyond it the oldest is evicted.
        limits: the rate limits.
        wall: the time of day, in seconds since 1970.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        max_entries: int = 100_000,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._secret = b""  # replaced before the first message
        self._clock = clock
        self._max_entries = max_entries
        self._tags: dict[str, tuple[str, float]] = {}  # tag and expiry, the first to expire first
        self._pending_until = 0.0  # the last session loaded may be saved until then
        self._lock = threading.Lock()
        self._limiter = RateLimiter(limits, clock, wall=wall)
        self._sweeper = Sweeper(self.evict_expired)

    def evict_expired(self) -> None:
        """Evict expired tags."""
        with self._lock:
            self._evict_expired(self._clock())

    def load(self, channel: str, sender: str, count_message: bool = True) -> Session:
        allowance = self._limiter.count(channel, sender) if count_message else Allowance.FULL
        with self._lock:
            now = self._clock()
            self._evict_expired(now)
            self._pending_until = now + TAG_TTL
            self._sweeper.start()
            key = pseudonym(self._secret, channel, sender)
            tag, _ = self._tags.pop(key, (None, now))
            if tag is not None:
                self._put(key, tag)
        return Session(tag, True, key, allowance)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag != session.tag:
            with self._lock:
                self._tags.pop(session.key, None)
                if tag is not None:
                    self._put(session.key, tag)
        return True

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        return self._limiter.count_emergency(channel, sender)

    def status(self) -> str:
        return "memory"

    def problems(self) -> list[str]:
        return []

    def _put(self, key: str, tag: str) -> None:
        """Add a tag at the end, which keeps the order of expiry."""
        if len(self._tags) >= self._max_entries:
            del self._tags[next(iter(self._tags))]
        self._tags[key] = (tag, self._clock() + TAG_TTL)

    def _evict_expired(self, now: float) -> None:
        while self._tags and next(iter(self._tags.values()))[1] <= now:
            del self._tags[next(iter(self._tags))]
        if not self._tags and self._pending_until <= now:
            self._secret = secrets.token_bytes(32)
