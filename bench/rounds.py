"""Measure servers in alternating rounds, so that noise affects all of them."""

import json
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from redis import Redis

from bench.requests import Medium, replay, write
from bench.servers import Kind, Server, running
from tests.support.redis_line import Fault, relay_to
from tests.support.servers import RedisServer

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
STARTS = int(os.environ.get("BENCH_STARTS", "5"))

_WARM_UP = 1  # seconds


class Sample(NamedTuple):
    """One server in one round.

    Attributes:
        rate: requests per second.
        p50, p99: percentiles of the latency in milliseconds.
        cpu: milliseconds of CPU time per request, of all processes of the server.
        trips: round trips to Redis per request.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    trips: float


Samples = dict[str, list[Sample]]  # name of the server -> one sample per round


class Size(NamedTuple):
    """Seconds from the start to the first answer, and MiB after the first requests."""

    start: float
    pss: float
    rss: float


class Field:
    """Servers with a Redis database each, so that all of them can replay the same requests."""

    def __init__(self, kinds: Sequence[Kind], redis: RedisServer, port: int, folder: Path) -> None:
        base = redis.url.removesuffix("0")
        self.servers = [
            Server(kind, f"redis://127.0.0.1:{port}/{number}", folder / str(number))
            for number, kind in enumerate(kinds)
        ]
        self.databases = [Redis.from_url(f"{base}{number}") for number in range(len(kinds))]
        self._redis: Redis = redis.client
        self._requests = folder / "requests"

    def rounds(self, medium: Medium, count: int = ROUNDS, seconds: int = SECONDS) -> Samples:
        """Measure each server in each round; each round has new senders."""
        servers = self.servers
        found: Samples = {server.kind.name: [] for server in servers}
        requests = medium.requests()
        self._load(servers, medium, requests, _WARM_UP)
        for _ in range(count):
            for name, sample in self._load(servers, medium, requests, seconds).items():
                found[name].append(sample)
        return found

    def at_once(self, medium: Medium, count: int = ROUNDS, seconds: int = SECONDS) -> Samples:
        """Measure the first server alone, and all at the same time, in each round."""
        found: Samples = {}
        requests = medium.requests()
        self._load(self.servers, medium, requests, _WARM_UP)
        for _, servers in product(range(count), (self.servers[:1], self.servers)):
            write(self._requests, islice(requests, medium.most * seconds))
            with ThreadPoolExecutor() as pool:
                samples = [*pool.map(lambda one: self._sample(one, medium, seconds), servers)]
            found.setdefault(f"{len(servers)} at once", []).append(_together(samples))
        return found

    def redis_cpu(self) -> float:
        """Return the seconds of CPU time that Redis has taken."""
        used = self._redis.info("cpu")
        return float(used["used_cpu_user"] + used["used_cpu_sys"])

    def sizes(self, media: Sequence[Medium]) -> dict[str, Size]:
        """Start each server several times; then measure its memory after the first requests."""
        starts: dict[str, list[float]] = {server.kind.name: [] for server in self.servers}
        for _ in range(STARTS):
            for server in self.servers:
                starts[server.kind.name].append(server.start())
                server.stop()
        with running(self.servers):
            for medium in media:
                self._load(self.servers, medium, medium.requests(), _WARM_UP)
            usages = {server.kind.name: server.usage() for server in self.servers}
        return {
            name: Size(statistics.median(starts[name]), used.pss, used.rss)
            for name, used in usages.items()
        }

    def _load(
        self, servers: list[Server], medium: Medium, requests: Iterator[bytes], seconds: int
    ) -> dict[str, Sample]:
        write(self._requests, islice(requests, medium.most * seconds))
        return {server.kind.name: self._sample(server, medium, seconds) for server in servers}

    def _sample(self, server: Server, medium: Medium, seconds: int) -> Sample:
        cpu, reads = server.usage().cpu, self._reads()
        try:
            load = replay(
                server.address, self._requests, medium.expected, seconds, medium.connections
            )
            cpu, reads = server.usage().cpu - cpu, self._reads() - reads
            _check_log(server)
        except RuntimeError as error:
            raise RuntimeError(f"{server.kind.name}: {error}") from error
        return Sample(
            load.requests / load.seconds,
            load.p50,
            load.p99,
            1000 * cpu / load.requests,
            reads / load.requests,
        )

    def _reads(self) -> int:
        return int(self._redis.info("stats")["total_reads_processed"])


def _together(samples: list[Sample]) -> Sample:
    """Return what servers did at the same time; each sample has the round trips of all."""
    rates = [sample.rate for sample in samples]
    return Sample(
        sum(rates),
        statistics.mean(sample.p50 for sample in samples),
        max(sample.p99 for sample in samples),
        statistics.fmean([sample.cpu for sample in samples], rates),
        statistics.harmonic_mean([sample.trips for sample in samples]) / len(samples),
    )


def _check_log(server: Server) -> None:
    """Raise an error if the line answered a message in another way than in full.

    A fallback response and a rate-limited one have status 200 and a text, too.
    """
    with server.log.open() as log:
        for text in log:
            row = json.loads(text) if server.kind.is_ours and text.startswith("{") else {}
            if row.get("event") == "inbound" and row["outcome"] != "answered":
                raise RuntimeError(f"a message was not answered in full: {row['outcome']}")
    server.log.write_bytes(b"")


@contextmanager
def field(kinds: Sequence[Kind], milliseconds: int = 0) -> Iterator[Field]:
    """Yield the servers, not started, with a Redis that is so far away."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        redis = RedisServer(Path(name))
        redis.start()
        stack.callback(redis.stop)
        if not milliseconds:
            yield Field(kinds, redis, redis.port, Path(name))
            return
        relay = stack.enter_context(relay_to(redis.port))
        relay.fault = delayed(milliseconds / 1000)
        yield Field(kinds, redis, relay.port, Path(name))


def delayed(seconds: float) -> Fault:
    """Return a fault that passes on each answer later."""

    def fault(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
        redis.sendall(asked)
        answer = redis.recv(65536)
        time.sleep(seconds)
        client.sendall(answer)

    return fault
