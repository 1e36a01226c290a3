"""Cut a text into the pieces that the sentence model reads: a SentencePiece unigram tokenizer.

Of all ways to cut a word into known pieces, the one with the highest sum of scores counts (Viterbi
algorithm). Written out here, because `tokenizers` keeps every text of up to 256 bytes in a cache.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

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
