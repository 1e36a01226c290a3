"""Soak test: ten minutes at 200 messages a second, with scheduled failures of Redis.

`make soak` prints the outcomes, the memory growth of the processes, and the keys in Redis. It exits
1 if a message got no reply, a wrong reply or a status other than 200, if a key had no TTL, or if a
reply took more than two seconds. The last is waived while the machine is overloaded, that is, while
messages leave more than 0.2 s late. SOAK_SECONDS and SOAK_RATE change duration and rate.
"""

import faulthandler
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.core.library import Library
from rights_line.library import ROOT
from tests.support import twilio_phone
from tests.support.load import LoadGenerator, Tally
from tests.support.redis_line import go_on, hang, redis_environ
from tests.support.servers import LineServer, RedisServer

REST = 60.0  # seconds for start, shutdown and measurement, beyond those of the soak

Event = tuple[float, Callable[[RedisServer], None]]


@dataclass
class Line:
    """The line, its Redis, and a measurement every second."""

    server: LineServer
    redis: RedisServer
    rss: list[tuple[float, int]] = field(default_factory=list)  # when, KiB
    keys: list[int] = field(default_factory=list)
    undying: int = 0  # keys seen without a TTL

    def look(self) -> None:
        """Measure once; do not wait for a Redis that hangs."""
        with suppress(OSError):
            self.rss.append((time.monotonic(), rss(self.server.pid)))
        with suppress(redis.RedisError):
            client = redis.Redis.from_url(
                self.redis.url, socket_timeout=0.5, retry=Retry(NoBackoff(), 0)
            )
            keys = list(client.scan_iter(count=1000))
            pipeline = client.pipeline(transaction=False)
            for key in keys:
                pipeline.ttl(key)
            self.keys.append(len(keys))
            self.undying += pipeline.execute().count(-1)


def pause(server: RedisServer) -> None:
    """Delay every command by two seconds."""
    server.client.client_pause(2000)


# In each minute. A Redis that is stopped loses all its data.
MINUTE: list[Event] = [
    *((5, RedisServer.stop), (8, RedisServer.start), (15, hang), (20, go_on), (27, pause)),
    *((32, pause), (37, RedisServer.stop), (38, RedisServer.start), (45, hang), (46, go_on)),
    *((50, RedisServer.stop), (55, RedisServer.start)),
]


def soak(line: Line, library: Library, rate: int, seconds: float, events: list[Event]) -> Tally:
    """Run the load while the events happen, and measure every second."""
    load = LoadGenerator(lambda: line.server.address, library)
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        texting = pool.submit(load.text, rate, seconds)
        try:
            for at, act in sorted(events, key=lambda event: event[0]):
                _look_until(line, begun + at)
                act(line.redis)
            _look_until(line, begun + seconds)
            return texting.result(REST)
        finally:
            load.over.set()


def _look_until(line: Line, moment: float) -> None:
    while (left := moment - time.monotonic()) > 0:
        line.look()
        time.sleep(min(1, left))


def rss(pid: int) -> int:
    """Return the resident memory of a process in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    values = status.partition("VmRSS:")[2].split()  # empty for a zombie
    return int(values[0]) if values else 0


@contextmanager
def started(folder: Path) -> Iterator[Line]:
    server = RedisServer(folder)
    environ = {"OUTPUT": str(folder / "output")}
    variables = twilio_phone.ENVIRON | redis_environ(server.url) | environ
    line = Line(LineServer(variables), server)
    try:
        server.start()
        line.server.start()
        yield line
    finally:
        line.server.stop()
        server.stop()


def problems(tally: Tally, undying: int) -> list[str]:
    """Return the requirements that were not met."""
    found = []
    if tally.right != tally.outcomes.total():
        found.append("not every message got the correct reply")
    if undying:
        found.append("a key had no TTL")
    if tally.late_while_idle:
        found.append("replies were late while the machine was not overloaded")
    return found


def main() -> int:
    """Run the soak test and print the results."""
    rate = int(os.environ.get("SOAK_RATE", "200"))
    seconds = float(os.environ.get("SOAK_SECONDS", "600"))
    faulthandler.dump_traceback_later(seconds + 3 * REST, exit=True)  # in case of a deadlock
    scale = min(1.0, seconds / 60)  # a shorter soak has every failure, too
    minutes = range(max(1, int(seconds // 60)))
    events = [(60 * minute + at * scale, act) for minute in minutes for at, act in MINUTE]
    library = build_library(ContentSources(ROOT), "drafts")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as line:
        tally = soak(line, library, rate, seconds, events)
        taken = time.monotonic() - begun
    # The second half, when every process is warm.
    late = [row for row in line.rss if row[0] > line.rss[-1][0] - seconds / 2]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope
    print(tally)
    print(f"{tally.outcomes.total() / taken:.0f} messages a second, of {rate} that were asked for")
    quarters = [line.rss[(len(line.rss) - 1) * part // 4][1] // 1024 for part in range(5)]
    print(f"memory: {slope * 3600 / 1024:+.1f} MiB/h at last; {quarters} MiB")
    print(f"keys in Redis: at most {max(line.keys)}, {line.undying} seen without a TTL")
    found = problems(tally, line.undying)
    print("\n".join(found) or "All requirements met.")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
