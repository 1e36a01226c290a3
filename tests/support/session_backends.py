"""Places for sessions: memory, Redis, and a Redis that cannot be reached."""

from dataclasses import dataclass

from rights_line.core.limits import DEFAULT_LIMITS, Limits
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support.clock import MIDNIGHT, Clock
from tests.support.redis_line import age, sessions_at
from tests.support.servers import RedisServer

UNREACHABLE = "redis://127.0.0.1:1/0"
UNLIMITED = Limits(1_000_000, 1_000_000)  # too high for a test to reach


@dataclass
class Backend:
    """Makes session stores in one place, and lets time pass there."""

    url: str
    redis: RedisServer
    clock: Clock

    def make(self, limits: Limits = DEFAULT_LIMITS) -> MemorySessionStore | RedisSessionStore:
        """Return the session store of one process."""
        if not self.url:
            return MemorySessionStore(self.clock, limits=limits, wall=self.clock)
        return sessions_at(self.url, self.clock, limits, self.clock)

    def wait(self, seconds: float) -> None:
        """Let time pass, in Redis too."""
        self.clock.now += seconds
        age(self.redis, seconds)


def backends(redis: RedisServer) -> dict[str, Backend]:
    """Return a backend of each kind, with clocks that start at midnight in Norway."""
    urls = {"memory": "", "redis": redis.url, "redis is down": UNREACHABLE}
    return {name: Backend(url, redis, Clock(MIDNIGHT)) for name, url in urls.items()}
