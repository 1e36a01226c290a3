"""Ten minutes at 200 messages a second, in which Redis and gunicorn are ill-treated on a schedule.

`make soak` prints what became of the messages, how the memory of the processes grew, and what is in
Redis. It exits 1 if a message had no answer, a wrong one or a status that is not 200, if a key was
seen without an end, or if an answer took more than two seconds. Only the last is not asked of a
machine that is busy: one on which messages, just then, left a fifth of a second late. SOAK_SECONDS
and SOAK_RATE change how long and how many.
"""

import faulthandler
import os
import signal
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

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.limits import UNLIMITED_ENVIRON
from tests.support.load import LoadGenerator, Tally
from tests.support.redis_line import go_on, hang, redis_environ
from tests.support.servers import LineServer, RedisServer

REST = 60.0  # seconds beyond those of the soak for starting, ending and looking

Event = tuple[float, Callable[["Line"], None]]


@dataclass
class Line:
    """The line with two processes, its Redis, and what was seen of them each second."""

    server: LineServer
    redis: RedisServer
    rss: list[tuple[float, int]] = field(default_factory=list)  # when, KiB of all processes
    keys: list[int] = field(default_factory=list)
    undying: int = 0  # keys that were seen without an end

    def look(self) -> None:
        """Note what there is now; a Redis that is stopped is not waited for."""
        with suppress(OSError):
            self.rss.append((time.monotonic(), sum(map(rss, self.server.processes()))))
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


def kill(line: Line) -> None:
    """Kill Redis, with all that it holds."""
    line.redis.stop()


def restart(line: Line) -> None:
    """Start it again, empty."""
    line.redis.start()


def stop(line: Line) -> None:
    """Stop it: it takes connections and answers nothing."""
    hang(line.redis)


def resume(line: Line) -> None:
    """Let it go on."""
    go_on(line.redis)


def slow(line: Line) -> None:
    """Let each command wait for two seconds."""
    line.redis.client.client_pause(2000)


def hup(line: Line) -> None:
    """Have gunicorn start its processes anew."""
    line.server.send_signal(signal.SIGHUP)


DRAINS = ("--graceful-timeout", "8")  # as it is deployed

# Of each minute; gunicorn is told once, early, so that the slope is of the same processes.
MINUTE: list[Event] = [
    *((5, kill), (8, restart), (15, stop), (20, resume), (27, slow), (32, slow)),
    *((37, kill), (38, restart), (45, stop), (46, resume), (50, kill), (55, restart)),
]
# What must be shown: three times within a minute (issue 7).
THRICE: list[Event] = [
    *((8, kill), (12, restart), (26, kill), (30, restart), (44, kill), (48, restart)),
]


def soak(line: Line, library: Library, rate: int, seconds: float, events: list[Event]) -> Tally:
    """Let people text while things happen, and look on each second."""
    load = LoadGenerator(lambda: line.server.address, library)
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        texting = pool.submit(load.text, rate, seconds)
        try:
            for at, act in sorted(events, key=lambda event: event[0]):
                _look_until(line, begun + at)
                act(line)
            _look_until(line, begun + seconds)
            return texting.result(REST)
        finally:
            load.over.set()


def _look_until(line: Line, moment: float) -> None:
    while (left := moment - time.monotonic()) > 0:
        line.look()
        time.sleep(min(1, left))


def rss(pid: int) -> int:
    """Return the KiB of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    values = status.partition("VmRSS:")[
        2
    ].split()  # one that has ended, and is not yet fetched: none
    return int(values[0]) if values else 0


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Line]:
    """Start a line and its Redis."""
    server = RedisServer(folder)
    environ = {"OUTPUT": str(folder / "output"), "WEB_CONCURRENCY": "2", **UNLIMITED_ENVIRON}
    variables = twilio_phone.ENVIRON | redis_environ(server.url) | environ
    line = Line(LineServer(variables, *options), server)
    try:
        server.start()
        line.server.start()
        yield line
    finally:
        line.server.stop()
        server.stop()


def problems(tally: Tally, undying: int) -> list[str]:
    """Return what was not as it must be."""
    found = []
    if tally.right != tally.outcomes.total():
        found.append("not every message had its right answer")
    if undying:
        found.append("a key would never end")
    if tally.late_while_idle:
        found.append("answers were late, and the machine was not busy")
    return found


def main() -> int:
    """Print the figures."""
    rate = int(os.environ.get("SOAK_RATE", "200"))
    seconds = float(os.environ.get("SOAK_SECONDS", "600"))
    faulthandler.dump_traceback_later(seconds + 3 * REST, exit=True)  # whatever hangs
    events = [(60 * minute + at, act) for minute in range(int(seconds // 60)) for at, act in MINUTE]
    library = build_library(ContentSources(ROOT), "drafts")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, started(Path(folder), *DRAINS) as line:
        tally = soak(line, library, rate, seconds, [*events, (23, hup)])
        taken = time.monotonic() - begun
    # Of the second half, when each process has seen everything once.
    late = [row for row in line.rss if row[0] > line.rss[-1][0] - seconds / 2]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope
    print(tally)
    print(f"{tally.outcomes.total() / taken:.0f} messages a second, of {rate} that were asked for")
    quarters = [line.rss[(len(line.rss) - 1) * part // 4][1] // 1024 for part in range(5)]
    print(f"memory of the processes: {slope * 3600 / 1024:+.1f} MiB/h at last; {quarters} MiB")
    print(f"keys in Redis: at most {max(line.keys)}, {line.undying} seen that would never end")
    found = problems(tally, line.undying)
    print("\n".join(found) or "As it must be.")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
