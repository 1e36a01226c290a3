"""How many messages of each person, and of all, one process has answered."""

import secrets
import threading
from collections.abc import Callable

from rights_line.core.budget import HOUR, MINUTE, URGENT, WINDOW, Answer, spend, spend_urgent
from rights_line.sessions.kept import COUNT, pseudonym
from rights_line.sessions.sweeper import Sweeper

_MOST_URGENT = 10_000  # persons; beyond them the first begins anew


class Counter:
    """Counts of one process, under a key it made itself, and makes anew when no count is left.

    It has no more rows than answers were given in two hours: who gets none has no row made. Those
    of emergencies have a number of their own.
    """

    def __init__(
        self, hourly: int, clock: Callable[[], float], at_rest: Callable[[], None] = lambda: None
    ) -> None:
        """Take what is to be done as well whenever no count is left."""
        self._secret = b""  # made when the first message comes
        self._hourly = hourly
        self._clock = clock
        self._at_rest = at_rest
        self._each: dict[str, tuple[int, float]] = {}  # the first in line ends first
        # Of emergencies: full answers, when the window ends, when the last short line was said.
        self._urgent: dict[str, tuple[int, float, float]] = {}
        self._all = (0, 0.0)
        self._lock = threading.Lock()
        self._sweeper = Sweeper(self.forget)

    def forget(self) -> None:
        """Let go of what is over."""
        with self._lock:
            self._forget(self._clock())

    def count(self, channel: str, sender: str) -> Answer:
        """Count a message and return what may be answered."""
        with self._lock:
            now = self._clock()
            key = self._begin(now, channel, sender)
            hers, her_end = self._each.get(key, (0, now + WINDOW))
            everybodys, end = self._all
            may, hers = spend(hers, everybodys, self._hourly)
            if may is not Answer.NONE:
                self._each[key] = (hers, her_end)
                self._all = (everybodys + 1, end)
            return may

    def count_urgent(self, channel: str, sender: str) -> Answer:
        """Count an emergency for which nothing else is left, and return what may be answered."""
        with self._lock:
            now = self._clock()
            key = self._begin(now, channel, sender)
            hers, end, told = self._urgent.get(key, (0, now + WINDOW, now - MINUTE))
            may = spend_urgent(hers, told, now)
            hers = min(hers + 1, URGENT)
            self._urgent[key] = (hers, end, now if may is Answer.SHORT else told)
            return may

    def _begin(self, now: float, channel: str, sender: str) -> str:
        """Return the key of a person, once what is over has gone; see to it that hers will go."""
        self._forget(now)
        self._sweeper.start()
        return pseudonym(self._secret, channel, sender, COUNT)

    def _ends(self, now: float) -> bool:
        """Tell whether the first row of emergencies is over, or in the way of others."""
        _, end, _ = next(iter(self._urgent.values()))
        return end <= now or len(self._urgent) > _MOST_URGENT

    def _forget(self, now: float) -> None:
        while self._each and next(iter(self._each.values()))[1] <= now:
            del self._each[next(iter(self._each))]
        while self._urgent and self._ends(now):
            del self._urgent[next(iter(self._urgent))]
        if not self._each and not self._urgent:
            self._secret = secrets.token_bytes(32)
            self._at_rest()
        if self._all[1] <= now or not self._all[0]:
            self._all = (0, now + HOUR)
