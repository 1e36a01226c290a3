"""Tags in Redis that became stale because a newer tag could not be written."""

import secrets
import threading
from collections.abc import Callable, Iterable

from rights_line.sessions import PREFIX, TAG_TTL, pseudonym
from rights_line.sessions.sweeper import Sweeper


class StaleTags:
    """A bounded set of the names of senders whose tag in Redis must not be used.

    A name is the sender's Redis key. While the salt is unknown, that key cannot be computed, and
    the name is a mark: a pseudonym under a secret of this process. A name leaves the set when a
    newer tag has been written, or after TAG_TTL, when the stale tag has expired in Redis.

    Args:
        clock: monotonic, in seconds.
        max_names: the size of the set.
    """

    def __init__(self, clock: Callable[[], float], max_names: int) -> None:
        self._clock = clock
        self._max_names = max_names
        self._secret = secrets.token_bytes(32)
        self._ends: dict[str, float] = {}  # expiry by name, the first to expire first
        self._undeleted: set[str] = set()  # Redis keys still to be deleted
        self._lock = threading.Lock()
        self._sweeper = Sweeper(self.expire)

    def __contains__(self, name: str) -> bool:
        return bool(self._ends) and self._clock() < self._ends.get(name, 0)

    def mark(self, channel: str, sender: str) -> str:
        """Return the name of a sender while the Redis key cannot be computed."""
        return pseudonym(self._secret, channel, sender).removeprefix(PREFIX)

    def add(self, name: str) -> bool:
        """Add a name, and return whether there was room for it."""
        with self._lock:
            self._expire()
            self._ends.pop(name, None)
            if len(self._ends) >= self._max_names:
                return False
            self._ends[name] = self._clock() + TAG_TTL
            if name.startswith(PREFIX):
                self._undeleted.add(name)
        self._sweeper.start()
        return True

    def discard(self, name: str) -> None:
        """Remove a name after a newer tag has been written."""
        if name in self._ends:
            with self._lock:
                self._remove(name)

    def identify(self, channel: str, sender: str, key: str) -> None:
        """Replace the mark of a sender, if there is one, with the now known Redis key."""
        if self._ends and (mark := self.mark(channel, sender)) in self:
            self.discard(mark)
            self.add(key)

    def undeleted(self) -> list[str]:
        """Return the Redis keys that are still to be deleted."""
        if not self._undeleted:
            return []
        with self._lock:
            self._expire()
            return list(self._undeleted)

    def deleted(self, keys: Iterable[str]) -> None:
        """Record that keys have been deleted in Redis."""
        with self._lock:
            self._undeleted.difference_update(keys)

    def clear(self) -> None:
        """Remove all names: under a new salt the old keys are never read again."""
        with self._lock:
            self._ends.clear()
            self._undeleted.clear()

    def expire(self) -> None:
        """Remove the names whose stale tag has expired."""
        with self._lock:
            self._expire()

    def _expire(self) -> None:
        now = self._clock()
        while self._ends and next(iter(self._ends.values())) <= now:
            self._remove(next(iter(self._ends)))

    def _remove(self, name: str) -> None:
        self._ends.pop(name, None)
        self._undeleted.discard(name)
