"""Guess the topic of a text that holds no known phrase (docs/adr/0020).

A linear classifier: the score of a topic is its bias plus the weights of the n-grams of the text.
The weights are learnt by scripts/train_classifier.py, which uses `ngrams` as well.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, sqrt
from typing import NamedTuple

MAX_LENGTH = 300  # characters of a text that are read
WEIGHT_UNIT = 0.1  # a weight is a whole number of these
_SIZES = range(2, 6)  # characters of an n-gram
_SHOWN = 5  # n-grams that explain a guess
DOUBT = 0.2  # probability of an emergency from which no other topic is shown: the menu is safer


class Topic(NamedTuple):
    """A screen that may be guessed.

    Attributes:
        code: the code of the screen.
        bias: its score without any n-gram.
        threshold: the probability from which it is shown.
        is_urgent: whether it is the screen of an emergency.
    """

    code: str
    bias: float
    threshold: float
    is_urgent: bool = False


class Guess(NamedTuple):
    """The topic of a text.

    Attributes:
        code: the code of its screen.
        probability: between the threshold of the topic and 1.
        ngrams: those that count most for it, best first.
    """

    code: str
    probability: float
    ngrams: tuple[str, ...]


@dataclass(frozen=True)
class Classifier:
    """The weights of all n-grams.

    Attributes:
        topics: the screens that may be guessed; none: nothing is guessed.
        weights: n-gram -> its weights, as "3=12 7=-5": the index of a topic and a number of
            WEIGHT_UNIT. Kept as text, because a text needs only a few of them.
    """

    topics: Sequence[Topic] = ()
    weights: Mapping[str, str] = field(default_factory=dict, repr=False)

    def guess(self, words: str) -> Guess | None:
        """Return the most probable topic of a normalised text, if it reaches its threshold."""
        if not self.topics:
            return None
        found = ngrams(words)
        weights = self._weights(found)
        unit = WEIGHT_UNIT / sqrt(len(found)) if found else 0.0
        chances = [
            _logistic(topic.bias + unit * sum(weights[index].values()))
            for index, topic in enumerate(self.topics)
        ]
        best = choose(self.topics, chances)
        if best is None:
            return None
        by_weight = sorted(weights[best], key=lambda gram: (-weights[best][gram], gram))
        return Guess(self.topics[best].code, chances[best], tuple(by_weight[:_SHOWN]))

    def _weights(self, found: set[str]) -> dict[int, dict[str, int]]:
        """Return index of a topic -> n-gram -> weight."""
        weights: dict[int, dict[str, int]] = defaultdict(dict)
        for gram in found:
            for pair in self.weights.get(gram, "").split():
                index, _, weight = pair.partition("=")
                weights[int(index)][gram] = int(weight)
        return weights


def choose(topics: Sequence[Topic], chances: Sequence[float]) -> int | None:
    """Return the index of the topic to show, given the probability of each; None for no topic."""
    best = max(range(len(topics)), key=chances.__getitem__)
    alarm = max((chances[i] for i, topic in enumerate(topics) if topic.is_urgent), default=0.0)
    is_doubtful = alarm >= DOUBT and not topics[best].is_urgent
    return None if is_doubtful or chances[best] < topics[best].threshold else best


def _logistic(score: float) -> float:
    return 1 / (1 + exp(-score))


def ngrams(words: str) -> set[str]:
    """Return the n-grams of a normalised text: 2 to 5 characters, words, and pairs of words.

    `_` marks the beginning and the end of a word.
    """
    tokens = words[:MAX_LENGTH].split()
    found = {f"{first} {second}" for first, second in pairwise(tokens)}
    for token in tokens:
        marked = f"_{token}_"
        found.add(marked)
        for size in _SIZES:
            found.update(marked[i : i + size] for i in range(len(marked) - size + 1))
    return found
