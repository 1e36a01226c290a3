"""Threads take turns: one that answers long loses its turn to another."""

import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from rights_line.web.serving.relay import Relay

Round = Callable[[Relay], bool]


class RelayOfRounds:
    """A relay whose loop takes its rounds from a queue."""

    def __init__(self, threads: int) -> None:
        self.rounds: SimpleQueue[Round] = SimpleQueue()
        self.relay = Relay(lambda: self.rounds.get()(self.relay), threads)
        self.runner = threading.Thread(target=self.relay.run_relay)
        self.runner.start()

    def answer(self, answer: Callable[[], object]) -> "SimpleQueue[tuple[bool, int]]":
        """Queue a round with one answer; its outcome: whether the turn was kept, the thread."""
        outcome: SimpleQueue[tuple[bool, int]] = SimpleQueue()

        def one_round(relay: Relay) -> bool:
            relay.begin_answer()
            answer()
            outcome.put((relay.end_answer(), threading.get_ident()))
            return True

        self.rounds.put(one_round)
        return outcome


@pytest.fixture
def made() -> Iterator[RelayOfRounds]:
    """A relay of two threads, which ends after the test."""
    relay = RelayOfRounds(threads=2)
    yield relay
    relay.rounds.put(lambda _: False)
    relay.runner.join(timeout=5)
    assert not relay.runner.is_alive()


def test_short_answers_stay_with_one_thread(made: RelayOfRounds) -> None:
    outcomes = [made.answer(lambda: None) for _ in range(100)]
    kept = [outcome.get(timeout=5) for outcome in outcomes]
    assert [has_turn for has_turn, _ in kept] == [True] * 100
    assert len({thread for _, thread in kept}) == 1


def test_long_answer_hands_the_loop_to_another_thread(made: RelayOfRounds) -> None:
    hangs = threading.Event()
    long = made.answer(lambda: hangs.wait(10))
    short = made.answer(lambda: None)
    has_turn, other = short.get(timeout=5)
    assert has_turn
    assert long.empty()
    hangs.set()
    lost_turn, thread = long.get(timeout=5)
    assert not lost_turn
    assert thread != other


def test_loop_waits_while_all_threads_answer_and_goes_on_with_the_first(
    made: RelayOfRounds,
) -> None:
    hangs = [threading.Event() for _ in range(2)]
    for event in hangs:
        made.answer(lambda event=event: event.wait(10))  # type: ignore[misc]
    third = made.answer(lambda: None)
    time.sleep(0.2)
    assert third.empty()
    hangs[0].set()
    assert third.get(timeout=5)[0]
    hangs[1].set()


def test_thread_may_hand_the_loop_over_at_once(
    made: RelayOfRounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rights_line.web.serving.relay.LONG", 60.0)
    hangs = threading.Event()

    def hand_over() -> None:
        made.relay.hand_over()
        made.relay.hand_over()  # it is not its turn any more
        hangs.wait(10)

    long = made.answer(hand_over)
    assert made.answer(lambda: None).get(timeout=5)[0]
    hangs.set()
    assert not long.get(timeout=5)[0]


def test_one_thread_at_a_time_runs_the_loop() -> None:
    relay = RelayOfRounds(threads=4)
    inside: list[int] = []
    most = 0

    def answer_long(relay: Relay) -> bool:
        nonlocal most
        inside.append(1)
        most = max(most, len(inside))
        time.sleep(0.001)
        inside.pop()
        relay.begin_answer()
        time.sleep(0.03)
        relay.end_answer()
        return True

    for _ in range(40):
        relay.rounds.put(answer_long)
    for _ in range(4):
        relay.rounds.put(lambda _: False)
    relay.runner.join(timeout=10)
    assert not relay.runner.is_alive()
    assert most == 1


def test_exception_in_the_loop_ends_the_relay() -> None:
    def fails() -> bool:
        raise RuntimeError("a fault of the loop")

    with pytest.raises(RuntimeError, match="a fault of the loop"):
        Relay(fails, 2).run_relay()
