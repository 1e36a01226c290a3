"""SIGTERM under load: accepted messages are answered, and a load balancer sees it in time."""

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
# The line drains for five seconds less than the timeout.
AS_DEPLOYED = ("--graceful-timeout", "8")
SHORT = ("--graceful-timeout", "6")


def line_at(redis: RedisServer, folder: Path, name: str, *options: str) -> LineServer:
    """Return a line with two processes."""
    environ = twilio_phone.ENVIRON | redis_environ(redis.url)
    output = {"OUTPUT": str(folder / name), "WEB_CONCURRENCY": "2"}
    return LineServer(environ | output, *options)


@pytest.fixture
def line(redis: RedisServer, tmp_path: Path) -> Iterator[LineServer]:
    """A line as in the Procfile, which the test stops."""
    server = line_at(redis, tmp_path, "line", *AS_DEPLOYED)
    server.start()
    yield server
    with suppress(ProcessLookupError):
        server.kill()


def health(line: LineServer) -> tuple[int, str]:
    """Return status code and status of /healthz; (0, "") if the connection is refused."""
    try:
        with urllib.request.urlopen(f"{line.address}/healthz", timeout=2) as answer:
            return answer.status, json.load(answer)["status"]
    except HTTPError as error:
        return error.code, json.load(error)["status"]
    except OSError:
        return 0, ""


def stop(line: LineServer, record: Callable[[tuple[int, str]], object]) -> float:
    """Send SIGTERM twice, record the health meanwhile, and return the seconds until the end."""
    begun = time.monotonic()
    line.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    line.send_signal(signal.SIGTERM)
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(line.wait)
        while not ended.done():
            record(health(line))
            time.sleep(0.1)
        ended.result()
    return time.monotonic() - begun


def text_on_kept_connections(line: LineServer) -> Counter[str]:
    """Send messages on kept connections, one after the other, until the line refuses them."""
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
    """Each message gets the right reply, or its connection is refused, so the provider retries.

    During the three seconds before that, /healthz answers 503. On a kept connection the last
    answer has "Connection: close".
    """
    load = LoadGenerator(lambda: line.address, library)
    with ThreadPoolExecutor(5) as pool:
        talks = pool.submit(load.text, RATE, 7.0)
        kept = [pool.submit(text_on_kept_connections, line) for _ in range(4)]
        time.sleep(1)
        seen: list[tuple[int, str]] = []
        seconds = stop(line, seen.append)
        tally = talks.result()

    assert seconds < LONGEST
    assert seen.count((503, "draining")) > 3
    assert set(seen) <= {(200, "ok"), (503, "draining"), (0, "")}
    assert [one.result().keys() for one in kept] == [{"200"}] * 4
    outcomes = Counter(tally.outcomes)
    assert outcomes.pop("full") > 3 * RATE
    assert outcomes.pop("refused") > 0
    # A connection may arrive in the microseconds between the last accept() and close().
    assert sum(outcomes.values()) <= 1, outcomes
    assert outcomes.keys() <= {"ConnectionResetError", "EOFError"}, outcomes


class Balancer:
    """Sends messages in turn to the lines that were healthy at the last check."""

    def __init__(self, lines: list[LineServer]) -> None:
        self._lines = lines
        self._healthy = list(lines)
        self._turn = cycle(range(1000))
        self.over = threading.Event()

    def watch(self) -> None:
        while not self.over.wait(0.1):
            self._healthy = [line for line in self._lines if health(line)[0] == 200]

    def address(self) -> str:
        healthy = self._healthy
        return healthy[next(self._turn) % len(healthy)].address

    def is_healthy(self, line: LineServer) -> bool:
        return line in self._healthy


def test_rolling_restart_causes_no_error(
    redis: RedisServer, tmp_path: Path, library: Library
) -> None:
    """Two lines behind a load balancer are restarted one after the other."""
    lines = [line_at(redis, tmp_path, name, *SHORT) for name in ("a", "b")]
    balancer = Balancer(lines)
    load = LoadGenerator(balancer.address, library)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(LineServer.start, lines))
        watches = pool.submit(balancer.watch)
        talks = pool.submit(load.text, RATE, 100.0)
        try:
            for line in lines:
                assert stop(line, lambda _: None) < LONGEST
                line.start()
                wait_until(lambda line=line: balancer.is_healthy(line))  # type: ignore[misc]
        finally:
            load.over.set()
            tally = talks.result()
            balancer.over.set()
            watches.result()
            for line in lines:
                line.kill()
    assert tally.outcomes.keys() == {"full"}, tally
    assert tally.right > 3 * RATE
