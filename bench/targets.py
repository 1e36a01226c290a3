"""The targets that docs/performance.md lists, and whether the figures reach them."""

from collections.abc import Iterator, Mapping

from bench.kinds import LINE, REFERENCE, RULES
from bench.report import Row, cpu, median, p99, rate, ratios
from bench.requests import SENTENCE, SMS, USSD
from bench.rounds import Samples, Size

HEAD = ("target", "limit", "median", "reached")
# How much slower the line may be with more texts or tags, by medium.
_FLAT = {SMS.name: 0.05, SENTENCE.name: 0.2}


def speed_targets(speed: Mapping[str, Samples], near: Samples, far: Samples) -> Iterator[Row]:
    """Yield the targets of the line beside Redis, and with it 1 ms and 5 ms away."""
    sms, ussd = speed[SMS.name], speed[USSD.name]
    names = (LINE.name, REFERENCE.name)
    yield _least("SMS: requests/s", ratios(sms, *names, rate), 1.0)
    yield _most("SMS: CPU per request", ratios(sms, *names, cpu), 1.0)
    yield _most("SMS: p99", ratios(sms, *names, p99), 1.0)
    yield _most("SMS: round trips to Redis", [one.trips for one in sms[LINE.name]], 2.0)
    yield _least("USSD: requests/s", ratios(ussd, *names, rate), 2.0)
    yield _least("SMS, Redis 1 ms away: requests/s", ratios(near, *names, rate), 3.0)
    yield _least("SMS, Redis 5 ms away: requests a second", [*map(rate, far[LINE.name])], 500)


def size_targets(sizes: Mapping[str, Size]) -> Iterator[Row]:
    """Yield the targets of start and memory."""
    reference = sizes[REFERENCE.name].pss
    yield _most("seconds to the first answer", [sizes[LINE.name].start], 1.0)
    for name, limit in ((LINE.name, 110), (RULES, 45)):
        yield _most(f"{name}: MiB beyond the reference", [sizes[name].pss - reference], limit)


def growth_targets(title: str, samples: Samples) -> Iterator[Row]:
    """Yield the targets of one group of lines: nearly as fast as the first one."""
    (first, *others), most = samples, 1 + _FLAT[title]
    for name in others:
        yield _least(f"{title}, {name}: requests/s", ratios(samples, name, first, rate), 1 / most)
        yield _most(f"{title}, {name}: CPU", ratios(samples, name, first, cpu), most)


def _least(name: str, values: list[float], limit: float) -> Row:
    return _row(name, f"≥ {limit:.2f}", values, median(values) >= limit)


def _most(name: str, values: list[float], limit: float) -> Row:
    return _row(name, f"≤ {limit:.2f}", values, median(values) <= limit)


def _row(name: str, limit: str, values: list[float], is_reached: bool) -> Row:
    return name, limit, f"{median(values):.2f}", "yes" if is_reached else "**no**"
