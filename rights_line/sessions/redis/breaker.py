"""Circuit breaker: after a failure, skip Redis for a while."""

import math
import threading
from collections.abc import Callable

from rights_line import event_log

_PAUSE = 1.0  # seconds without a command after a failure


class Breaker:
    """The circuit breaker of one process.

    It logs one event when it opens (`ms`: the duration of the failed command) and one when it
    closes (`ms`: how long it was open). `clock` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._opened_at: float | None = None
        self._failed_at = self._retry_at = -math.inf
        self._lock = threading.Lock()

    @property
    def is_breaker_open(self) -> bool:
        """Whether Redis failed and has not worked since."""
        return self._opened_at is not None

    def breaker_allows_request(self) -> bool:
        """Whether to send a command. While the breaker is open, one caller per pause may try."""
        with self._lock:
            now = self._clock()
            if self.is_breaker_open and now < self._retry_at:
                return False
            self._retry_at = now + _PAUSE
            return True

    def record_breaker_failure(self, sent_at: float, pause: float = _PAUSE) -> None:
        """Open, or stay open, after the failure of a command.

        The pause is at least five times as long as the command took, because a failing name lookup
        can take much longer than the socket timeouts.
        """
        with self._lock:
            now, was_open = self._clock(), self.is_breaker_open
            if not was_open:
                self._opened_at = now
            self._failed_at = now
            self._retry_at = max(self._retry_at, now + max(pause, 5 * (now - sent_at)))
        if not was_open:
            event_log.log_event("redis", "", "down", 1000 * (now - sent_at))

    def record_breaker_success(self, sent_at: float) -> None:
        """Close after the success of a command, unless another one failed since it was sent."""
        with self._lock:
            opened_at, now = self._opened_at, self._clock()
            if opened_at is None or sent_at <= self._failed_at:
                return
            self._opened_at = None
        event_log.log_event("redis", "", "up", 1000 * (now - opened_at))
