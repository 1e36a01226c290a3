"""Whether Redis is asked at all: after a failure nobody asks for a while."""

import mmap
import threading
from collections.abc import Callable

_PAUSE = 1.0  # seconds for which Redis is left alone after it failed


class Breaker:
    """Common to the processes that are forked from the one that made it.

    Were one of them without a memory while another has one, what a person chose would be lost and
    what was kept before be taken for it: her next number would lead into another language.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # When Redis is tried again after it failed (0: it did not), how often it has failed, and
        # whether somebody's choice is not kept (1).
        self._cells = memoryview(mmap.mmap(-1, 24)).cast("d")
        self._lock = threading.Lock()

    @property
    def failures(self) -> float:
        """Return how often Redis failed: what was asked before the last time proves nothing."""
        return self._cells[1]

    def may_try(self) -> bool:
        """Tell whether to ask Redis: after a failure one asks, and nobody else waits with her."""
        with self._lock:
            now, resume = self._clock(), self._cells[0]
            if now < resume:
                return False
            if resume:
                self._cells[0] = now + _PAUSE
            return True

    def failed(self, seconds: float) -> None:
        """Note a failure that cost so long."""
        with self._lock:
            # A name that is looked up in vain takes long, whatever the time-outs: the next try is
            # put off by five times what this one cost.
            self._cells[0] = self._clock() + max(_PAUSE, 5 * seconds)
            self._cells[1] += 1

    def worked(self, failures: float) -> None:
        """Note that Redis answered what it was asked when it had failed so often."""
        with self._lock:
            if self._cells[1] == failures:
                self._cells[0] = 0.0

    @property
    def is_outdated(self) -> bool:
        """Tell whether Redis holds a language that somebody has left since, or had forgotten."""
        return self._cells[2] > 0

    def outdate(self, is_so: bool) -> None:
        """Note that it does, or no longer."""
        self._cells[2] = is_so
