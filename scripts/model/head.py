"""Fit the labels that the model has not learnt: `make head`, or `python -m scripts.model.head`.

The encoder stays, and so do the rows of the labels that `make model` trained. The others get rows
by softmax regression on the vectors of the messages and of some phrases. The file names them, so
that the next run fits them anew. A label that is given as an argument is fitted anew, too.
"""

import shutil
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy
import onnx
import yaml
from scipy.optimize import minimize
from scipy.special import logsumexp

from bench.understanding import MENU
from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.library import ROOT
from rights_line.library.model_file import NAME
from scripts.model.card_figures import updated_card
from scripts.model.figures import measure, require
from scripts.model.meanings import Meanings
from scripts.model.onnx_file import Array, Head, put_head, read_head, save
from scripts.model.samples import Sample, phrases, training_messages
from scripts.model.vectors import text_vectors

BUILD = ROOT / "build" / "head"
CONTENT = ROOT / "content"
# Chosen on the dev writers.
_NEW_PHRASES, _OLD_PHRASES = 12, 6  # of a label to fit, and of another one, in each language
_PENALTY = 0.15
_ROUNDS = 120
_START = 2.0  # by which a label begins below the least bias
_MODESTY = 1.0  # by which the biases are lowered at the end: an unfamiliar text is no act


def main(anew: Collection[str]) -> None:
    settings = yaml.safe_load((Path(__file__).parent / "settings.yaml").read_text("utf-8"))
    BUILD.mkdir(parents=True, exist_ok=True)
    sources = ContentSources(ROOT)
    library = build_library(sources, "drafts")
    meanings = Meanings.of(library)
    messages = training_messages(meanings, library)
    dev = [sample for sample in messages if sample.writer in settings["dev_writers"]]
    learnt = [sample for sample in messages if sample.writer not in settings["dev_writers"]]
    some = [one for one in phrases(sources, meanings) if meanings.screen(one.label) != MENU]

    model = onnx.load(CONTENT / NAME)
    kept = trained(read_head(model), anew)
    labels = sorted({one.label for one in (*learnt, *some)}.difference(kept.labels))
    if unknown := set(anew).difference(labels):
        raise SystemExit(f"A label must have messages or phrases, got {', '.join(unknown)}.")
    samples = [*learnt, *few(some, labels)]
    print(f"{len(labels)} labels, {len(samples)} texts.", flush=True)
    vectors = text_vectors([sample.text for sample in samples], model, BUILD)
    put_head(model, fit(kept, labels, samples, vectors))
    built = BUILD / NAME
    save(model, built)
    held_out = measure(built, dev, meanings)
    require(built, held_out, settings["bar"])
    for path in (built, built.with_suffix(".sha256")):
        shutil.copy(path, CONTENT)
    card = (CONTENT / NAME).with_suffix(".md")
    text = updated_card(card.read_text("utf-8"), built, read_head(model), samples, held_out)
    card.write_text(text, "utf-8")


def trained(head: Head, anew: Collection[str]) -> Head:
    """Return the labels of a head that `make model` trained, without those to fit anew."""
    left_out = {*head.fitted, *anew}
    rows = [i for i, label in enumerate(head.labels) if label not in left_out]
    labels = [head.labels[i] for i in rows]
    return Head(labels, head.weights[:, rows], head.biases[rows], [])


def few(samples: Sequence[Sample], labels: Collection[str]) -> Iterator[Sample]:
    """Yield some phrases of each label and language: the same ones whatever others there are."""
    groups = defaultdict(list)
    for sample in samples:
        groups[sample.language, sample.label].append(sample)
    for (_, label), group in sorted(groups.items()):
        group.sort(key=lambda sample: sha256(sample.text.encode()).digest())
        yield from group[: _NEW_PHRASES if label in labels else _OLD_PHRASES]


def fit(kept: Head, labels: Sequence[str], samples: Sequence[Sample], vectors: Array) -> Head:
    """Return a head with more labels, fitted to the vectors of the samples."""
    size, count = vectors.shape[1], len(labels)
    weights = numpy.array([sample.weight for sample in samples])
    wanted = weights[:, None] * [[one.label == label for label in labels] for one in samples]
    rest = logsumexp(vectors @ kept.weights + kept.biases, axis=1)  # of the labels that stay

    def loss(values: Array) -> tuple[float, Array]:
        rows = values.reshape(size + 1, count)
        scores = vectors @ rows[:-1] + rows[-1]
        total = numpy.logaddexp(rest, logsumexp(scores, axis=1))
        slope = weights[:, None] * numpy.exp(scores - total[:, None]) - wanted
        value = weights @ total - (wanted * scores).sum() + _PENALTY * (rows[:-1] ** 2).sum()
        slopes = numpy.vstack([vectors.T @ slope + 2 * _PENALTY * rows[:-1], slope.sum(0)])
        return value, slopes.ravel()

    start = numpy.vstack(
        [numpy.zeros((size, count)), numpy.full(count, kept.biases.min() - _START)]
    )
    options = {"maxiter": _ROUNDS, "maxcor": 15}
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    rows = found.x.reshape(size + 1, count)
    return _sorted(kept, labels, rows[:-1], rows[-1] - _MODESTY)


def _sorted(kept: Head, labels: Sequence[str], weights: Array, biases: Array) -> Head:
    every = [*kept.labels, *labels]
    order = sorted(range(len(every)), key=every.__getitem__)
    return Head(
        [every[i] for i in order],
        numpy.hstack([kept.weights, weights])[:, order],
        numpy.concatenate([kept.biases, biases])[order],
        labels,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
