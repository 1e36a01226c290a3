"""The forms of REDIS_URL: a server by port or file, a Sentinel, and TLS."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import redis

from rights_line.core.library import Library
from rights_line.sessions.redis_client import redis_client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support.clock import TUESDAY, Clock
from tests.support.redis_line import ANY_WORD, go_on, hang, recovers, screen, sessions_at
from tests.support.servers import RedisServer, free_port
from tests.support.sms_line import CHANNEL, phone
from tests.support.twilio_phone import SENDER
from tests.support.waiting import wait_until

MAX_SECONDS = 1.9  # a reply must come within two

Result = TypeVar("Result")


def timed(call: Callable[[], Result]) -> tuple[Result, float]:
    """Return a result and the seconds that it took."""
    started = time.perf_counter()
    return call(), time.perf_counter() - started


def is_stored(sessions: RedisSessionStore) -> bool:
    """Load the session of `SENDER` and return whether the store works."""
    return sessions.open_message(CHANNEL, SENDER)[0].is_stored


Address = tuple[str, RedisServer]
PASSWORD = "p@ss:w/rd"  # characters that a URL must percent-encode
QUOTED = "p%40ss%3Aw%2Frd"
SERVICE = "line"


@contextmanager
def started(*servers: RedisServer) -> Iterator[None]:
    """Run servers until the block ends."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        yield


@contextmanager
def by_port(folder: Path) -> Iterator[Address]:
    server = RedisServer(folder)
    with started(server):
        server.client.config_set("requirepass", PASSWORD)
        yield f"redis://:{QUOTED}@127.0.0.1:{server.port}/3", server


@contextmanager
def by_file(folder: Path) -> Iterator[Address]:
    path = folder / "redis.sock"
    server = RedisServer(folder, "--unixsocket", str(path))
    with started(server):
        yield f"unix://{path}", server


class SentinelServer(RedisServer):
    """A Sentinel that watches one Redis."""

    def __init__(self, folder: Path, watched: RedisServer) -> None:
        super().__init__(folder)
        configuration = folder / "sentinel.conf"
        configuration.write_text(
            f"sentinel monitor {SERVICE} 127.0.0.1 {watched.port} 1\n"
            f"sentinel auth-pass {SERVICE} {PASSWORD}\n"
        )
        binary, *options = self._command
        self._command = [binary, str(configuration), "--sentinel", *options]


@contextmanager
def by_sentinel(folder: Path) -> Iterator[Address]:
    server = RedisServer(folder)
    sentinel = SentinelServer(folder, server)
    with started(server, sentinel):
        server.client.config_set("requirepass", PASSWORD)
        hosts = f"127.0.0.1:{free_port()},127.0.0.1:{sentinel.port}"
        yield f"redis+sentinel://:{QUOTED}@{hosts}/{SERVICE}", server


@pytest.fixture(scope="module", params=[by_port, by_file, by_sentinel])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """A URL of each form, and the Redis behind it."""
    with request.param(tmp_path_factory.mktemp("address")) as made:
        yield made


def test_redis_url_of_each_form_keeps_sessions(address: Address, library: Library) -> None:
    """Conversations of twenty senders work from the first text on."""
    url, _ = address
    language = library.editions["pl"].language
    senders = [f"+4790{number:06}" for number in range(20)]
    send = phone(library, sessions_at(url))
    _, seconds = timed(lambda: send(ANY_WORD))
    assert seconds < MAX_SECONDS
    for sender in senders:
        send(ANY_WORD, sender)
        send(language.number, sender)
    for sender in senders:
        assert send("4", sender) == screen(library, "4", TUESDAY)
    for sender in senders:
        send("00", sender)
        assert send("4", sender) == library.start


def test_redis_url_of_each_form_hang_is_short(address: Address, clock: Clock) -> None:
    """A Redis that hangs times out, and is used again afterwards."""
    url, server = address
    sessions = sessions_at(url, clock)
    assert is_stored(sessions)
    assert sessions.status() == "up"
    hang(server)
    stored, seconds = timed(lambda: is_stored(sessions))
    go_on(server)
    assert not stored
    wait_until(lambda: recovers(sessions, clock))
    assert seconds < MAX_SECONDS


def test_redis_url_rediss_uses_tls() -> None:
    pool = redis_client_factory("rediss://:secret@redis.example:6380/0")().connection_pool
    assert issubclass(pool.connection_class, redis.SSLConnection)
    assert pool.connection_kwargs["host"] == "redis.example"
    assert pool.connection_kwargs.get("ssl_cert_reqs", "required") == "required"


def test_redis_url_timeout_option_is_ignored() -> None:
    options = redis_client_factory(
        "redis://127.0.0.1/0?socket_timeout=9"
    )().connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.2, 0.2)
