"""Tags in the memory of one process."""

import secrets
import threading
import time
from collections.abc import Callable

from rights_line.core.budget import HOURLY, Answer
from rights_line.sessions.counter import Counter
from rights_line.sessions.kept import LIFETIME, Session, pseudonym


class MemorySessions:
    """Tags of one process, under a key it made itself before it forked."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        most: int = 100_000,
        hourly: int = HOURLY,
    ) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock
        self._most = most
        self._tags: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._counter = Counter(hourly, clock)

    def load(self, channel: str, sender: str, counts: bool = True) -> Session:
        may = self._counter.count(channel, sender) if counts else Answer.FULL
        key = pseudonym(self._secret, channel, sender)
        with self._lock:
            tag, until = self._tags.pop(key, (None, 0.0))
            if tag is None or until <= self._clock():
                return Session(None, True, key, may)
            self._keep(key, tag)
        return Session(tag, True, key, may)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag != session.tag:
            with self._lock:
                self._tags.pop(session.key, None)
                if tag is not None:
                    self._keep(session.key, tag)
        return True

    def urgent(self, channel: str, sender: str) -> Answer:
        return self._counter.count_urgent(channel, sender)

    def state(self) -> str:
        return "memory"

    def _keep(self, key: str, tag: str) -> None:
        """Put a tag last in line; what is first in line is the first to be too old."""
        now = self._clock()
        while self._tags:
            oldest = next(iter(self._tags))
            if self._tags[oldest][1] > now and len(self._tags) < self._most:
                break
            del self._tags[oldest]
        self._tags[key] = (tag, now + LIFETIME)
