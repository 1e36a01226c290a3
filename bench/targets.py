"""The targets that docs/performance.md lists, and whether the figures reach them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bench.kinds import DEFAULT, EXPRESS, FAST, REFERENCE, RULES
from bench.report import cpu, median, p99, rate, ratios, table
from bench.requests import HEALTHZ, SMS, SMS_WITH_SLIPS, USSD
from bench.rounds import Samples, Size

# How much slower the line may be with more texts or tags, by medium.
_FLAT = {SMS.name: 0.05, SMS_WITH_SLIPS.name: 0.2}


class Target(NamedTuple):
    """A figure, and the most or the least that it must be."""

    name: str
    measured: float
    limit: float
    is_most: bool

    @property
    def is_reached(self) -> bool:
        return self.measured <= self.limit if self.is_most else self.measured >= self.limit

    def row(self) -> tuple[str, str, str, str]:
        """Return the row of the table."""
        limit = f"{'≤' if self.is_most else '≥'} {self.limit:.2f}"
        return (self.name, limit, f"{self.measured:.2f}", "yes" if self.is_reached else "**no**")


def speed_targets(speed: Mapping[str, Samples]) -> Iterator[Target]:
    """Yield the targets of requests per second, latency and CPU time."""
    sms, ussd, healthz = (speed[medium.name] for medium in (SMS, USSD, HEALTHZ))
    for kind, most_cpu, least_rate in ((DEFAULT, 1.0, 1.0), (FAST, 0.6, 1.8)):
        if kind.name in sms:
            reference = (kind.name, REFERENCE.name)
            yield _least(f"SMS, {kind.name}: requests/s", ratios(sms, *reference, rate), least_rate)
            yield _most(
                f"SMS, {kind.name}: CPU per request", ratios(sms, *reference, cpu), most_cpu
            )
            yield _most(f"SMS, {kind.name}: p99", ratios(sms, *reference, p99), 1.0)
    names = (DEFAULT.name, REFERENCE.name)
    yield _least(f"USSD, {DEFAULT.name}: requests/s", ratios(ussd, *names, rate), 2.0)
    if ussd.keys() >= {FAST.name, EXPRESS.name}:
        ahead = ratios(ussd, FAST.name, EXPRESS.name, rate)
        yield _least(f"USSD, {FAST.name}: requests/s of {EXPRESS.name}", ahead, 1.0)
    trips = [sample.trips for sample in sms[DEFAULT.name]]
    yield _most("SMS: round trips to Redis", trips, 2.0)
    both = [median(map(cpu, samples[DEFAULT.name])) for samples in (healthz, sms)]
    yield Target("/healthz: CPU of one SMS", both[0] / both[1], 1.0, True)


def distant_targets(near: Samples, far: Samples) -> Iterator[Target]:
    """Yield the targets with Redis 1 ms and 5 ms away."""
    ahead = ratios(near, DEFAULT.name, REFERENCE.name, rate)
    yield _least("SMS, Redis 1 ms away: requests/s", ahead, 3)
    rates = [rate(sample) for sample in far[DEFAULT.name]]
    yield _least("SMS, Redis 5 ms away: requests a second", rates, 500)


def size_targets(sizes: Mapping[str, Size]) -> Iterator[Target]:
    """Yield the targets of start and memory."""
    reference = sizes[REFERENCE.name].pss
    yield Target(f"{DEFAULT.name}: seconds to the first answer", sizes[DEFAULT.name].start, 1, True)
    for name, limit in ((DEFAULT.name, 110), (RULES, 45)):
        yield Target(f"{name}: MiB beyond the reference", sizes[name].pss - reference, limit, True)


def growth_targets(title: str, samples: Samples) -> Iterator[Target]:
    """Yield the targets of one group of lines: nearly as fast as the first one."""
    (first, *others), most = samples, 1 + _FLAT[title]
    for name in others:
        rates = ratios(samples, name, first, rate)
        yield _least(f"{title}, {name}: requests/s", rates, 1 / most)
        yield _most(f"{title}, {name}: CPU", ratios(samples, name, first, cpu), most)


def target_table(targets: Iterator[Target]) -> str:
    """Return the targets as a Markdown table."""
    return table(("target", "limit", "median", "reached"), [target.row() for target in targets])


def _least(name: str, values: list[float], limit: float) -> Target:
    return Target(name, median(values), limit, False)


def _most(name: str, values: list[float], limit: float) -> Target:
    return Target(name, median(values), limit, True)
