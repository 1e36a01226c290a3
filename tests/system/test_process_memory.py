"""What a process holds of a person once she is answered: nothing; and what stays where it was."""

import gc
import os
import platform
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from rights_line import event_log
from rights_line.channels import available
from rights_line.core.library import Library
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.rate_limiter import RateLimiter
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.web.app import create_app
from tests.support import canary
from tests.support.clock import Clock
from tests.support.limits import UNLIMITED
from tests.support.phones import ENVIRON, PHONES
from tests.support.redis_line import SECRET, redis_environ
from tests.support.routes import ALL_ROUTES, ROUTES, Route
from tests.support.routes import ENVIRON as ALL_ENVIRON
from tests.support.servers import LineServer, RedisServer
from tests.support.sms_line import phone
from tests.support.waiting import wait_until
from tests.support.wire import exchange

# 1. Objects

# Reserved in no language, and too odd for any typo: each is looked for as it is and cleaned.
ODD = ("{} qwrtp", "{} 112", "POLSKI {}", "4{}", "ratunku {}", "{}\U0001f198")


def references(backwards: str) -> Iterator[object]:
    """Yield what holds a word, which is given backwards so as not to be found here."""
    gc.collect()
    for holder in gc.get_objects():
        for one in gc.get_referents(holder):
            if isinstance(one, str) and len(one) < 100_000 and backwards in one[::-1].lower():
                yield one


def send_word(name: str, environ: dict[str, str]) -> str:
    """Write on a gateway; return, backwards, the word that was in each text."""
    word = "x" + secrets.token_hex(6).translate(str.maketrans("0123456789", "ghijklmnop"))
    client = create_app(environ).test_client()
    for text in ODD:
        assert client.open(**PHONES[name](text.format(word))).status_code == 200
    apps.append(client.application)  # or all that it may hold would be gone
    return word[::-1]


apps: list[object] = []


@pytest.fixture(autouse=True)
def _end() -> Iterator[None]:
    yield
    apps.clear()


@pytest.mark.parametrize("name", sorted(PHONES))
def test_a_process_holds_no_text(name: str, redis: RedisServer) -> None:
    """Neither a table of texts that were read before, nor anything else, grows by hers."""
    environ = ENVIRON | redis_environ(redis.url) | {"CHANNELS": name}
    assert list(references(send_word(name, environ))) == []


def test_a_text_that_is_held_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: a table of texts that were cleaned before would be seen."""
    from rights_line.core.understanding import auto_replies, normalise

    monkeypatch.setattr(auto_replies, "normalise", lru_cache(maxsize=100)(normalise.normalise))
    word = send_word("try_it", ENVIRON | {"CHANNELS": "try_it"})
    assert len(set(map(str, references(word)))) >= len(ODD)


def test_every_gateway_has_a_phone() -> None:
    """A gateway that nobody tried is an error."""
    assert set(available()) == PHONES.keys() == ROUTES.keys()


# 2. A process under gunicorn, byte by byte

# What is set free is written over at once: what is still found, something holds.
WRITTEN_OVER = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_PERTURB_": "165",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}
PERSONAL_WORDS = (
    canary.NUMBER[-8:],
    canary.TEXT,
    canary.TEXT.split()[0],
    canary.MESSAGE_ID,
    canary.CITY,
)
FORMS = {
    word.encode(code)
    for one in (*PERSONAL_WORDS, canary.AGENT)
    for word in (one, one.lower())
    for code in ("ascii", "utf-16-le", "utf-32-le")  # as Python keeps texts
}

by_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="a process of the line is hidden from others"
)
of_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc")


def in_memory(process: int) -> dict[bytes, int]:
    """Return how often each form of what is hers stands in what a process may write to."""
    found = dict.fromkeys(FORMS, 0)
    areas = re.findall(r"(?m)^(\w+)-(\w+) rw", Path(f"/proc/{process}/maps").read_text())
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for begin, end in ((int(begin, 16), int(end, 16)) for begin, end in areas):
            with suppress(OSError):  # gone meanwhile
                memory.seek(begin)
                references = memory.read(end - begin)
                for form in FORMS:
                    found[form] += references.count(form)
    return {form: times for form, times in found.items() if times}


@contextmanager
def line(folder: Path, redis: RedisServer, app: str, environ: dict[str, str]) -> Iterator[Any]:
    """Run a line with all gateways; yield what sends bytes there, and what looks into it."""
    environ = ALL_ENVIRON | redis_environ(redis.url) | {"OUTPUT": str(folder / "out")} | environ
    server = LineServer(environ, application=app)
    try:
        server.start()
        wait_until(lambda: len(server.processes()) == 2)

        def send(data: bytes) -> bytes:
            return exchange(server.address.removeprefix("http://"), data)

        yield send, lambda: [in_memory(process) for process in server.processes()]
    finally:
        server.kill()


def send_messages(send: Any, route: Route) -> None:
    """Write a word, choose a language, and write of danger."""
    for text in (canary.TEXT, "POLSKI", f"{canary.TEXT} 112", "4"):
        assert send(route.request(text)).startswith(b"HTTP/1.1 200")


def keeping() -> Any:
    """Return a line that keeps what it was sent."""
    served, kept = create_app(os.environ), []

    def keep(environ: Any, start_response: Any) -> Any:
        kept.append(environ["HTTP_X_KANNEL_FROM"] + environ["HTTP_USER_AGENT"])
        return served(environ, start_response)

    return keep


@by_root
@of_glibc
def test_an_answered_message_is_in_no_memory_that_is_in_use(
    tmp_path: Path, redis: RedisServer
) -> None:
    """Neither number nor text, nor id, town or phone, by any gateway; refused, broken, cut off.

    By GET, which is deprecated, they are in the address, of which Python keeps the last 128.
    """
    posted = [route for route in ALL_ROUTES if route.method == "POST"]
    with line(tmp_path, redis, "app:app", WRITTEN_OVER) as (send, look):
        for route in posted:
            send_messages(send, route)
            send(route.request(canary.TEXT, forged=True))
            send(route.request(canary.NUMBER * 2000))
        wait_until(lambda: look() == [{}, {}])
        for route in posted:  # these never reach what answers
            whole = route.request(canary.TEXT)
            send(whole.replace(b"User-Agent:", b"User Agent:"))
            send(whole.partition(b"\r\n\r\n")[0])
        wait_until(lambda: look() == [{}, {}])


@by_root
@of_glibc
def test_what_a_process_keeps_is_seen(tmp_path: Path, redis: RedisServer) -> None:
    """The test above can fail."""
    app = "tests.system.test_process_memory:keeping()"
    with line(tmp_path, redis, app, WRITTEN_OVER) as (send, look):
        send_messages(send, ROUTES["kannel_sms"][0])
        _, worker = look()
    assert worker.keys() >= {canary.NUMBER[-8:].encode(), canary.AGENT.encode()}


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[Path]]:
    """What Linux tells of gunicorn's process and its worker; they write to tmp_path / "out"."""
    server = LineServer({**ALL_ENVIRON, "OUTPUT": str(tmp_path / "out")})
    try:
        server.start()
        wait_until(lambda: len(server.processes()) == 2)
        yield [Path(f"/proc/{process}") for process in server.processes()]
    finally:
        server.kill()


