"""Learn the weights that guess a topic, into content/classifier.txt.gz (docs/adr/0020).

It learns from tests/data/messages/train and from the phrases of locales/*/words.yaml, and takes the
thresholds from messages that were left out while it learnt (cross-validation). tests/data/messages/
test is only counted, at the end.

Usage: make classifier
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bench.understanding import URGENT, Goal, goals, messages
from rights_line.content.classifier_file import NAME, classifier_bytes
from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.classifier import (
    WEIGHT_UNIT,
    Classifier,
    Topic,
    choose,
    ngrams,
)
from rights_line.core.library import Library
from rights_line.core.understanding import STEPS
from rights_line.core.understanding.interpretation import Message
from rights_line.core.understanding.normalised_text import normalise_text
from rights_line.core.understanding.topics import can_guess, guess
from rights_line.editorial.replace_files import replace_files

MESSAGES = ROOT / "tests" / "data" / "messages"
PHRASE_WEIGHT = 0.3  # of a phrase, where a message counts 1
NGRAMS = 150_000  # that are kept
MIN_WEIGHT = 0.5  # a smaller one is dropped
FOLDS = 4
MAX_FALSE_ALARMS = 0.02  # of the messages that are not emergencies
MIN_PRECISION = 0.6  # of the other topics, each
THRESHOLDS = numpy.arange(0.2, 0.96, 0.02)
NOTHING = ""  # the label of a message that leads nowhere


class Sample(NamedTuple):
    """A message or a phrase.

    Attributes:
        words: the normalised text.
        goal: the screens that it may lead to.
        is_open: whether the rules find no topic, so that one is guessed.
    """

    words: str
    goal: Goal
    is_open: bool = False


def message_samples(folder: Path, library: Library, known: Mapping[str, Goal]) -> list[Sample]:
    """Return the messages of a folder."""
    rules = STEPS[: STEPS.index(guess)]
    samples = []
    for _, concept, text in messages(folder):
        message = Message(normalise_text(text, library.own_lines).words, None, library)
        is_open = can_guess(message) and not any(step(message) for step in rules)
        samples.append(Sample(message.words, known[concept], is_open))
    return samples


def phrase_samples(sources: ContentSources, known: Mapping[str, Goal]) -> Iterator[Sample]:
    """Yield every phrase of every language."""
    for language in sources.languages.values():
        for concept in known:
            for phrase in language.normalised_words.get(concept, ()):
                yield Sample(phrase, known[concept])


def label(goal: Goal) -> str:
    """Return the screen that a goal leads to first."""
    return goal.first if goal.severity in ("emergency", "everyday") else NOTHING


class Data:
    """The n-grams of samples as a matrix, each row divided by the root of its number."""

    def __init__(self, vectorizer: Any, samples: Sequence[Sample]) -> None:
        grams = [ngrams(sample.words) for sample in samples]
        scale = diags([1 / max(len(row), 1) ** 0.5 for row in grams])
        self.rows = csr_matrix(scale @ vectorizer.transform(grams))
        self.samples = samples
        self.labels = numpy.array([label(sample.goal) for sample in samples])


def fit(data: Data, rows: Any, weights: Any, codes: Sequence[str]) -> tuple[Any, Any]:
    """Return the weights and the biases of each topic, learnt from some rows."""
    models = [
        LogisticRegression(C=20, solver="liblinear", tol=0.02).fit(
            data.rows[rows], data.labels[rows] == code, sample_weight=weights[rows]
        )
        for code in codes
    ]
    return numpy.vstack([model.coef_[0] for model in models]), numpy.array(
        [model.intercept_[0] for model in models]
    )


def probabilities(rows: Any, weights: Any, biases: Any) -> Any:
    return 1 / (1 + numpy.exp(-(rows @ weights.T + biases)))


def with_thresholds(topics: Sequence[Topic], samples: Sequence[Sample], found: Any) -> list[Topic]:
    """Return each topic with its threshold: the lowest that is precise enough."""
    best = found.argmax(axis=1)
    right = is_right(topics, samples, best)
    is_open = numpy.array([sample.is_open for sample in samples])
    calm = sum(sample.goal.severity != "emergency" for sample in samples)
    chosen = []
    for index, topic in enumerate(topics):
        rows = is_open & (best == index)
        for threshold in THRESHOLDS:
            shown = rows & (found[:, index] >= threshold)
            allowed = (
                MAX_FALSE_ALARMS * calm / len(URGENT)
                if topic.is_urgent
                else (1 - MIN_PRECISION) * shown.sum()
            )
            if (shown & ~right).sum() <= allowed:
                break
        chosen.append(topic._replace(threshold=round(float(threshold), 2)))
    return chosen


def is_right(topics: Sequence[Topic], samples: Sequence[Sample], best: Any) -> Any:
    """Return whether the topic with this index is a good answer to each sample."""
    pairs = zip(best, samples, strict=True)
    return numpy.array([topics[i].code in sample.goal.codes for i, sample in pairs])


def report(name: str, topics: Sequence[Topic], samples: Sequence[Sample], found: Any) -> str:
    """Return how many messages the guesses add, rightly and wrongly."""
    best = found.argmax(axis=1)
    right = is_right(topics, samples, best)
    shown = numpy.array(
        [
            sample.is_open and choose(topics, chances) is not None
            for sample, chances in zip(samples, found, strict=True)
        ]
    )
    urgent = numpy.array([topics[i].is_urgent for i in best])
    meant = numpy.array([bool(label(sample.goal)) for sample in samples])
    danger = numpy.array([sample.goal.severity == "emergency" for sample in samples])
    added, alarms = (shown & right & meant).sum(), (shown & urgent & ~right).sum()
    return (
        f"{name}: {len(samples)} messages. Guessed rightly {added} of {meant.sum()} that name a"
        f" topic ({added / meant.sum():.1%}), wrongly {(shown & ~right).sum()}; emergencies"
        f" {(shown & urgent & danger).sum()} of {danger.sum()}, led elsewhere"
        f" {(shown & ~urgent & ~right & danger).sum()}; false alarms {alarms} of"
        f" {(~danger).sum()} ({alarms / (~danger).sum():.1%})."
    )


def pruned(vectorizer: Any, data: Data, weights: Any) -> Any:
    """Return a vectorizer of the n-grams that say most: large weights, many messages."""
    frequency = numpy.asarray((data.rows > 0).sum(axis=0)).ravel()
    order = numpy.argsort(-numpy.abs(weights).max(axis=0) * frequency**0.5)[:NGRAMS]
    names = sorted(vectorizer.get_feature_names_out()[order])
    return CountVectorizer(analyzer=list, binary=True, vocabulary=names)


def as_text(names: Iterable[str], weights: Any) -> dict[str, str]:
    """Return n-gram -> its weights, as the file has them."""
    rounded = numpy.where(numpy.abs(weights) < MIN_WEIGHT, 0, weights / WEIGHT_UNIT).round()
    columns = zip(names, rounded.astype(int).T, strict=True)
    found = ((gram, [(i, int(w)) for i, w in enumerate(column) if w]) for gram, column in columns)
    return {gram: " ".join(f"{i}={w}" for i, w in row) for gram, row in found if row}


def main() -> None:
    sources, known = ContentSources(ROOT), goals()
    library = build_library(sources, "drafts")
    train = message_samples(MESSAGES / "train", library, known)
    phrases = list(phrase_samples(sources, known))
    samples = [*train, *phrases]
    codes = sorted({label(sample.goal) for sample in train} - {NOTHING})
    weights = numpy.array([1.0] * len(train) + [PHRASE_WEIGHT] * len(phrases))
    every = numpy.arange(len(samples))

    vectorizer: Any = CountVectorizer(analyzer=list, binary=True, min_df=3)
    vectorizer.fit(ngrams(sample.words) for sample in samples)
    data = Data(vectorizer, samples)
    vectorizer = pruned(vectorizer, data, fit(data, every, weights, codes)[0])

    data = Data(vectorizer, samples)
    left_out = numpy.zeros((len(train), len(codes)))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1)
    for seen, unseen in folds.split(left_out, data.labels[: len(train)]):
        learnt = fit(data, numpy.concatenate([seen, every[len(train) :]]), weights, codes)
        left_out[unseen] = probabilities(data.rows[unseen], *learnt)
    learnt, biases = fit(data, every, weights, codes)
    untested = [
        Topic(code, round(float(bias), 2), 1.0, code in URGENT)
        for code, bias in zip(codes, biases, strict=True)
    ]
    topics = with_thresholds(untested, train, left_out)
    classifier = Classifier(topics, as_text(vectorizer.get_feature_names_out(), learnt))
    path = ROOT / "content" / NAME
    replace_files({path: classifier_bytes(classifier)})

    print(report("Left out", topics, train, left_out))
    test = Data(vectorizer, message_samples(MESSAGES / "test", library, known))
    print(report("Test", topics, test.samples, probabilities(test.rows, learnt, biases)))
    print(f"{path.name}: {len(classifier.weights)} n-grams, {path.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
