"""The sentence model as the rules see it, and how it cuts a text into pieces."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
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


MAX_LENGTH = 400  # characters of a text that are read
BEGIN, PADDING, END, UNKNOWN = range(4)  # ids of the pieces that stand for no characters
_PREFIX = "query: "  # E5 reads it before each text that is compared with others
_WORD_MARK = "\u2581"  # the first character of a piece that begins a word
_UNKNOWN_PENALTY = 10.0  # by which an unknown character scores less than the rarest piece


class SentencePieces:
    """A tokenizer.

    Args:
        pieces: the index of a piece is its id.
        scores: the logarithm of the probability of each piece.
        characters: code point -> the characters that replace it.
        max_tokens: the length of the longest list of ids.
    """

    def __init__(
        self,
        pieces: Sequence[str],
        scores: Sequence[float],
        characters: Mapping[int, str],
        max_tokens: int,
    ) -> None:
        self._ids = {piece: i for i, piece in enumerate(pieces) if i > UNKNOWN}
        self._scores = scores
        self._characters = characters
        self._longest = max(map(len, self._ids))
        self._unknown_score = min(scores) - _UNKNOWN_PENALTY
        self._max_tokens = max_tokens

    def piece_ids(self, text: str) -> list[int]:
        """Return the ids of the pieces of a text, at most `max_tokens`."""
        plain = " ".join(text[: 4 * MAX_LENGTH].translate(self._characters).split())
        words = f"{_PREFIX}{plain[:MAX_LENGTH]}".split()
        found = chain.from_iterable(self._word(_WORD_MARK + word) for word in words)
        return [BEGIN, *list(found)[: self._max_tokens - 2], END]

    def _word(self, word: str) -> list[int]:
        size = len(word)
        best = [0.0, *[float("-inf")] * size]  # the score of the best pieces up to here ...
        last = [(UNKNOWN, 0)] * (size + 1)  # ... and the last one of them: its id and its start
        for start in range(size):
            score = best[start]
            for end in range(start + 1, min(start + self._longest, size) + 1):
                piece = self._ids.get(word[start:end])
                if piece is not None and score + self._scores[piece] > best[end]:
                    best[end], last[end] = score + self._scores[piece], (piece, start)
            if score + self._unknown_score > best[start + 1]:
                best[start + 1], last[start + 1] = score + self._unknown_score, (UNKNOWN, start)
        return _piece_ids_backwards(last)


def _piece_ids_backwards(last: Sequence[tuple[int, int]]) -> list[int]:
    """Return the ids that lead to the end, in their order."""
    ids, end = [], len(last) - 1
    while end:
        piece, end = last[end]
        ids.append(piece)
    return ids[::-1]
