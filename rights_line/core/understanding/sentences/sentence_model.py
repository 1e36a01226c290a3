"""The sentence model as the rules see it: the probability of each meaning of a text."""

from collections.abc import Sequence
from typing import Protocol


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
