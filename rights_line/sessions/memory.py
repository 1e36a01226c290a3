"""Session store in the memory of one process."""

import threading
import time
from collections.abc import Callable

from cachetools import TTLCache

from rights_line.core.limits import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import (
    NO_TAG,
    TAG_TTL,
    ProcessPseudonyms,
    PurgeTimer,
    Session,
    message_name,
)
from rights_line.sessions.rate_limiter import RateLimiter


class MemorySessionStore:
    """Tags and counts of one process, under pseudonyms of that process.

    Beyond `max_entries` tags the least recently used is evicted. `clock` is monotonic, in seconds;
    `wall` is in seconds since 1970.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        max_entries: int = 100_000,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._pseudonyms = ProcessPseudonyms(clock)
        self._tags: TTLCache[str, str] = TTLCache(max_entries, TAG_TTL, clock)
        self._lock = threading.Lock()
        self._limiter = RateLimiter(limits, clock, wall)
        self._timer = PurgeTimer(self.purge)

    def open_message(
        self, channel: str, sender: str, count_message: bool = True, message_id: str = ""
    ) -> tuple[Session, Allowance]:
        self._timer.start()
        allowance = self._limiter.count(channel, sender) if count_message else Allowance.FULL
        with self._lock:
            key = self._pseudonyms.pseudonym(channel, sender)
            stored = first = self._tags.get(key)
            if stored is not None:
                self._tags[key] = stored  # extends its TTL
            if message_id:
                id_key = self._pseudonyms.pseudonym(channel, message_name(message_id, sender))
                first = self._tags.setdefault(id_key, stored or NO_TAG)
        return Session(None if first == NO_TAG else first, True, key, stored), allowance

    def save(self, session: Session, tag: str | None) -> bool:
        if tag != session.stored_tag:
            with self._lock:
                self._tags.pop(session.key, None)
                if tag is not None:
                    self._tags[session.key] = tag
        return True

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        return self._limiter.count_emergency(channel, sender)

    def status(self) -> str:
        return "memory"

    def problems(self) -> list[str]:
        return self._limiter.problems()

    def purge(self) -> None:
        """Evict expired entries, and replace the key of the pseudonyms once it has expired."""
        self._limiter.purge()
        with self._lock:
            self._tags.expire()
            self._pseudonyms.purge()
