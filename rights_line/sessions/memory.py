"""Tags in the memory of one process."""

import secrets
import threading
import time
from collections.abc import Callable

from rights_line.core.rate_limit import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import TAG_TTL, Session, pseudonym
from rights_line.sessions.rate_limiter import RateLimiter
from rights_line.sessions.sweeper import Sweeper


class MemorySessionStore:
    """Tags of one process, under a key it made itself, and makes anew when all is over."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        max_entries: int = 100_000,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._secret = b""  # made when the first message comes
        self._clock = clock
        self._max_entries = max_entries
        self._tags: dict[str, tuple[str, float]] = {}
        self._pending_until = 0.0  # by then what was loaded last has been saved, if ever
        self._lock = threading.Lock()
        self._counter = RateLimiter(limits, clock, wall=wall)
        self._sweeper = Sweeper(self.evict_expired)

    def evict_expired(self) -> None:
        """Let go of what is over."""
        with self._lock:
            self._evict_expired(self._clock())

    def load(self, channel: str, sender: str, count_message: bool = True) -> Session:
        allowance = self._counter.count(channel, sender) if count_message else Allowance.FULL
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
        return self._counter.count_emergency(channel, sender)

    def status(self) -> str:
        return "memory"

    def problems(self) -> list[str]:
        return []

    def _put(self, key: str, tag: str) -> None:
        """Put a tag last in line."""
        if len(self._tags) >= self._max_entries:
            del self._tags[next(iter(self._tags))]
        self._tags[key] = (tag, self._clock() + TAG_TTL)

    def _evict_expired(self, now: float) -> None:
        """Let go of what is over; what is first in line is the first to be."""
        while self._tags and next(iter(self._tags.values()))[1] <= now:
            del self._tags[next(iter(self._tags))]
        if not self._tags and self._pending_until <= now:
            self._secret = secrets.token_bytes(32)
