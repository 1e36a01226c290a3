"""The figures as Markdown tables, and the targets that docs/performance.md lists.

A ratio is the median of all rounds, then lowest and highest.
"""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import starmap

from bench.requests import SENTENCE, SMS, USSD
from bench.rounds import Sample, Samples, Size
from bench.servers import LINE, REFERENCE, RULES

Row = Sequence[str]
Figure = Callable[[Sample], float]

TARGET_HEAD = ("target", "limit", "median", "reached")
# How much slower the line may be with more texts or tags, by medium.
_FLAT = {SMS.name: 0.05, SENTENCE.name: 0.2}


def rate(sample: Sample) -> float:
    return sample.rate


def p99(sample: Sample) -> float:
    return sample.p99


def cpu(sample: Sample) -> float:
    return sample.cpu


def speed_table(samples: Samples) -> str:
    """Return a table of one medium, a row for each server; ratios are to the reference or first."""
    base = REFERENCE.name if REFERENCE.name in samples else next(iter(samples))
    head = (
        "server",
        "requests/s",
        "ratio",
        "p50 ms",
        "p99 ms",
        "ratio",
        "CPU ms",
        "ratio",
        "Redis trips",
    )
    return table(head, [_speed_row(name, samples, base) for name in samples])


def size_table(sizes: Mapping[str, Size]) -> str:
    """Return a table of start and memory."""
    base = sizes[REFERENCE.name]
    head = ("server", "start s", "PSS MiB", "more than the reference", "RSS MiB")
    return table(
        head,
        [
            (
                name,
                f"{size.start:.2f}",
                f"{size.pss:.0f}",
                f"{size.pss - base.pss:+.0f}",
                f"{size.rss:.0f}",
            )
            for name, size in sizes.items()
        ],
    )


def ratios(samples: Samples, name: str, base: str, figure: Figure) -> list[float]:
    """Return the ratio of two servers in each round."""
    pairs = zip(samples[name], samples[base], strict=True)
    return list(starmap(lambda one, other: figure(one) / figure(other), pairs))


def spread(values: Sequence[float]) -> str:
    """Return the median, the lowest and the highest value."""
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def table(head: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table: the first column to the left, the others to the right."""
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _speed_row(name: str, samples: Samples, base: str) -> Row:
    rows = samples[name]
    return (
        name,
        f"{median(map(rate, rows)):.0f}",
        spread(ratios(samples, name, base, rate)),
        f"{median(sample.p50 for sample in rows):.1f}",
        f"{median(map(p99, rows)):.1f}",
        spread(ratios(samples, name, base, p99)),
        f"{median(map(cpu, rows)):.2f}",
        spread(ratios(samples, name, base, cpu)),
        f"{median(sample.trips for sample in rows):.2f}",
    )


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
    start, reference, _ = sizes[REFERENCE.name]
    yield _most("start, times the reference", [sizes[LINE.name].start / start], 3.0)
    for name, limit in ((LINE.name, 110), (RULES, 25)):
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
