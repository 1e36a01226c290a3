"""Failures of Redis: a reply in time without a session, one attempt per pause, and recovery.

And REDIS_URL of a file or with TLS; that of a Sentinel is in tests/system/.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from rights_line.core.library import Library
from rights_line.sessions import UNKNOWN_TAG
from rights_line.sessions.redis_client import redis_client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support.clock import TUESDAY, Clock
from tests.support.log import logged
from tests.support.redis_line import (
    ANY_WORD,
    FAULTS,
    RECOVERY,
    SECRET,
    Fault,
    Relay,
    close_clients,
    recovers,
    screen,
    sessions_at,
)
from tests.support.redis_states import DEGRADED
from tests.support.servers import RedisServer
from tests.support.sms_line import CHANNEL, phone
from tests.support.twilio_phone import SENDER
from tests.support.waiting import wait_until

MAX_SECONDS = 1.9  # a reply must come within two; with its defaults redis-py takes four or more

Result = TypeVar("Result")


def timed(call: Callable[[], Result]) -> tuple[Result, float]:
    """Return a result and the seconds that it took."""
    started = time.perf_counter()
    return call(), time.perf_counter() - started


def is_stored(sessions: RedisSessionStore) -> bool:
    """Load the session of `SENDER` and return whether the store works."""
    return sessions.open_message(CHANNEL, SENDER, count_message=False)[0].is_stored


# 1. Log and health


def test_log_redis_down_marks_replies_without_session(
    relay: Relay, clock: Clock, small_library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """Down and up are logged once; STOP gets no reply, so it needs no session."""
    send = phone(small_library, sessions_at(relay.url, clock))
    send(ANY_WORD)
    relay.fault = FAULTS["closed"]
    for text in ("4", "POLSKI", "112", "STOP"):
        send(text)
        clock.now += RECOVERY
    relay.fault = None
    send("4")
    rows = logged(capfd)
    without = "answered without session"
    outcomes = {"inbound": ["answered", *[without] * 3, "answered", "answered"]}
    outcomes["redis"] = ["down", "up"]
    for event, expected in outcomes.items():
        assert [row["outcome"] for row in rows if row["event"] == event] == expected


def test_status_probes_redis_once_a_second(relay: Relay, clock: Clock) -> None:
    """And not at all while messages are answered."""
    sessions = sessions_at(relay.url, clock)
    for is_probed in (True, False, False):
        before = relay.turns
        assert (sessions.status(), sessions.problems()) == ("up", [])
        assert (relay.turns > before) is is_probed
    clock.now += 1
    sessions.open_message(CHANNEL, SENDER)
    before = relay.turns
    assert sessions.status() == "up"
    assert relay.turns == before


@pytest.mark.parametrize("degrade", DEGRADED.values(), ids=DEGRADED)
def test_status_degraded_redis_stays_down(
    degrade: Callable[[RedisServer], object],
    own_redis: RedisServer,
    clock: Clock,
    small_library: Library,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A successful read does not close the breaker; menus have the language word before codes."""
    sessions = sessions_at(own_redis.url, clock)
    send = phone(small_library, sessions)
    send(ANY_WORD)
    degrade(own_redis)
    assert own_redis.client.ping()
    for _ in range(2):
        assert "\nPOLSKI 4 " in send("POLSKI")
        assert sessions.status() == "down"
        clock.now += RECOVERY
        assert send("POLSKI 4") == screen(small_library, "4", TUESDAY, has_memory=False)
        clock.now += RECOVERY
    changes = [row["outcome"] for row in logged(capfd) if row["event"] == "redis"]
    assert changes == ["down"]


# 2. Faults


def assert_not_asked(sessions: RedisSessionStore, relay: Relay) -> None:
    """Assert that the breaker is open: Redis gets no command."""
    wait_until(lambda: relay.turns)
    before = relay.turns
    for _ in range(20):
        session = sessions.open_message(CHANNEL, SENDER)[0]
        assert not session.is_stored
        sessions.save(session, "pl")
    assert relay.turns == before


