"""A circuit breaker: after Redis failed it is not asked for a while."""

import threading
from collections.abc import Callable

from rights_line import event_log

_PAUSE = 1.0  # seconds without a command after a failure


class Breaker:
    """The circuit breaker of one process.

    One event is logged when it opens (`ms`: how long the failed command took), and one when it
    closes (`ms`: how long it was open).
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.failures = 0  # a command sent before the last failure proves nothing by its success
        self._clock = clock
        self._opened = 0.0
        self._resume = 0.0  # when Redis may be tried again; 0 while the breaker is closed
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether Redis failed and has not worked since."""
        return self._resume > 0

    def allows_request(self) -> bool:
        """Tell whether to ask Redis; while the breaker is open, one caller at a time may."""
        with self._lock:
            now = self._clock()
            if now < self._resume:
                return False
            if self.is_open:
                self._resume = now + _PAUSE
            return True

    def record_failure(self, seconds: float) -> None:
        """Open after a command that failed, given how long it took.

        A failing name lookup may take long, whatever the timeouts, so the pause is at least five
        times as long.
        """
        if self._open(max(_PAUSE, 5 * seconds)):
            event_log.log_event("redis", "", "down", 1000 * seconds)

    def hold_open(self, seconds: float) -> None:
        """Open, or stay open, for at least this long."""
        if self._open(seconds):
            event_log.log_event("redis", "", "down", 0)

    def record_success(self, failures: int) -> None:
        """Close after a command that succeeded, given `failures` at the time it was sent."""
        with self._lock:
            if not self.is_open or self.failures != failures:
                return
            self._resume = 0.0
            seconds = self._clock() - self._opened
        event_log.log_event("redis", "", "up", 1000 * seconds)

    def _open(self, pause: float) -> bool:
        """Open for a while, and tell whether the breaker was closed."""
        with self._lock:
            now, was_closed = self._clock(), not self.is_open
            if was_closed:
                self._opened = now
            self._resume = max(self._resume, now + pause)
            self.failures += 1
            return was_closed
