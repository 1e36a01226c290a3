"""How many messages of each person, and of all, one process has answered."""

import secrets
import threading
from collections.abc import Callable

from rights_line.core.budget import HOUR, WINDOW, Answer, spend
from rights_line.sessions.kept import COUNT, pseudonym


class Counter:
    """Counts of one process, under a key it made itself.

    It has no more rows than answers were given in two hours: who gets none has no row made.
    """

    def __init__(self, hourly: int, clock: Callable[[], float]) -> None:
        self._secret = secrets.token_bytes(32)
        self._hourly = hourly
        self._clock = clock
        self._each: dict[str, tuple[int, float]] = {}  # the first in line ends first
        self._all = (0, 0.0)
        self._lock = threading.Lock()

    def count(self, channel: str, sender: str) -> Answer:
        """Count a message and return what may be answered."""
        key = pseudonym(self._secret, channel, sender, COUNT)
        with self._lock:
            now = self._clock()
            self._forget(now)
            hers, her_end = self._each.get(key, (0, now + WINDOW))
            everybodys, end = self._all
            may, hers = spend(hers, everybodys, self._hourly)
            if may is not Answer.NONE:
                self._each[key] = (hers, her_end)
                self._all = (everybodys + 1, end)
            return may

    def _forget(self, now: float) -> None:
        while self._each and next(iter(self._each.values()))[1] <= now:
            del self._each[next(iter(self._each))]
        if self._all[1] <= now or not self._all[0]:
            self._all = (0, now + HOUR)