@pytest.mark.parametrize("is_first", [True, False], ids=["at first", "later"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_open_message_redis_fails_returns_unavailable_in_time(
    fault: Fault, is_first: bool, relay: Relay, clock: Clock
) -> None:
    """Sessions are back as soon as Redis is."""
    sessions = sessions_at(relay.url, clock)
    if not is_first:
        wait_until(lambda: recovers(sessions, clock))
    relay.fault = fault
    session, seconds = timed(lambda: sessions.open_message(CHANNEL, SENDER)[0])
    assert session.tag == UNKNOWN_TAG
    assert not session.is_stored  # its tag is unknown, so it must not be written
    assert seconds < MAX_SECONDS
    assert_not_asked(sessions, relay)
    relay.fault = None
    wait_until(lambda: recovers(sessions, clock))
    assert sessions.status() == "up"


@pytest.mark.parametrize("tag", ["ar", None], ids=["change", "forget"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_save_redis_fails_does_not_restore_old_tag(
    fault: Fault, tag: str | None, relay: Relay, clock: Clock
) -> None:
    sessions = sessions_at(relay.url, clock)
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "pl")
    session = sessions.open_message(CHANNEL, SENDER)[0]
    relay.fault = fault
    is_saved, seconds = timed(lambda: sessions.save(session, tag))
    assert seconds < MAX_SECONDS
    relay.fault = None
    wait_until(lambda: recovers(sessions, clock))
    # A Redis that falsely reports success is believed.
    assert sessions.open_message(CHANNEL, SENDER)[0].tag in (
        (tag, None, "pl") if is_saved else (tag, None)
    )


@contextmanager
def with_unresolved_name() -> Iterator[str]:
    """Yield a URL whose host name the resolver fails to resolve after half a second."""

    def lookup(*_: object, **__: object) -> list[object]:
        time.sleep(0.5)
        raise socket.gaierror

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lookup)
        yield "redis://redis.example.org:6379/0"


def test_open_message_slow_name_lookup_returns_in_time(clock: Clock) -> None:
    """Our timeout does not apply to the resolver; the breaker avoids its cost for a while."""
    with with_unresolved_name() as url:
        sessions = sessions_at(url, clock)
        stored, seconds = timed(lambda: is_stored(sessions))
        assert not stored
        assert seconds < MAX_SECONDS
        stored, seconds = timed(lambda: any(is_stored(sessions) for _ in range(20)))
        assert not stored
        assert seconds < 0.2, "Redis was asked again"


def test_failures_leave_one_client_and_no_open_connection(relay: Relay, clock: Clock) -> None:
    """However often Redis fails and recovers; redis-py reconnects by itself."""
    clients: list[Any] = []

    def connect() -> Any:
        clients.append(redis_client_factory(relay.url)())
        return clients[-1]

    sessions = RedisSessionStore(connect, SECRET, clock)

    def fail_often() -> int:
        for name in ("closed", "cut and closed", "full", "no protocol"):
            relay.fault = None
            wait_until(lambda: recovers(sessions, clock))  # a busy machine may take over 0.2 s
            relay.fault = FAULTS[name]
            assert not is_stored(sessions)
        return len(os.listdir("/proc/self/fd"))

    first = fail_often()
    assert max(fail_often() for _ in range(10)) < first + 8
    assert len(clients) == 1


# 3. The forms of REDIS_URL


def test_redis_url_of_a_file_keeps_sessions(tmp_path: Path, small_library: Library) -> None:
    """With a password of characters that a URL must percent-encode."""
    path = tmp_path / "redis.sock"
    server = RedisServer(tmp_path, "--unixsocket", str(path))
    server.start()
    try:
        server.client.config_set("requirepass", "p@ss:w/rd")
        send = phone(small_library, sessions_at(f"unix://:p%40ss%3Aw%2Frd@{path}?db=3"))
        send(small_library.editions["pl"].language.word)
        assert send("4") == screen(small_library, "4", TUESDAY)
        send("00")
        assert send("4") == small_library.start
    finally:
        close_clients()
        server.stop()


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1/0", "unix:///redis.sock", "redis+sentinel://127.0.0.1:1/line"]
)
def test_redis_url_of_each_form_has_our_timeouts(url: str) -> None:
    """An option of the URL would let a message wait for longer."""
    options = redis_client_factory(f"{url}?socket_timeout=9")().connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.2, 0.2)
