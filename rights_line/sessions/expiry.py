"""Expiry in the memory of a process: random keys that are replaced, and a purge once a minute."""

import math
import secrets
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress

from rights_line.sessions import TAG_TTL, session_pseudonym

_INTERVAL = 60.0  # seconds between two purges
# A tag is saved a moment after its key was derived, and must not outlive the random key.
_KEY_TTL = TAG_TTL + _INTERVAL


class ProcessPseudonyms:
    """Pseudonyms under a random key of this process, replaced when it has long been unused.

    Not thread-safe: the owner holds a lock. `clock` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._secret = b""  # replaced before the first use
        self._expires_at = -math.inf

    def pseudonym(self, channel: str, sender: str, label: str = "") -> str:
        """Return the pseudonym of a sender, the same while less than an hour passes."""
        self.purge()
        self._expires_at = self._clock() + _KEY_TTL
        return session_pseudonym(self._secret, channel, sender, label)

    def purge(self) -> None:
        """Replace the random key if it has expired."""
        if self._expires_at <= self._clock():
            self._secret = secrets.token_bytes(32)


class PurgeTimer:
    """A thread that purges what has expired every `interval` seconds, also when idle.

    It ends with the owner of `purge`, a bound method, of which it keeps only a weak reference.
    """

    def __init__(self, purge: Callable[[], None], interval: float = _INTERVAL) -> None:
        self._arguments = weakref.WeakMethod(purge), interval
        self._is_started = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the thread unless it runs. If none can be started, the next message tries."""
        with self._lock, suppress(RuntimeError):
            if not self._is_started:
                threading.Thread(target=_purge, args=self._arguments, daemon=True).start()
                self._is_started = True


def _purge(method: "weakref.WeakMethod[Callable[[], None]]", interval: float) -> None:
    while True:
        time.sleep(interval)
        purge = method()
        if not purge:
            return
        with suppress(Exception):  # the next purge removes what is left
            purge()
        del purge  # else the thread would keep its owner
