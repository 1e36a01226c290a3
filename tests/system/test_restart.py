"""SIGTERM while people text: what has come is answered, and a balancer sees it in time."""

import http.client
import json
import signal
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest

from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.load import LoadGenerator
from tests.support.redis_line import redis_environ
from tests.support.servers import LineServer, RedisServer
from tests.support.waiting import wait_until

LONGEST = 10.0  # seconds from SIGTERM to the end of the process
RATE = 40  # messages a second
# The line drains for these seconds less five.
AS_DEPLOYED = ("--graceful-timeout", "8")
SHORT = ("--graceful-timeout", "6")


def line_at(redis: RedisServer, folder: Path, name: str, *options: str) -> LineServer:
    """Return the line, with two processes."""
    environ = twilio_phone.ENVIRON | redis_environ(redis.url)
    output = {"OUTPUT": str(folder / name), "WEB_CONCURRENCY": "2"}
    return LineServer(environ | output, *options)


@pytest.fixture
def line(redis: RedisServer, tmp_path: Path) -> Iterator[LineServer]:
    """A line of the test's own, as the Procfile runs it, which the test tells to stop."""
    server = line_at(redis, tmp_path, "line", *AS_DEPLOYED)
    server.start()
    yield server
    with suppress(ProcessLookupError):
        server.kill()


def health(line: LineServer) -> tuple[int, str]:
    """Return what a balancer sees: the status, and in words; 0 where nobody listens."""
    try:
        with urllib.request.urlopen(f"{line.address}/healthz", timeout=2) as answer:
            return answer.status, json.load(answer)["status"]
    except HTTPError as error:
        return error.code, json.load(error)["status"]
    except OSError:
        return 0, ""


def stopped(line: LineServer, seen: Callable[[tuple[int, str]], object]) -> float:
    """Tell a line to stop, twice; return how many seconds it took."""
    begun = time.monotonic()
    line.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    line.send_signal(signal.SIGTERM)
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(line.wait)
        while not ended.done():
            seen(health(line))
            time.sleep(0.1)
        ended.result()
    return time.monotonic() - begun


def talk_on(line: LineServer) -> Counter[str]:
    """Text on one connection after the other, each until it is closed, while there is a line."""
    sent = twilio_phone.request(twilio_phone.fields("hei", "+4790000099"))
    headers = {**sent["headers"], "Content-Type": sent["content_type"]}
    outcomes: Counter[str] = Counter()
    while True:
        connection = http.client.HTTPConnection(urlsplit(line.address).netloc, timeout=5)
        try:
            connection.connect()
        except ConnectionRefusedError:
            return outcomes
        closes = False
        while not closes:
            connection.request("POST", sent["path"], sent["data"], headers)
            answer = connection.getresponse()
            answer.read()
            closes = answer.getheader("Connection") == "close"
            outcomes[str(answer.status)] += 1
            time.sleep(0.05)


def test_sigterm_loses_no_message(line: LineServer, library: Library) -> None:
    """Each message is answered, and rightly, or its connection is refused from the first byte on.

    Refused is what a provider tries again. For three seconds nobody is: /healthz says 503. On a
    connection that is kept, an answer says that it was the last there.
    """
    load = LoadGenerator(lambda: line.address, library)
    with ThreadPoolExecutor(5) as pool:
        talks = pool.submit(load.text, RATE, 7.0)
        kept = [pool.submit(talk_on, line) for _ in range(4)]
        time.sleep(1)
        seen: list[tuple[int, str]] = []
        seconds = stopped(line, seen.append)
        tally = talks.result()

    assert seconds < LONGEST
    assert seen.count((503, "draining")) > 3
    assert set(seen) <= {(200, "ok"), (503, "draining"), (0, "")}
    assert [one.result().keys() for one in kept] == [{"200"}] * 4
    outcomes = Counter(tally.outcomes)
    assert outcomes.pop("full") > 3 * RATE
    assert outcomes.pop("refused") > 0
    # Between the last that is accepted and the end of listening are some microseconds.
    assert sum(outcomes.values()) <= 1, outcomes
    assert outcomes.keys() <= {"ConnectionResetError", "EOFError"}, outcomes


class Balancer:
    """Sends each message to one of the lines that were well when last asked, in turn."""

    def __init__(self, lines: list[LineServer]) -> None:
        self._lines = lines
        self._well = list(lines)
        self._turn = cycle(range(1000))
        self.over = threading.Event()

    def watch(self) -> None:
        while not self.over.wait(0.1):
            self._well = [line for line in self._lines if health(line)[0] == 200]

    def address(self) -> str:
        well = self._well
        return well[next(self._turn) % len(well)].address

    def is_well(self, line: LineServer) -> bool:
        return line in self._well


def test_a_rolling_restart_is_not_noticed(
    redis: RedisServer, tmp_path: Path, library: Library
) -> None:
    """Two lines behind a balancer, one after the other stopped and started: no error at all."""
    lines = [line_at(redis, tmp_path, name, *SHORT) for name in ("a", "b")]
    balancer = Balancer(lines)
    load = LoadGenerator(balancer.address, library)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(LineServer.start, lines))
        watches = pool.submit(balancer.watch)
        talks = pool.submit(load.text, RATE, 100.0)
        try:
            for line in lines:
                assert stopped(line, lambda _: None) < LONGEST
                line.start()
                wait_until(lambda line=line: balancer.is_well(line))  # type: ignore[misc]
        finally:
            load.over.set()
            tally = talks.result()
            balancer.over.set()
            watches.result()
            for line in lines:
                line.kill()
    assert tally.outcomes.keys() == {"full"}, tally
    assert tally.right > 3 * RATE
