"""Measure a file on the messages of the dev writers, and refuse one that is worse than the bar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy

from rights_line.library import model_file
from rights_line.library.model_file import hash_beside
from scripts.model.figures import Result, reaches, results, score, table
from scripts.model.meanings import Meanings
from scripts.model.samples import Sample

Rows = Sequence[Sequence[float]]
KEYS: Mapping[str, Callable[[Result], str]] = {
    "register": lambda one: one.sample.register,
    "language": lambda one: one.sample.language,
    "writer": lambda one: one.sample.writer,
}


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
    yield from (table(found, name, key) for name, key in KEYS.items())


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
