"""Fit the head of the model to all messages: `make head`, or `python -m scripts.model.head`.

The encoder stays. All labels are fitted by softmax regression on the vectors of the messages and
of some phrases, near the rows of the file; a label that the file lacks begins below the others.
As every message is learnt again, nothing is forgotten.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy
import onnx
import yaml
from scipy.optimize import minimize
from scipy.special import log_softmax

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
_PHRASES = 6  # of a label, in each language
_RARE = 0.4  # exponent: a message of a label that has few counts more, except an emergency
_PULL = 200.0  # towards the head before
_ROUNDS = 60
_START = 2.0  # by which a new label begins below the least bias


def main() -> None:
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
    samples = [*learnt, *few(some)]
    begin = with_labels(read_head(model), {one.label for one in samples})
    print(f"{len(begin.labels)} labels, {len(samples)} texts.", flush=True)
    vectors = text_vectors([sample.text for sample in samples], model, BUILD)
    head = fit(begin, samples, importance(samples, meanings), vectors)
    put_head(model, head)
    built = BUILD / NAME
    save(model, built)
    held_out = measure(built, dev, meanings)
    require(built, held_out, settings["bar"])
    for path in (built, built.with_suffix(".sha256")):
        shutil.copy(path, CONTENT)
    card = (CONTENT / NAME).with_suffix(".md")
    text = updated_card(card.read_text("utf-8"), built, head, samples, held_out)
    card.write_text(text, "utf-8")


def few(samples: Sequence[Sample]) -> Iterator[Sample]:
    """Yield some phrases of each label and language: the same ones whatever others there are."""
    groups = defaultdict(list)
    for sample in samples:
        groups[sample.language, sample.label].append(sample)
    for _, group in sorted(groups.items()):
        group.sort(key=lambda sample: sha256(sample.text.encode()).digest())
        yield from group[:_PHRASES]


def importance(samples: Sequence[Sample], meanings: Meanings) -> Array:
    """Return how much each sample counts, 1 in the mean."""
    counts = Counter(sample.label for sample in samples)
    usual = len(samples) / len(counts)

    def worth(label: str) -> float:
        return 1.0 if meanings.is_urgent(label) else float((usual / counts[label]) ** _RARE)

    found: Array = numpy.array([sample.weight * worth(sample.label) for sample in samples])
    found /= found.mean()
    return found


def with_labels(head: Head, labels: set[str]) -> Head:
    """Return a head that has all labels, too; a new one begins below the others."""
    every = sorted({*head.labels, *labels})
    weights = numpy.zeros((len(head.weights), len(every)))
    biases = numpy.full(len(every), head.biases.min() - _START)
    places = [every.index(label) for label in head.labels]
    weights[:, places], biases[places] = head.weights, head.biases
    return Head(every, weights, biases)


def fit(begin: Head, samples: Sequence[Sample], counts: Array, vectors: Array) -> Head:
    """Return a head that is fitted to the vectors of the samples, near another one."""
    size = len(begin.weights)
    spread = vectors.std(0)[:, None] ** 2
    wanted = counts[:, None] * [[one.label == label for label in begin.labels] for one in samples]
    start = numpy.vstack([begin.weights, begin.biases])

    def loss(values: Array) -> tuple[float, Array]:
        rows = values.reshape(start.shape)
        logarithms = log_softmax(vectors @ rows[:-1] + rows[-1], axis=1)
        slope = counts[:, None] * numpy.exp(logarithms) - wanted
        moved = rows[:-1] - begin.weights
        value = _PULL * (spread * moved**2).sum() - (wanted * logarithms).sum()
        slopes = vectors.T @ slope + 2 * _PULL * spread * moved
        return value, numpy.vstack([slopes, slope.sum(0)]).ravel()

    options = {"maxiter": _ROUNDS, "maxcor": 15}
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    rows = found.x.reshape(start.shape)
    return Head(begin.labels, rows[:size], rows[size])


if __name__ == "__main__":
    main()
