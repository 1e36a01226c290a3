"""The connection of one process to Redis, with its circuit breaker."""

import math
import threading
from collections.abc import Callable
from typing import Any

from rights_line import event_log
from rights_line.sessions.redis_client import FAILURES, Commands

_PAUSE = 1.0  # seconds without a command after a failure
_IDLE = 1.0  # seconds without a successful command


class Breaker:
    """After a failure, skip Redis for a while.

    It logs one event when it opens (`ms`: the duration of the failed command) and one when it
    closes (`ms`: how long it was open). `clock` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._opened_at: float | None = None
        self._failed_at = self._retry_at = -math.inf
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether Redis failed and has not worked since."""
        return self._opened_at is not None

    def allows_request(self) -> bool:
        """Whether to send a command. While the breaker is open, one caller per pause may try."""
        with self._lock:
            now = self._clock()
            if self.is_open and now < self._retry_at:
                return False
            self._retry_at = now + _PAUSE
            return True

    def record_failure(self, sent_at: float) -> None:
        """Open, or stay open, after the failure of a command.

        The pause is at least five times as long as the command took, because a failing name lookup
        can take much longer than the socket timeouts.
        """
        with self._lock:
            now, was_open = self._clock(), self.is_open
            if not was_open:
                self._opened_at = now
            self._failed_at = now
            self._retry_at = max(self._retry_at, now + max(_PAUSE, 5 * (now - sent_at)))
        if not was_open:
            event_log.log_event("redis", "", "down", 1000 * (now - sent_at))

    def record_success(self, sent_at: float) -> None:
        """Close after the success of a command, unless another one failed since it was sent."""
        if not self.is_open:
            return
        with self._lock:
            opened_at, now = self._opened_at, self._clock()
            if opened_at is None or sent_at <= self._failed_at:
                return
            self._opened_at = None
        event_log.log_event("redis", "", "up", 1000 * (now - opened_at))


class RedisConnection:
    """The Redis client of one process, behind a circuit breaker.

    Args:
        connect: opens a client.
        probe: reads and writes in Redis. It runs before the first command after a failure, since a
            command that only reads does not prove that Redis works.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        connect: Callable[[], Any],
        probe: Callable[[Commands], object],
        clock: Callable[[], float],
    ) -> None:
        self._commands = Commands(connect)
        self._probe = probe
        self._clock = clock
        self._breaker = Breaker(clock)
        self._succeeded_at = -math.inf

    @property
    def is_down(self) -> bool:
        """Whether Redis failed and has not worked since."""
        return self._breaker.is_open

    @property
    def is_idle(self) -> bool:
        """Whether no command succeeded within the last second."""
        return self._clock() - self._succeeded_at >= _IDLE

    def run(self, command: Callable[[Commands], Any]) -> Any:
        """Run a command; return None if it fails, or at once while the breaker is open."""
        if not self._breaker.allows_request():
            return None
        sent_at = self._clock()
        try:
            if self.is_down:
                self._probe(self._commands)
            result = command(self._commands)
        except FAILURES:
            self._breaker.record_failure(sent_at)
            self._commands.close_idle()  # idle connections are probably dead as well
            return None
        self._breaker.record_success(sent_at)
        self._succeeded_at = self._clock()
        return result
