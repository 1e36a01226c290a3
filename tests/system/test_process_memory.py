"""The memory of a running line: once a message is answered, no object holds any of it.

Freed memory is not searched: PRIVACY.md says that parts of a message may stay in it.
"""

import gc
import io
import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from rights_line.core.library import Library
from rights_line.core.understanding import auto_replies, normalise
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support import canary
from tests.support.clock import Clock
from tests.support.limits import UNLIMITED
from tests.support.redis_line import SECRET, redis_environ
from tests.support.routes import ALL_ROUTES, ENVIRON, Route
from tests.support.servers import LineServer, RedisServer
from tests.support.sms_line import phone
from tests.support.waiting import wait_until
from tests.support.wire import exchange, request_bytes

# 1. Objects of a worker of gunicorn

WORDS = (
    *(canary.NUMBER[-8:], canary.TEXT.split()[0], canary.MESSAGE_ID),
    *(canary.CITY, canary.AGENT),
)
PERSONAL = re.compile("|".join(map(re.escape, WORDS)), re.IGNORECASE)
# Words, codes and emergencies in a text that no phrase matches.
TEXTS = ("{}", "POLSKI", "{} 112", "4", "POLSKI {}", "4{}", "ratunku {}", "{}\U0001f198")


def held() -> int:
    """Return the number of objects of this process that hold personal data of the canary."""
    gc.unfreeze()  # gc.get_objects() omits what gunicorn.conf.py froze
    gc.collect()
    found: set[int] = set()
    holders = gc.get_objects()
    while holders:
        referents = gc.get_referents(*holders)
        found.update(id(one) for one in referents if PERSONAL.search(content(one)))
        # gc.get_objects() omits a tuple or dict that holds only strings.
        holders = [
            one for one in referents if type(one) in (tuple, dict) and not gc.is_tracked(one)
        ]
    return len(found)


def content(one: object) -> str:
    """Return the text in an object of a type that holds text or bytes."""
    if isinstance(one, str):
        return one
    if isinstance(one, io.BytesIO) and not one.closed:
        one = one.getvalue()
    return one.decode("latin-1") if isinstance(one, bytes | bytearray) else ""


def searchable() -> Any:
    """Return the app of app.py, which answers /held with the number of objects that hold words."""
    from app import app

    def handle(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/held":
            return app(environ, start_response)
        body = str(held()).encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    return handle


def caching_texts() -> Any:
    """Return a searchable app with a cache of the texts that it normalised."""
    vars(auto_replies)["normalise"] = lru_cache(maxsize=100)(normalise.normalise)
    return searchable()


def keeping_requests() -> Any:
    """Return a searchable app that keeps a header of each request in a dictionary of strings."""
    app, kept = searchable(), []

    def keep(environ: Any, start_response: Any) -> Any:
        kept.append({"agent": environ.get("HTTP_USER_AGENT", "")})
        return app(environ, start_response)

    return keep


Send = Callable[[bytes], bytes]


@contextmanager
def line(folder: Path, redis: RedisServer, application: str) -> Iterator[tuple[Send, Any]]:
    """Run a line with all channels; yield functions that send bytes and that return held()."""
    environ = ENVIRON | redis_environ(redis.url) | {"OUTPUT": str(folder / "out")}
    server = LineServer(environ, application=f"tests.system.test_process_memory:{application}()")
    try:
        server.start()
        wait_until(lambda: len(server.processes()) == 2)

        def send(data: bytes) -> bytes:
            return exchange(server.address.removeprefix("http://"), data)

        def held_there() -> int:
            answer = send(request_bytes("GET /held HTTP/1.1", "Connection: close"))
            return int(answer.partition(b"\r\n\r\n")[2])

        yield send, held_there
    finally:
        server.kill()


def send_messages(send: Send, route: Route) -> None:
    """Send each text by a route, and expect an answer."""
    for text in TEXTS:
        assert send(route.request(text.format(canary.TEXT))).startswith(b"HTTP/1.1 200")


# By GET, which is deprecated, Kannel puts sender and text into the URL; Python caches the last 128.
POST_ROUTES = [route for route in ALL_ROUTES if route.method == "POST"]


def test_worker_after_answering_holds_no_personal_data(tmp_path: Path, redis: RedisServer) -> None:
    """Answered, refused, too large, malformed and truncated requests leave no object behind."""
    with line(tmp_path, redis, "searchable") as (send, held_there):
        before = held_there()  # the constants of the tests
        assert before > 0
        for route in POST_ROUTES:
            send_messages(send, route)
            send(route.request(canary.TEXT, forged=True))
            send(route.request(canary.NUMBER * 2000))
            whole = route.request(canary.TEXT)
            send(whole.replace(b"User-Agent:", b"User Agent:"))
            send(whole.partition(b"\r\n\r\n")[0])
        wait_until(lambda: held_there() == before)


@pytest.mark.parametrize("application", ["caching_texts", "keeping_requests"])
def test_search_finds_what_a_worker_keeps(
    application: str, tmp_path: Path, redis: RedisServer
) -> None:
    """The test above fails for a cache of texts and for a list of headers."""
    with line(tmp_path, redis, application) as (send, held_there):
        before = held_there()
        send_messages(send, POST_ROUTES[0])
        assert held_there() > before


# 2. Files

by_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="a process of the line is hidden from other users"
)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[Path]]:
    """The folders in /proc of gunicorn's main process and its worker; both log to "out"."""
    server = LineServer({**ENVIRON, "OUTPUT": str(tmp_path / "out")})
    try:
        server.start()
        wait_until(lambda: len(server.processes()) == 2)
        yield [Path(f"/proc/{process}") for process in server.processes()]
    finally:
        server.kill()


