"""Floods with 200 genuine first texts among them (docs/adr/0007-rate-limits.md)."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest

from rights_line.core.limits import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions.rate_limiter import RateLimiter
from tests.support.clock import MIDNIGHT, Clock
from tests.support.log import logged
from tests.support.sms_line import CHANNEL

GENUINE = 200
HOUR = 3600


class Outcome(NamedTuple):
    """The replies to a flood: the share of genuine first texts with one, and how many of each."""

    answered: float
    full: int
    short: int


def random_numbers(chance: random.Random, count: int) -> Iterator[str]:
    """Yield numbers without a common prefix, as forged numbers may be."""
    yield from (f"+{chance.randrange(10**10, 10**12)}" for _ in range(count))


def genuine(chance: random.Random) -> set[str]:
    """Return mobile numbers of Norway and elsewhere, some of them on WhatsApp."""
    starts = ("+474", "+479", "+479", "+4670", "+4851", "+4073", "+38067", "whatsapp:+479")
    senders: set[str] = set()
    while len(senders) < GENUINE:
        senders.add(f"{chance.choice(starts)}{chance.randrange(10**7):07}")
    return senders


def simulate(flood: Iterable[str], texts: int) -> Outcome:
    """Simulate a flood of `texts` messages a number, with genuine first texts in between."""
    chance, clock = random.Random(13), Clock(MIDNIGHT)
    people, limiter = genuine(chance), RateLimiter(DEFAULT_LIMITS, clock, wall=clock)
    senders = [*(sender for sender in flood for _ in range(texts)), *people]
    allowances: Counter[Allowance] = Counter()
    silent = 0
    for moment, sender in sorted((chance.random() * HOUR, one) for one in senders):
        clock.now = MIDNIGHT + moment
        allowance = limiter.count(CHANNEL, sender)
        allowances[allowance] += 1
        silent += sender in people and allowance is Allowance.NONE
    full, short = allowances[Allowance.FULL], allowances[Allowance.SHORT]
    return Outcome(1 - silent / GENUINE, full, short)


# Numbers, texts from each -> share answered, full replies, short replies.
FLOODS = {
    (5_000, 1): (1.0, 500, 4_700),
    (5_000, 4): (0.64, 500, 9_000),
    (10_000, 1): (0.915, 500, 9_000),
    (20_000, 1): (0.36, 500, 9_000),
}


@pytest.mark.parametrize(("count", "texts"), FLOODS)
def test_flood_genuine_first_texts_are_answered(count: int, texts: int) -> None:
    outcome = simulate(random_numbers(random.Random(1), count), texts)
    assert outcome == pytest.approx(FLOODS[count, texts], abs=0.01)


# Reports to the operator


@pytest.fixture
def clock() -> Clock:
    """22:40 in Norway."""
    return Clock(MIDNIGHT + 22 * HOUR + 40 * 60)


def test_limit_reached_is_problem_and_logged_once(
    clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    """Until its window ends; the next window reports it again."""
    limiter = RateLimiter(Limits(2, 1000), clock, wall=clock)
    for end in ("23:00", "00:00"):
        limiter.count(CHANNEL, "+4790000001")
        assert limiter.problems() == []
        for number in range(2, 9):
            limiter.count(CHANNEL, f"+479000000{number}")
        [problem] = limiter.problems()
        assert problem.startswith("The hourly limit of 2 full replies (RIGHTS_LINE_HOURLY) has")
        assert f"Until {end} senders get only the short reply" in problem
        [row] = logged(capfd)
        assert row == {"event": "limit", "channel": CHANNEL, "outcome": "hourly", "ms": 0}
        clock.now += HOUR


def test_limit_problems_name_each_limit(clock: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    limiter = RateLimiter(Limits(1, 1), clock, wall=clock)
    for number in range(100, 120):
        limiter.count(CHANNEL, f"+4{number}5000000")
    hourly, daily, short = limiter.problems()
    assert hourly.startswith("The hourly limit of 1 full replies (RIGHTS_LINE_HOURLY)")
    assert daily.startswith("The daily limit of 1 full replies (RIGHTS_LINE_DAILY)")
    assert short.startswith("The limit of 3 short replies a day (3 times RIGHTS_LINE_DAILY)")
    assert "Until 00:00 " in daily
    assert "Until 00:00 " in short
    assert [row["outcome"] for row in logged(capfd)] == ["hourly", "daily", "short"]


def test_limiter_keeps_the_highest_count_that_it_has_seen(clock: Clock) -> None:
    """The answer of Redis to an earlier message may arrive later."""
    limiter = RateLimiter(Limits(2, 100), clock, wall=clock)
    request = limiter.ask(CHANNEL, "+4790000001")
    for counts in ((2, 2, 0), (1, 1, 0)):
        limiter.adopt(CHANNEL, request, Allowance.FULL, counts)
    assert limiter.count(CHANNEL, "+4790000002") is Allowance.SHORT
