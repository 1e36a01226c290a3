"""A line with Redis: a relay that counts and breaks its answers, and a Redis that hangs."""

import os
import re
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from rights_line.core.library import Library
from rights_line.core.limits import DEFAULT_LIMITS, SENDER_WINDOW, Limits
from rights_line.sessions import TAG_TTL
from rights_line.sessions.redis_client import redis_client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support.clock import Clock
from tests.support.servers import RedisServer
from tests.support.waiting import PATIENCE

SECRET = "the operator's secret, long enough"
ANY_WORD = "qwrtp"  # not a word of any language
RECOVERY = 5  # seconds after which Redis must be used again

# Replaces an answer: called with both sockets (client, Redis) and the bytes of the request.
Fault = Callable[[socket.socket, socket.socket, bytes], None]

_COMMAND = re.compile(rb"(?:^|\r\n)\*\d+\r\n")


class Relay:
    """Forwards requests to Redis and answers to the client.

    Attributes:
        turns: number of requests, that is, of round trips of a client.
        fault: called instead of forwarding a request; None forwards it.
    """

    def __init__(self, listener: socket.socket, redis_port: int) -> None:
        self.turns = 0
        self.fault: Fault | None = None
        self.port = int(listener.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._redis_port = redis_port
        self._listener = listener
        self._ends: list[socket.socket] = []

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._ends.append(client)
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def hang_up(self) -> None:
        """Close every connection, so that no thread waits for a Redis that hangs."""
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _serve(self, client: socket.socket) -> None:
        address = ("127.0.0.1", self._redis_port)
        with suppress(OSError), client, socket.create_connection(address, PATIENCE) as redis:
            self._ends.append(redis)
            for end in (client, redis):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                readable, _, _ = select.select([client, redis], [], [])
                data: bytes = readable[0].recv(65536)
                if not data:
                    return
                if readable[0] is redis:
                    client.sendall(data)
                    continue
                self.turns += 1
                if self.fault:
                    self.fault(client, redis, data)
                else:
                    redis.sendall(data)


@contextmanager
def relay_to(redis_port: int) -> Iterator[Relay]:
    """Run a relay on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = Relay(listener, redis_port)
        thread = threading.Thread(target=relay.run, daemon=True)
        thread.start()
        try:
            yield relay
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), so that no connection is new
            thread.join(PATIENCE)
            relay.hang_up()


def silent(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
    """Never answer."""


def late(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
    """Answer after two seconds."""
    time.sleep(2)
    redis.sendall(asked)


def closed(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
    """Close the connection."""
    client.shutdown(socket.SHUT_RDWR)


def cut(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
    """Send half of the answer and stop."""
    redis.sendall(asked)
    answer = redis.recv(65536)
    client.sendall(answer[: len(answer) // 2])


def cut_and_closed(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
    """Send half of the answer and close the connection."""
    cut(client, redis, asked)
    closed(client, redis, asked)


def says(line: bytes) -> Fault:
    """Return a fault that answers each command with the same line."""

    def fault(client: socket.socket, redis: socket.socket, asked: bytes) -> None:
        client.sendall(line * len(_COMMAND.findall(asked)))

    return fault


FAULTS: dict[str, Fault] = {
    "silent": silent,
    "late": late,
    "closed": closed,
    "cut": cut,
    "cut and closed": cut_and_closed,
    "loading": says(b"-LOADING Redis is loading the dataset in memory\r\n"),
    "full": says(b"-OOM command not allowed when used memory > 'maxmemory'.\r\n"),
    "not permitted": says(b"-NOPERM User default has no permissions to run this command\r\n"),
    "wrong type": says(b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"),
    "another protocol": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "no protocol": says(b"\x00\x01\xfe\xff\r\n"),
    "no text": says(b"$2\r\n\xff\xfe\r\n"),
    "a number": says(b":7\r\n"),
    "a list": says(b"*1\r\n$1\r\n7\r\n"),
    "a map": says(b"%1\r\n$1\r\na\r\n$1\r\nb\r\n"),
    "a pit": says(b"*1\r\n" * 5000),
}


def hang(server: RedisServer) -> None:
    """Suspend a Redis: it accepts connections and does not answer."""
    os.kill(server.pid, signal.SIGSTOP)


def go_on(server: RedisServer) -> None:
    """Resume a suspended Redis."""
    os.kill(server.pid, signal.SIGCONT)


def redis_environ(url: str) -> dict[str, str]:
    """Return the environment variables of a line with Redis."""
    return {"REDIS_URL": url, "RIGHTS_LINE_SECRET": SECRET}


def screen(
    library: Library, code: str, now: datetime, has_memory: bool = True, language: str = "pl"
) -> str:
    """Return the text of a screen, by default in Polish, as sent at a moment."""
    edition = library.editions[language]
    screen = edition.screens[code] if has_memory else edition.screens[code].stateless
    return screen.texts_at(edition.form, now, library.holidays).sms


def age(server: RedisServer, seconds: float) -> None:
    """Shorten the TTL of every key, as if so many seconds had passed."""
    for key in list(server.client.scan_iter()):
        left = server.client.pttl(key)
        assert left > 0, "a key without a TTL"
        server.client.pexpire(key, round(left - 1000 * seconds))


_clients: list[Any] = []


def sessions_at(
    url: str,
    clock: Callable[[], float] = time.monotonic,
    limits: Limits = DEFAULT_LIMITS,
    wall: Callable[[], float] = time.time,
) -> RedisSessionStore:
    def connect() -> Any:
        _clients.append(redis_client_factory(url)())
        return _clients[-1]

    return RedisSessionStore(connect, SECRET, clock, limits, wall)


def close_clients() -> None:
    """Close the connections of all stores: the garbage collector may find a socket before them."""
    while _clients:
        _clients.pop().close()


def recovers(sessions: RedisSessionStore, clock: Clock) -> bool:
    """Let the pause pass and return whether Redis is used again."""
    clock.now += RECOVERY
    return sessions.open_message("twilio_sms", "+4790000099", count_message=False)[0].is_stored


def keys_with_wrong_ttl(server: RedisServer) -> list[str]:
    """Return the keys without a TTL, or with one that is too long."""
    keys = [*server.client.scan_iter(count=1000)]
    with server.client.pipeline() as questions:
        for key in keys:
            questions.ttl(key)
        ttls = zip(keys, questions.execute(), strict=True)
    return [key for key, ttl in ttls if ttl == -1 or ttl > MAX_TTLS.get(key.split(":")[1], TAG_TTL)]


_DAY = 86_400
MAX_TTLS = {
    **{"salt": _DAY, "count": SENDER_WINDOW, "hour": 3600},
    **{"day": _DAY + 3600, "short": _DAY + 3600},  # a day of 25 hours
}
