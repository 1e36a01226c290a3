"""The forms of REDIS_URL beside host and port: a file, a Sentinel, and TLS."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from rights_line.core.library import Library
from rights_line.sessions.redis_client import redis_client_factory
from tests.support.clock import TUESDAY, Clock
from tests.support.redis_line import go_on, hang, recovers, screen, sessions_at
from tests.support.servers import RedisServer, free_port
from tests.support.sms_line import CHANNEL, phone
from tests.support.twilio_phone import SENDER
from tests.support.waiting import wait_until

MAX_SECONDS = 1.9  # a reply must come within two


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
def by_file(folder: Path) -> Iterator[Address]:
    path = folder / "redis.sock"
    server = RedisServer(folder, "--unixsocket", str(path))
    with started(server):
        server.client.config_set("requirepass", PASSWORD)
        yield f"unix://:{QUOTED}@{path}?db=3", server


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


@pytest.fixture(scope="module", params=[by_file, by_sentinel])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """A URL of each form, and the Redis behind it."""
    with request.param(tmp_path_factory.mktemp("address")) as made:
        yield made


def test_redis_url_of_each_form_keeps_sessions(address: Address, library: Library) -> None:
    """From the first text on."""
    send = phone(library, sessions_at(address[0]))
    send(library.editions["pl"].language.word)
    assert send("4") == screen(library, "4", TUESDAY)
    send("00")
    assert send("4") == library.start


def test_redis_url_of_each_form_hang_is_short(address: Address, clock: Clock) -> None:
    """A Redis that hangs times out, and is used again afterwards."""
    url, server = address
    sessions = sessions_at(url, clock)
    assert sessions.open_message(CHANNEL, SENDER)[0].is_stored
    hang(server)
    started_at = time.perf_counter()
    assert not sessions.open_message(CHANNEL, SENDER)[0].is_stored
    assert time.perf_counter() - started_at < MAX_SECONDS
    go_on(server)
    wait_until(lambda: recovers(sessions, clock))


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
