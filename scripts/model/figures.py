"""How often the model alone, made to choose, names a right screen."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy

from bench.understanding import URGENT
from rights_line.library import model_file
from rights_line.library.model_file import hash_beside
from scripts.model.meanings import Meanings
from scripts.model.samples import Sample


class Result(NamedTuple):
    """The screen that the model chose for a message."""

    sample: Sample
    severity: str
    screen: str
    is_right: bool


class Score(NamedTuple):
    """Shares of the messages.

    Attributes:
        right: with a right screen.
        emergencies: of the emergencies, at the screen of one.
        false_alarms: of the other messages, at the screen of an emergency without cause.
    """

    right: float
    emergencies: float
    false_alarms: float


Rows = Sequence[Sequence[float]]
_KEYS: Mapping[str, Callable[[Result], str]] = {
    "register": lambda one: one.sample.register,
    "language": lambda one: one.sample.language,
    "writer": lambda one: one.sample.writer,
}


def results(
    samples: Sequence[Sample],
    labels: Sequence[str],
    probabilities: Iterable[Sequence[float]],
    meanings: Meanings,
) -> list[Result]:
    """Return the most probable screen of each message; a screen has the sum of its labels."""
    screens = [meanings.screen(label) for label in labels]
    found = []
    for sample, row in zip(samples, probabilities, strict=True):
        shares: defaultdict[str, float] = defaultdict(float)
        for screen, share in zip(screens, row, strict=True):
            shares[screen] += share
        best = max(shares, key=shares.__getitem__)
        is_right = meanings.is_right(best, sample.label, sample.also)
        severity = meanings.goal(sample.label).severity
        found.append(Result(sample, severity, best, is_right))
    return found


def score(found: Sequence[Result]) -> Score:
    """Return the figures that the bar is compared with."""
    emergencies = [one for one in found if one.severity == "emergency"]
    others = [one for one in found if one.severity != "emergency"]
    return Score(
        _share(one.is_right for one in found),
        _share(one.screen in URGENT for one in emergencies),
        _share(one.screen in URGENT and not one.is_right for one in others),
    )


def reaches(reached: Score, bar: Mapping[str, float]) -> bool:
    """Return whether no figure is worse than the bar."""
    return (
        reached.right >= bar["right"]
        and reached.emergencies >= bar["emergencies"]
        and reached.false_alarms <= bar["false_alarms"]
    )


def table(found: Sequence[Result], name: str, key: Callable[[Result], str]) -> str:
    """Return shares of right screens in Markdown: a row for each key, a column a severity."""
    severities = sorted({one.severity for one in found})
    groups: defaultdict[str, list[Result]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    lines = [
        f"| {name} | messages | right | {' | '.join(severities)} | false alarms |",
        "| --- " * (len(severities) + 4) + "|",
    ]
    for group, rows in [("all", found), *sorted(groups.items())]:
        shares = [_cell([one for one in rows if one.severity == each]) for each in severities]
        alarms = sum(one.screen in URGENT and not one.is_right for one in rows)
        cells = [group, str(len(rows)), _cell(rows), *shares, str(alarms)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def confusions(found: Sequence[Result], most: int = 15) -> Iterator[str]:
    """Yield the errors that are made most often, as lines of a list."""
    errors = Counter((one.sample.label, one.screen) for one in found if not one.is_right)
    for (label, screen), count in errors.most_common(most):
        yield f"* `{label}` taken for {screen or 'nothing'}: {count}"


def _cell(rows: Sequence[Result]) -> str:
    return f"{100 * _share(one.is_right for one in rows):.0f} %" if rows else ""


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def measure(path: Path, dev: Sequence[Sample], meanings: Meanings) -> list[Result]:
    """Read the messages as the line does, and keep the probabilities beside the file (.npz)."""
    model, problem = model_file.read(path, hash_beside(path))
    if model is None:
        raise SystemExit(problem)
    rows = [model.probabilities(sample.text) for sample in dev]
    _keep(path.with_suffix(".npz"), rows, dev, model.labels)
    return results(dev, model.labels, rows, meanings)


def tables(found: Sequence[Result]) -> Iterator[str]:
    """Yield shares of right screens by register, language and writer, in Markdown."""
    yield from (table(found, name, key) for name, key in _KEYS.items())


def require(path: Path, found: Sequence[Result], bar: Mapping[str, float]) -> None:
    """Stop if the figures do not reach the bar.

    Raises:
        SystemExit: with both.
    """
    reached = score(found)
    if not reaches(reached, bar):
        raise SystemExit(f"{path.name} must reach {dict(bar)}, got {reached}. It is not published.")


def _keep(path: Path, rows: Rows, dev: Sequence[Sample], labels: Sequence[str]) -> None:
    """Write the probabilities, and all that is known of each message."""
    numpy.savez_compressed(
        path,
        labels=numpy.array(labels),
        probabilities=numpy.array(rows, dtype=numpy.float32),
        writer=numpy.array([sample.writer for sample in dev]),
        language=numpy.array([sample.language for sample in dev]),
        register=numpy.array([sample.register for sample in dev]),
        label=numpy.array([sample.label for sample in dev]),
        also=numpy.array([",".join(sample.also) for sample in dev]),
        text=numpy.array([sample.text for sample in dev]),
    )
