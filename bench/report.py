"""The figures as Markdown tables; a ratio is the median of all rounds, then lowest and highest."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import starmap

from bench.kinds import REFERENCE
from bench.rounds import Sample, Samples, Size

Row = Sequence[str]
Figure = Callable[[Sample], float]


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
