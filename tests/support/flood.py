"""A simulated flood: thousands of numbers text at random, among them 200 genuine senders."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rights_line.core.limits import DEFAULT_LIMITS, Allowance
from rights_line.sessions.rate_limiter import RateLimiter
from tests.support.clock import MIDNIGHT, Clock

CHANNEL = "twilio_sms"
NUMBERS = 5000
GENUINE = 200
HOUR = 3600


class Outcome(NamedTuple):
    """The replies to a flood: the share of genuine first texts with one, and how many of each."""

    answered: float
    full: int
    short: int


def random_numbers(chance: random.Random, count: int = NUMBERS) -> Iterator[str]:
    """Yield numbers without a common prefix, as forged numbers may be."""
    yield from (f"+{chance.randrange(10**10, 10**12)}" for _ in range(count))


def genuine(chance: random.Random) -> set[str]:
    """Return mobile numbers of Norway and elsewhere, some of them on WhatsApp."""
    starts = ("+474", "+479", "+479", "+4670", "+4851", "+4073", "+38067", "whatsapp:+479")
    senders: set[str] = set()
    while len(senders) < GENUINE:
        senders.add(f"{chance.choice(starts)}{chance.randrange(10**7):07}")
    return senders


# Counts a message of a sender, and returns its allowance.
Process = Callable[[str], Allowance]


def in_memory(clock: Clock) -> Process:
    """Return the rate limiter of one process, with the default limits."""
    limiter = RateLimiter(DEFAULT_LIMITS, clock, wall=clock)
    return lambda sender: limiter.count(CHANNEL, sender)


def simulate(
    flood: Iterable[str],
    texts: int = 1,
    hours: float = 1.0,
    make: Callable[[Clock], Sequence[Process]] = lambda clock: [in_memory(clock)],
) -> Outcome:
    """Simulate a flood of `texts` messages a number, with genuine first texts in between."""
    chance, clock = random.Random(13), Clock(MIDNIGHT)
    people, processes = genuine(chance), make(clock)
    senders = [*(sender for sender in flood for _ in range(texts)), *people]
    allowances: Counter[Allowance] = Counter()
    silent = 0
    for moment, sender in sorted((chance.random() * hours * HOUR, one) for one in senders):
        clock.now = MIDNIGHT + moment
        allowance = chance.choice(processes)(sender)
        allowances[allowance] += 1
        silent += sender in people and allowance is Allowance.NONE
    full, short = allowances[Allowance.FULL], allowances[Allowance.SHORT]
    return Outcome(1 - silent / GENUINE, full, short)
