"""Floods with 200 genuine first texts among them (docs/adr/0007-rate-limits.md)."""

import json
import random
from collections.abc import Callable, Iterator

import pytest

from rights_line.core.limits import DEFAULT_LIMITS, SENDER_LIMIT, Allowance, Limits
from rights_line.sessions.limits.rate_limiter import RateLimiter
from rights_line.sessions.memory import MemorySessionStore
from tests.support.clock import MIDNIGHT, Clock
from tests.support.flood import (
    CHANNEL,
    HOUR,
    NUMBERS,
    one_range,
    random_numbers,
    simulate,
    ten_ranges,
)
from tests.support.log import written
from tests.support.redis_line import sessions_at
from tests.support.servers import ROOT, RedisServer

Numbers = Callable[[random.Random, int], Iterator[str]]

# Numbers, how many, texts from each, hours; share answered, full replies, short replies.
Flood = tuple[Numbers, int, int, float, tuple[float, int, int]]
FLOODS: dict[str, Flood] = {
    "one range": (one_range, NUMBERS, 1, 1, (1, 500, 3118)),
    "one range, three hours": (one_range, NUMBERS, 3, 3, (1, 1500, 4731)),
    "one range, 20,000 numbers": (one_range, 20_000, 1, 1, (1, 500, 3187)),
    "ten ranges": (ten_ranges, NUMBERS, 1, 1, (1, 500, 4700)),
    "random numbers": (random_numbers, NUMBERS, 1, 1, (1, 500, 4700)),
    "random numbers, four texts each": (random_numbers, NUMBERS, 4, 1, (1, 500, 5383)),
}


@pytest.mark.parametrize(
    ("numbers", "count", "texts", "hours", "expected"), FLOODS.values(), ids=FLOODS
)
def test_flood_genuine_first_texts_are_answered(
    numbers: Numbers, count: int, texts: int, hours: float, expected: tuple[float, int, int]
) -> None:
    """At least 95 % of 200 get a full or short reply; the figures are in the ADR."""
    outcome = simulate(numbers(random.Random(1), count), texts, hours)
    assert outcome.answered >= 0.95
    assert outcome == pytest.approx(expected, abs=0.001)


FORGED = {10_000: (0.62, 500, 6000), 20_000: (0.245, 500, 6000)}


@pytest.mark.parametrize(("count", "expected"), FORGED.items(), ids=["10,000", "20,000"])
def test_flood_new_number_per_text_empties_reserve(
    count: int, expected: tuple[float, int, int]
) -> None:
    """The limit of the design: forged numbers without a common prefix, each used once."""
    outcome = simulate(random_numbers(random.Random(2), count))
    assert outcome == pytest.approx(expected, abs=0.001)


def test_flood_three_processes_answer_genuine_texts(redis: RedisServer) -> None:
    """Each process knows only its own counts of the prefixes."""

    def process(clock: Clock) -> Callable[[str], Allowance]:
        sessions = sessions_at(redis.url, clock, wall=clock)
        return lambda sender: sessions.open_message(CHANNEL, sender)[1]

    chance = random.Random(1)
    outcome = simulate(
        one_range(chance, 2000), make=lambda clock: [process(clock) for _ in range(3)]
    )
    assert outcome.answered >= 0.95
    assert outcome.full == DEFAULT_LIMITS.hourly


def test_adr_contains_simulated_figures() -> None:
    text = (ROOT / "docs/adr/0007-rate-limits.md").read_text("utf-8")
    for answered, full, short in (*(row[-1] for row in FLOODS.values()), *FORGED.values()):
        assert f"| {answered:.0%} | {full:,} | {short:,} |".replace("%", " %") in text


# Reports to the operator


@pytest.fixture
def clock() -> Clock:
    """22:40 in Norway."""
    return Clock(MIDNIGHT + 22 * HOUR + 40 * 60)


def rows(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Return the lines of the log."""
    return [json.loads(line) for line in written(capfd)[1].splitlines()]


def test_limit_reached_is_problem_and_logged_once(
    clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    """Until its window ends; the next window reports it again."""
    limiter = RateLimiter(Limits(2, 1000), clock, wall=clock)
    for end in ("23:00", "00:00"):
        limiter.count_rate(CHANNEL, "+4790000001")
        assert limiter.rate_limit_problems() == []
        for number in range(2, 9):
            limiter.count_rate(CHANNEL, f"+479000000{number}")
        [problem] = limiter.rate_limit_problems()
        assert problem == (
            "The hourly limit of 2 full replies (RIGHTS_LINE_HOURLY) has been reached. Until"
            f" {end} senders get only the short reply with the helplines. Check the provider's"
            " usage statistics for a flood. Raise RIGHTS_LINE_HOURLY only if the messages come"
            " from real people."
        )
        [row] = rows(capfd)
        assert row == {"event": "limit", "channel": CHANNEL, "outcome": "hourly", "ms": 0}
        clock.now += HOUR


def test_both_stores_name_the_limit_that_is_reached(clock: Clock, redis: RedisServer) -> None:
    limits = Limits(2, 1000)
    for sessions in (
        MemorySessionStore(clock, limits=limits, wall=clock),
        sessions_at(redis.url, clock, limits, clock),
    ):
        assert sessions.problems() == []
        for number in range(3):
            sessions.open_message(CHANNEL, f"+479000000{number}")
        [problem] = sessions.problems()
        assert problem.startswith("The hourly limit of 2 full replies ")


def test_limit_problems_name_each_limit(clock: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    """Hour, day and reserve."""
    limiter = RateLimiter(Limits(1, 1), clock, wall=clock)
    for number in range(100, 120):
        limiter.count_rate(CHANNEL, f"+4{number}5000000")
    hourly, daily, reserve = limiter.rate_limit_problems()
    assert hourly.startswith(
        "The hourly limit of 1 full replies (RIGHTS_LINE_HOURLY) has been reached. "
    )
    assert daily.startswith(
        "The daily limit of 1 full replies (RIGHTS_LINE_DAILY) has been reached. Until 00:00 "
    )
    assert reserve.startswith(
        "The reserve of 3 short replies (3 times RIGHTS_LINE_DAILY) has been used up. Until 00:00"
        " new senders get no reply, except in an emergency. "
    )
    assert [row["outcome"] for row in rows(capfd)] == ["hourly", "daily", "reserve"]


def test_limit_reached_by_other_process_is_problem(clock: Clock, redis: RedisServer) -> None:
    """Each process that read the count from Redis reports the problem."""
    limits = Limits(SENDER_LIMIT, 1000)
    first, second = (sessions_at(redis.url, clock, limits, clock) for _ in range(2))
    for _ in range(SENDER_LIMIT):
        first.open_message(CHANNEL, "+4790000001")
    assert second.open_message(CHANNEL, "+4790000002")[1] is Allowance.SHORT
    [problem] = second.problems()
    assert problem.startswith("The hourly limit of 20 ")
