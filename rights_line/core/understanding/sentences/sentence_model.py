"""The sentence model as the rules see it: the probability of each meaning of a text."""

import re
from collections.abc import Sequence
from typing import Protocol

_ENDS = ".!?…؟۔。！？।።"
_SENTENCE = re.compile(rf"[^{_ENDS}]++[{_ENDS}]*+")
# Chosen on two writers of long stories, before the model learnt them.
_LONG_TEXT = 300  # characters
_LAST_SENTENCES, _LONGEST_END, _END_WEIGHT = 3, 280, 0.6  # sentences; characters; share of the end


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


def read_probabilities(model: SentenceModel, text: str) -> Sequence[float]:
    """Return the probability of each label; people ask at the end of a long text."""
    begun = model.probabilities(text)
    if len(text) <= _LONG_TEXT:
        return begun
    ended = model.probabilities(last_sentences(text))
    pairs = zip(begun, ended, strict=True)
    return [(1 - _END_WEIGHT) * first + _END_WEIGHT * last for first, last in pairs]


def last_sentences(text: str) -> str:
    """Return the last three sentences of a text; of long ones the last 280 characters."""
    sentences = list(map(str.lstrip, _SENTENCE.findall(text))) or [text]
    end = " ".join(sentences[-_LAST_SENTENCES:])
    if len(end) <= _LONGEST_END:
        return end
    cut = end[-_LONGEST_END:]
    return cut[cut.find(" ") + 1 :]
