"""The sweeper: counts and tags of a process expire without further messages."""

import gc
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

import pytest

from rights_line.core.rate_limit import SENDER_WINDOW, Allowance
from rights_line.sessions import COUNT_LABEL, TAG_TTL, pseudonym, sweeper
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.rate_limiter import RateLimiter
from tests.support.clock import Clock
from tests.support.limits import UNLIMITED
from tests.support.waiting import wait_until

CHANNEL, SENDER, NEIGHBOUR = "twilio_sms", "+4790000001", "+4790000002"

INTERVAL = sweeper._INTERVAL


@pytest.fixture(autouse=True)
def _short_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rights_line.sessions.sweeper._INTERVAL", 0.05)


def rows(limiter: RateLimiter) -> set[str]:
    """Return the keys under which a limiter counts."""
    return {*vars(limiter)["_senders"], *vars(limiter)["_emergencies"]}


def is_key_of(limiter: RateLimiter, key: str, sender: str) -> bool:
    """Return whether the secrets of a process identify the sender of a key."""
    return pseudonym(vars(limiter)["_secret"], CHANNEL, sender, COUNT_LABEL) == key


def test_sweeper_thread_is_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not keep a process from ending. First, since otherwise no test run ends."""
    threads: list[threading.Thread] = []
    monkeypatch.setattr("threading.Thread.start", lambda thread: threads.append(thread))
    RateLimiter(UNLIMITED, Clock()).count(CHANNEL, SENDER)
    assert [thread.daemon for thread in threads] == [True]


Count = Callable[[RateLimiter, str], Allowance]
COUNTS: dict[str, Count] = {
    "a message": lambda limiter, sender: limiter.count(CHANNEL, sender),
    "an emergency": lambda limiter, sender: limiter.count_emergency(CHANNEL, sender),
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_count_expires_without_messages(count: Count) -> None:
    """Ten minutes after the first message; then the key identifies nobody."""
    clock = Clock()
    limiter = RateLimiter(UNLIMITED, clock)
    count(limiter, SENDER)
    [key] = rows(limiter)
    assert is_key_of(limiter, key, SENDER)
    clock.now += SENDER_WINDOW - 1
    limiter.evict_expired()
    assert rows(limiter) == {key}
    assert is_key_of(limiter, key, SENDER), "a second count would start"
    clock.now += 1
    wait_until(lambda: not rows(limiter))
    assert not is_key_of(limiter, key, SENDER)


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_secret_while_a_count_remains_is_kept(count: Count) -> None:
    """A later sender is still counted when the first count expires."""
    clock = Clock()
    limiter = RateLimiter(UNLIMITED, clock)
    count(limiter, SENDER)
    clock.now += SENDER_WINDOW - 1
    count(limiter, NEIGHBOUR)
    clock.now += 1
    limiter.evict_expired()
    [key] = rows(limiter)
    assert is_key_of(limiter, key, NEIGHBOUR)


def test_count_expires_in_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a monotonic clock and a window of half a second."""
    monkeypatch.setattr("rights_line.sessions.rate_limiter.SENDER_WINDOW", 0.5)
    limiter = RateLimiter(UNLIMITED, time.monotonic)
    started_at = time.monotonic()
    limiter.count(CHANNEL, SENDER)
    limiter.count_emergency(CHANNEL, SENDER)
    wait_until(lambda: not rows(limiter))
    assert 0.5 <= time.monotonic() - started_at < 5


# Tags in memory


def test_tag_expires_without_messages() -> None:
    """Ten minutes after the last message; then the sender gets another key."""
    clock = Clock()
    sessions = MemorySessionStore(clock)
    session = sessions.load(CHANNEL, SENDER)
    sessions.save(session, "pl")
    clock.now += TAG_TTL - 1
    sessions.evict_expired()
    assert list(vars(sessions)["_tags"]) == [session.key]
    assert sessions.load(CHANNEL, SENDER).tag == "pl"
    clock.now += TAG_TTL
    wait_until(lambda: not vars(sessions)["_tags"])
    assert sessions.load(CHANNEL, SENDER).key != session.key


def test_save_after_other_tags_expire_keeps_tag() -> None:
    """A tag is saved under the key of its message, even if others expire meanwhile."""
    clock = Clock()
    sessions = MemorySessionStore(clock)
    sessions.save(sessions.load(CHANNEL, NEIGHBOUR), "ar")
    clock.now += TAG_TTL
    session = sessions.load(CHANNEL, SENDER)
    clock.now += 5
    wait_until(lambda: not vars(sessions)["_tags"])
    sessions.evict_expired()
    sessions.save(session, "pl")
    assert sessions.load(CHANNEL, SENDER).tag == "pl"


def test_sweeper_interval_is_one_second() -> None:
    assert INTERVAL == 1


# Threads


def test_sweeper_forked_process_evicts() -> None:
    """gunicorn loads the application and forks; a fork does not copy threads."""
    clock = Clock()
    limiter = RateLimiter(UNLIMITED, clock)
    limiter.count(CHANNEL, SENDER)
    receiver, results = get_context("fork").Pipe()
    child = get_context("fork").Process(target=count_and_wait, args=[limiter, clock, results])
    child.start()
    try:
        assert receiver.poll(30)
        assert receiver.recv() == 0
    finally:
        child.kill()
        child.join()


def count_and_wait(limiter: RateLimiter, clock: Clock, results: Connection) -> None:
    """Count in a child process, let ten minutes pass, and send the number of rows."""
    limiter.count(CHANNEL, NEIGHBOUR)
    clock.now += SENDER_WINDOW
    deadline = time.monotonic() + 20
    while rows(limiter) and time.monotonic() < deadline:
        time.sleep(0.05)
    results.send(len(rows(limiter)))


def test_sweeper_thread_ends_with_its_store() -> None:
    """Fifty messages start one thread, which ends with the limiter."""
    before = set(threading.enumerate())
    limiter = RateLimiter(UNLIMITED, Clock())
    for number in range(50):
        limiter.count(CHANNEL, f"+47900000{number:02}")
    [thread] = set(threading.enumerate()) - before
    del limiter
    gc.collect()
    thread.join(30)
    assert not thread.is_alive()


def test_count_thread_cannot_start_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next message evicts expired counts."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    clock = Clock()
    limiter = RateLimiter(UNLIMITED, clock)
    assert limiter.count(CHANNEL, SENDER) is Allowance.FULL
    clock.now += SENDER_WINDOW
    assert limiter.count(CHANNEL, NEIGHBOUR) is Allowance.FULL
    assert len(rows(limiter)) == 1
