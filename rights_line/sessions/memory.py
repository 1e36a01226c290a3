"""Tags in the memory of one process."""

import secrets
import threading
import time
from collections.abc import Callable

from rights_line.core.rate_limit import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import LIFETIME, Session, pseudonym
from rights_line.sessions.rate_limiter import RateLimiter
from rights_line.sessions.sweeper import Sweeper


class MemorySessions:
    """Tags of one process, under a key it made itself, and makes anew when all is over."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        most: int = 100_000,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._secret = b""  # made when the first message comes
        self._clock = clock
        self._most = most
        self._tags: dict[str, tuple[str, float]] = {}
        self._saved = 0.0  # by then what was loaded last has been saved, if ever
        self._lock = threading.Lock()
        self._counter = RateLimiter(limits, clock, wall=wall)
        self._sweeper = Sweeper(self.forget)

    def forget(self) -> None:
        """Let go of what is over."""
        with self._lock:
            self._forget(self._clock())

    def load(self, channel: str, sender: str, counts: bool = True) -> Session:
        allowance = self._counter.count(channel, sender) if counts else Allowance.FULL
        with self._lock:
            now = self._clock()
            self._forget(now)
            self._saved = now + LIFETIME
            self._sweeper.start()
            key = pseudonym(self._secret, channel, sender)
            tag, _ = self._tags.pop(key, (None, now))
            if tag is not None:
                self._keep(key, tag)
        return Session(tag, True, key, allowance)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag != session.tag:
            with self._lock:
                self._tags.pop(session.key, None)
                if tag is not None:
                    self._keep(session.key, tag)
        return True

    def urgent(self, channel: str, sender: str) -> Allowance:
        return self._counter.count_emergency(channel, sender)

    def state(self) -> str:
        return "memory"

    def problems(self) -> list[str]:
        return []

    def _keep(self, key: str, tag: str) -> None:
        """Put a tag last in line."""
        if len(self._tags) >= self._most:
            del self._tags[next(iter(self._tags))]
        self._tags[key] = (tag, self._clock() + LIFETIME)

    def _forget(self, now: float) -> None:
        """Let go of what is over; what is first in line is the first to be."""
        while self._tags and next(iter(self._tags.values()))[1] <= now:
            del self._tags[next(iter(self._tags))]
        if not self._tags and self._saved <= now:
            self._secret = secrets.token_bytes(32)
