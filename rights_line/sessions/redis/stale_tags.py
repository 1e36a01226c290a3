"""Tags in Redis that became stale because a newer tag could not be written."""

import secrets
import threading
from collections.abc import Callable

from cachetools import TTLCache

from rights_line.sessions import PREFIX, TAG_TTL, session_pseudonym


class StaleTags:
    """A bounded set of the names of senders whose tag in Redis must not be used.

    A name is the sender's Redis key. While the salt is unknown, that key cannot be computed, and
    the name is a mark: a pseudonym under a secret of this process. A name leaves the set when a
    newer tag was written or the stale one deleted, or after TAG_TTL, when it expired in Redis.
    `clock` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float], max_names: int) -> None:
        self._secret = secrets.token_bytes(32)
        self._names: TTLCache[str, None] = TTLCache(max_names, TAG_TTL, clock)
        self._lock = threading.Lock()

    def stale_tag_mark(self, channel: str, sender: str) -> str:
        """Return the name of a sender while the Redis key cannot be computed."""
        return session_pseudonym(self._secret, channel, sender).removeprefix(PREFIX)

    def add_stale_tag(self, name: str) -> bool:
        """Add a name, and return whether there was room for it."""
        with self._lock:
            self._names.pop(name, None)
            has_room = len(self._names) < self._names.maxsize
            if has_room:
                self._names[name] = None
            return has_room

    def discard_stale_tags(self, *names: str) -> None:
        """Remove names after a newer tag was written, or the stale one deleted."""
        with self._lock:
            for name in names:
                self._names.pop(name, None)

    def stale_tag_names(self, channel: str, sender: str, key: str) -> list[str]:
        """Return the names of a sender that are in the set: the key, the mark, or both."""
        with self._lock:
            if not self._names:
                return []
            return [
                name for name in (key, self.stale_tag_mark(channel, sender)) if name in self._names
            ]

    def stale_tag_keys(self) -> list[str]:
        """Return the names that are Redis keys."""
        with self._lock:
            return [name for name in self._names if name.startswith(PREFIX)]

    def clear_stale_tags(self) -> None:
        """Remove all names: under a new salt the old keys are never read again."""
        with self._lock:
            self._names.clear()

    def purge_stale_tags(self) -> None:
        """Remove the names whose stale tag has expired in Redis."""
        with self._lock:
            self._names.expire()