def test_a_crash_writes_nothing_down(processes: list[Path]) -> None:
    """No process of the line may leave a core dump, whatever the machine allows."""
    limits = [process.joinpath("limits").read_text() for process in processes]
    assert all(re.search(r"Max core file size +0 +0 ", one) for one in limits)


@by_root
def test_no_disk_is_needed(processes: list[Path], tmp_path: Path) -> None:
    """Nothing is open for writing but the log and what is in memory: a disk may be read-only."""
    written = set()
    for row in (row for process in processes for row in (process / "fdinfo").iterdir()):
        flags = int(row.read_text().partition("flags:")[2].split()[0], 8)
        if flags & os.O_ACCMODE != os.O_RDONLY:
            written.add((row.parent.parent / "fd" / row.name).readlink())
    files = {path for path in written if path.is_absolute() and path != tmp_path / "out"}
    assert files, "gunicorn has a file for each worker's sign of life"
    assert {path.parts[1] for path in files} == {"dev"}


# 3. A process does not grow

PERSONS = 150


def blocks_a_person(library: Library, sessions: SessionStore, clock: Clock) -> float:
    """Return how many pieces of memory stay for each person who has written and is forgotten."""
    send = phone(library, sessions)
    references = []
    for turn in range(6):
        clock.now += 3600
        for number in range(turn * PERSONS, (turn + 1) * PERSONS):
            for text in ("POLSKI", "ratunku"):
                send(text, f"+4790{number:06}")
        event_log.LINES.flush(30)  # a record that waits to be written is about ten blocks
        gc.collect()
        references.append(sys.getallocatedblocks())
    return (references[-1] - references[2]) / (
        3 * PERSONS
    )  # what is made once has been made by then


@pytest.mark.parametrize("with_redis", [False, True], ids=["memory", "redis"])
def test_a_process_does_not_grow(with_redis: bool, redis: RedisServer, library: Library) -> None:
    """However many people write, a process holds no more than those of the last minutes."""
    clock = Clock()
    sessions = (
        RedisSessionStore(client_factory(redis.url), SECRET, clock, UNLIMITED)
        if with_redis
        else MemorySessionStore(clock, limits=UNLIMITED)
    )
    # Free lists of the interpreter come and go; a row that stays is one piece or more.
    assert blocks_a_person(library, sessions, clock) < 0.5


def test_a_row_that_stays_is_seen(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    """The test above can fail: a row that is not let go of is at least one such piece."""
    monkeypatch.setattr(RateLimiter, "_evict_expired", lambda counter, now: None)
    clock = Clock()
    assert blocks_a_person(library, MemorySessionStore(clock, limits=UNLIMITED), clock) > 1
