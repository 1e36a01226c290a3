"""The sentence model as the rules see it: the probability of each meaning of a text."""

from collections.abc import Sequence
from typing import Protocol

# Chosen on the writers of `scripts/model/settings.yaml` and of long stories.
_LONG_TEXT, _END, _END_WEIGHT = 300, 280, 0.4  # characters; characters; share of the end


class SentenceModel(Protocol):
    """Names the meaning of a sentence.

    Attributes:
        labels: ids of concepts, `none`, and codes of screens.
    """

    labels: tuple[str, ...]

    def probabilities(self, text: str) -> Sequence[float]:
        """Return the probability of each label, given the text as the sender wrote it.

        Case, accents and punctuation count. Only the beginning of a long text is read
        (`sentence_pieces.MAX_LENGTH`).
        """
        ...


def read_probabilities(model: SentenceModel, sentence: str) -> Sequence[float]:
    """Return the probability of each label; people ask at the end of a long text."""
    begun = model.probabilities(sentence)
    if len(sentence) <= _LONG_TEXT:
        return begun
    end = sentence[-_END:]
    ended = model.probabilities(end[end.find(" ") + 1 :])
    pairs = zip(begun, ended, strict=True)
    return [(1 - _END_WEIGHT) * first + _END_WEIGHT * last for first, last in pairs]
