"""Find the known words that differ from a word by one typing error."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

Value = TypeVar("Value")


class SlipTable(Generic[Value]):
    """Words and their values, indexed by their length and by their first or last half.

    Few words share a length and a half, however many there are, and an index of all deletions
    (SymSpell) would need six times the memory.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values
        self._by_half: dict[str, list[str]] = defaultdict(list)
        for word in values:
            for half in _halves(word, len(word)):
                self._by_half[half].append(word)

    def one_away(self, token: str) -> list[str]:
        """Return the words that equal a token but for one error, the nearest first."""
        words = sorted(self.with_same_half(token))
        if not words:
            return []
        found = process.extract(token, words, scorer=OSA.distance, score_cutoff=1, limit=None)
        return [word for word, _, _ in found]

    def with_same_half(self, token: str) -> set[str]:
        """Return the words to compare with a token: those one error away, and few others."""
        lengths = range(len(token) - 1, len(token) + 2)
        halves = chain.from_iterable(_halves(token, length) for length in lengths)
        return {word for half in halves for word in self._by_half.get(half, ())}


def _halves(word: str, length: int) -> tuple[str, str]:
    """Return what a word and each word of a length, one error away, have in common: one of these.

    Two letters that are swapped in the middle leave the shortest halves.
    """
    kept = (length - 1) // 2
    return word[:kept].ljust(length, "*"), word[len(word) - kept :].rjust(length, "*")
