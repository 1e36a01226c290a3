"""What a process keeps of a person ends on time, though nobody writes; and so does its key."""

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

PAUSE = sweeper._INTERVAL


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rights_line.sessions.sweeper._INTERVAL", 0.05)


def rows(counter: RateLimiter) -> set[str]:
    """Return under which keys something is counted."""
    return {*vars(counter)["_senders"], *vars(counter)["_emergencies"]}


def can_be_told(counter: RateLimiter, key: str, sender: str) -> bool:
    """Tell whether who has all that is in a process finds out whose key it is."""
    return pseudonym(vars(counter)["_secret"], CHANNEL, sender, COUNT_LABEL) == key


def test_it_hinders_no_process_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread is one that nobody waits for. (First: were it not so, the tests would not end.)"""
    made: list[threading.Thread] = []
    monkeypatch.setattr("threading.Thread.start", lambda thread: made.append(thread))
    RateLimiter(UNLIMITED, Clock()).count(CHANNEL, SENDER)
    assert [thread.daemon for thread in made] == [True]


Count = Callable[[RateLimiter, str], Allowance]
COUNTS: dict[str, Count] = {
    "a message": lambda counter, sender: counter.count(CHANNEL, sender),
    "an emergency": lambda counter, sender: counter.count_emergency(CHANNEL, sender),
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_a_count_ends_though_nobody_writes(count: Count) -> None:
    """Ten minutes after the first message, and then nobody can tell whose it was."""
    clock = Clock()
    counter = RateLimiter(UNLIMITED, clock)
    count(counter, SENDER)
    [key] = rows(counter)
    assert can_be_told(counter, key, SENDER)
    clock.now += SENDER_WINDOW - 1
    counter.evict_expired()
    assert rows(counter) == {key}
    assert can_be_told(counter, key, SENDER), "or she would be counted anew"
    clock.now += 1
    wait_until(lambda: not rows(counter))
    assert not can_be_told(counter, key, SENDER)


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_while_somebody_is_counted_the_key_stays(count: Count) -> None:
    """Who wrote later keeps her count when the first one's ends."""
    clock = Clock()
    counter = RateLimiter(UNLIMITED, clock)
    count(counter, SENDER)
    clock.now += SENDER_WINDOW - 1
    count(counter, NEIGHBOUR)
    clock.now += 1
    counter.evict_expired()
    [key] = rows(counter)
    assert can_be_told(counter, key, NEIGHBOUR)


def test_a_count_ends_in_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the clock that a process has, and a window of half a second."""
    monkeypatch.setattr("rights_line.sessions.rate_limiter.SENDER_WINDOW", 0.5)
    counter = RateLimiter(UNLIMITED, time.monotonic)
    begun = time.monotonic()
    counter.count(CHANNEL, SENDER)
    counter.count_emergency(CHANNEL, SENDER)
    wait_until(lambda: not rows(counter))
    assert 0.5 <= time.monotonic() - begun < 5


# Tags of one process


def test_a_tag_ends_though_nobody_writes() -> None:
    """Ten minutes after the last message, and then nobody can tell whose it was."""
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


def test_what_is_chosen_while_others_are_forgotten_is_kept() -> None:
    """Her language is kept under the key of her message, whatever ends before she is answered."""
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


def test_it_looks_once_a_second() -> None:
    """Ten minutes are no eleven; and a process that nobody writes to has nothing to do."""
    assert PAUSE == 1


# A thread of the process that counts


def test_a_process_that_is_forked_lets_go_too() -> None:
    """gunicorn loads the line once and forks; a thread is not forked along."""
    clock = Clock()
    counter = RateLimiter(UNLIMITED, clock)
    counter.count(CHANNEL, SENDER)
    ours, theirs = get_context("fork").Pipe()
    child = get_context("fork").Process(target=count_and_wait, args=[counter, clock, theirs])
    child.start()
    try:
        assert ours.poll(30)
        assert ours.recv() == 0
    finally:
        child.kill()
        child.join()


def count_and_wait(counter: RateLimiter, clock: Clock, told: Connection) -> None:
    """Count in a process of its own, let ten minutes pass, and tell what is left soon after."""
    counter.count(CHANNEL, NEIGHBOUR)
    clock.now += SENDER_WINDOW
    deadline = time.monotonic() + 20
    while rows(counter) and time.monotonic() < deadline:
        time.sleep(0.05)
    told.send(len(rows(counter)))


def test_there_is_one_thread_and_only_for_as_long_as_needed() -> None:
    """Not one a message; and it ends with what it sweeps."""
    before = set(threading.enumerate())
    counter = RateLimiter(UNLIMITED, Clock())
    for number in range(50):
        counter.count(CHANNEL, f"+47900000{number:02}")
    [thread] = set(threading.enumerate()) - before
    del counter
    gc.collect()
    thread.join(30)
    assert not thread.is_alive()


def test_where_no_thread_can_be_she_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over goes with the next message, as a machine has threads for no more."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    clock = Clock()
    counter = RateLimiter(UNLIMITED, clock)
    assert counter.count(CHANNEL, SENDER) is Allowance.FULL
    clock.now += SENDER_WINDOW
    assert counter.count(CHANNEL, NEIGHBOUR) is Allowance.FULL
    assert len(rows(counter)) == 1