def test_core_dump_size_is_limited_to_zero(processes: list[Path]) -> None:
    """Whatever the machine allows."""
    limits = [process.joinpath("limits").read_text() for process in processes]
    assert all(re.search(r"Max core file size +0 +0 ", one) for one in limits)


@by_root
def test_only_the_log_is_written_to_disk(processes: list[Path], tmp_path: Path) -> None:
    """All other files that are open for writing are in memory: a disk may be read-only."""
    written = set()
    for row in (row for process in processes for row in (process / "fdinfo").iterdir()):
        flags = int(row.read_text().partition("flags:")[2].split()[0], 8)
        if flags & os.O_ACCMODE != os.O_RDONLY:
            written.add((row.parent.parent / "fd" / row.name).readlink())
    files = {path for path in written if path.is_absolute() and path != tmp_path / "out"}
    assert files, "gunicorn has a heartbeat file for each worker"
    assert {path.parts[1] for path in files} == {"dev"}


# 3. Growth

SENDERS = 150
CONTAINERS = (dict, list, set, tuple, deque)


def items_held(root: object) -> int:
    """Return the number of items in all containers that an object of ours refers to."""
    seen: set[int] = set()
    waiting, total = [root], 0
    while waiting:
        one = waiting.pop()
        is_container = isinstance(one, CONTAINERS)
        if id(one) in seen or not (is_container or type(one).__module__.startswith("rights_line")):
            continue
        seen.add(id(one))
        total += len(one) if is_container else 0  # type: ignore[arg-type]
        waiting += gc.get_referents(one)
    return total


def growth(library: Library, sessions: SessionStore, clock: Clock, pause: float) -> int:
    """Return how many items a store holds more after three further groups of new senders."""
    send = phone(library, sessions)
    held_items = []
    for group in range(6):
        clock.now += pause
        for number in range(group * SENDERS, (group + 1) * SENDERS):
            for text in ("POLSKI", "ratunku"):
                send(text, f"+4790{number:06}")
        held_items.append(items_held(sessions))
    return held_items[-1] - held_items[2]


def session_store(kind: str, redis: RedisServer, clock: Clock) -> SessionStore:
    """Return a store without rate limits per hour and day."""
    if kind == "redis":
        return RedisSessionStore(client_factory(redis.url), SECRET, clock, UNLIMITED)
    return MemorySessionStore(clock, limits=UNLIMITED)


@pytest.mark.parametrize("kind", ["memory", "redis"])
def test_session_store_does_not_grow_with_expired_senders(
    kind: str, redis: RedisServer, library: Library
) -> None:
    """Groups of senders an hour apart take the space of one group."""
    clock = Clock()
    assert growth(library, session_store(kind, redis, clock), clock, pause=3600) < SENDERS


@pytest.mark.parametrize("kind", ["memory", "redis"])
def test_session_store_growth_is_measured(kind: str, redis: RedisServer, library: Library) -> None:
    """The test above fails where nothing expires: without a pause the store keeps all groups."""
    clock = Clock()
    assert growth(library, session_store(kind, redis, clock), clock, pause=0) >= 3 * SENDERS
