"""Circuit breaker: after a failure, skip Redis for a while."""

import threading
from collections.abc import Callable

from rights_line import event_log

_PAUSE = 1.0  # seconds without a command after a failure


class Breaker:
    """The circuit breaker of one process.

    It logs one event when it opens (`ms`: the duration of the failed command) and one when it
    closes (`ms`: how long it was open).

    Args:
        clock: monotonic, in seconds.

    Attributes:
        failures: number of failures so far. A command sent before the last one does not prove by
            its success that Redis works again.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.failures = 0
        self._clock = clock
        self._opened_at = 0.0
        self._retry_at = 0.0  # 0 while the breaker is closed
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether Redis failed and has not worked since."""
        return self._retry_at > 0

    def allows_request(self) -> bool:
        """Whether to send a command. While the breaker is open, one caller per pause may try."""
        with self._lock:
            now = self._clock()
            if now < self._retry_at:
                return False
            if self.is_open:
                self._retry_at = now + _PAUSE
            return True

    def record_failure(self, seconds: float) -> None:
        """Open after a failed command that took `seconds`.

        The pause is at least five times as long, because a failing name lookup can take much
        longer than the socket timeouts.
        """
        if self._open(max(_PAUSE, 5 * seconds)):
            event_log.log_event("redis", "", "down", 1000 * seconds)

    def hold_open(self, seconds: float) -> None:
        """Open, or stay open, for at least `seconds`."""
        if self._open(seconds):
            event_log.log_event("redis", "", "down", 0)

    def record_success(self, failures: int) -> None:
        """Close after a successful command, given `failures` at the time it was sent."""
        with self._lock:
            if not self.is_open or self.failures != failures:
                return
            self._retry_at = 0.0
            seconds = self._clock() - self._opened_at
        event_log.log_event("redis", "", "up", 1000 * seconds)

    def _open(self, pause: float) -> bool:
        """Open for `pause` seconds, and return whether the breaker was closed."""
        with self._lock:
            now, was_closed = self._clock(), not self.is_open
            if was_closed:
                self._opened_at = now
            self._retry_at = max(self._retry_at, now + pause)
            self.failures += 1
            return was_closed
