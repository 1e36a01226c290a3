"""The connection of one process to Redis, with its circuit breaker."""

import math
import threading
from collections.abc import Callable
from typing import Any

from rights_line.sessions.redis.breaker import Breaker
from rights_line.sessions.redis.client import FAILURES, Commands

_IDLE = 1.0  # seconds without a successful command


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
        self._connect = connect
        self._probe = probe
        self._clock = clock
        self._breaker = Breaker(clock)
        self._commands: Commands | None = None
        self._lock = threading.Lock()  # guards `_commands`
        self._succeeded_at = -math.inf

    @property
    def is_connection_down(self) -> bool:
        """Whether Redis failed and has not worked since."""
        return self._breaker.is_breaker_open

    @property
    def is_connection_idle(self) -> bool:
        """Whether no command succeeded within the last second."""
        return self._clock() - self._succeeded_at >= _IDLE

    def hold_connection_down(self, seconds: float) -> None:
        """Send no command for at least `seconds`."""
        self._breaker.record_breaker_failure(self._clock(), seconds)

    def run_on_connection(self, command: Callable[[Commands], Any]) -> Any:
        """Run a command; return None if it fails, or at once while the breaker is open."""
        if not self._breaker.breaker_allows_request():
            return None
        sent_at = self._clock()
        try:
            commands = self.connection_commands()
            if self.is_connection_down:
                self._probe(commands)
            result = command(commands)
        except FAILURES:
            self._breaker.record_breaker_failure(sent_at)
            if self._commands:
                self._commands.close_idle()  # idle connections are probably dead as well
            return None
        self._breaker.record_breaker_success(sent_at)
        self._succeeded_at = self._clock()
        return result

    def connection_commands(self) -> Commands:
        """Return the client of this process, opened once: redis-py reconnects by itself."""
        if not self._commands:
            commands = Commands(self._connect)
            with self._lock:
                if not self._commands:
                    self._commands = commands
                    return commands
            commands.close()  # another thread was faster
        return self._commands
