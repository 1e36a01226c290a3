"""The circuit breaker of one process, and the timer that purges when idle."""

import gc
import threading
import weakref

import pytest

from rights_line.sessions import PurgeTimer
from rights_line.sessions.redis_connection import Breaker
from tests.support.clock import Clock
from tests.support.log import logged
from tests.support.waiting import wait_until


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def test_breaker_log_contains_durations(
    breaker: Breaker, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line for each change: how long the command took, how long the breaker was open."""
    breaker.record_success(clock())
    sent_at, clock.now = clock.now, clock.now + 0.2
    breaker.record_failure(sent_at)
    breaker.record_failure(clock())
    clock.now += 7
    breaker.record_success(clock())
    breaker.record_success(clock())

    assert logged(capfd) == [
        {"event": "redis", "channel": "", "outcome": "down", "ms": 200},
        {"event": "redis", "channel": "", "outcome": "up", "ms": 7000},
    ]


@pytest.mark.parametrize(("cost", "pause"), [(0.0, 1.0), (0.125, 1.0), (1.0, 5.0), (3.0, 15.0)])
def test_breaker_pause_depends_on_cost_of_failure(
    cost: float, pause: float, breaker: Breaker, clock: Clock
) -> None:
    """A second, or five times the duration of the failed command."""
    for _ in range(2):
        assert breaker.allows_request()
        sent_at, clock.now = clock.now, clock.now + cost
        breaker.record_failure(sent_at)
        clock.now += pause - 0.125
        assert not breaker.allows_request()
        clock.now += 0.125


def test_breaker_open_lets_one_request_through_per_pause(breaker: Breaker, clock: Clock) -> None:
    assert [breaker.allows_request() for _ in range(3)] == [True] * 3
    breaker.record_failure(clock())
    for _ in range(3):
        assert not breaker.allows_request()
        clock.now += 1
        assert [breaker.allows_request() for _ in range(3)] == [True, False, False]
    breaker.record_success(clock())
    assert [breaker.allows_request() for _ in range(3)] == [True] * 3


def test_breaker_late_success_does_not_close_it(breaker: Breaker, clock: Clock) -> None:
    """Only a command sent after the last failure ends the pause."""
    sent_at, clock.now = clock.now, clock.now + 0.1
    breaker.record_failure(clock())
    breaker.record_success(sent_at)
    assert breaker.is_open
    clock.now += 1
    breaker.record_success(clock())
    assert not breaker.is_open


def test_breaker_late_failure_does_not_shorten_pause(breaker: Breaker, clock: Clock) -> None:
    """A quick failure after a slow one."""
    breaker.record_failure(clock() - 3)
    breaker.record_failure(clock())
    clock.now += 14
    assert not breaker.allows_request()
    clock.now += 1
    assert breaker.allows_request()


class Owner:
    """Counts the purges of a timer with a short interval; the first one fails."""

    def __init__(self) -> None:
        self.purges = 0
        self.timer = PurgeTimer(self.purge, interval=0.01)

    def purge(self) -> None:
        self.purges += 1
        if self.purges == 1:
            raise RuntimeError


def test_timer_purges_again_and_again_until_its_owner_is_gone() -> None:
    """One daemon thread, also after a purge that failed: pseudonyms must not stay."""
    before = set(threading.enumerate())
    owners = [Owner()]
    gone = weakref.ref(owners[0])
    for _ in range(50):
        owners[0].timer.start()
    started = set(threading.enumerate()) - before
    assert len(started) <= 1
    assert all(thread.daemon for thread in started)
    wait_until(lambda: owners[0].purges >= 3)
    owners.clear()
    gc.collect()
    wait_until(lambda: not gone() and not set(threading.enumerate()) - before)


def test_timer_thread_cannot_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is answered nevertheless."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    owner = Owner()
    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread.start", refuse)
        owner.timer.start()
    owner.timer.start()
    wait_until(lambda: owner.purges)
