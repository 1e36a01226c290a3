"""Find the known words that differ from a word by one typing error."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Letters. One error in a word of seven letters or more leaves its first or its last three.
_EDGE = 3

Value = TypeVar("Value")


class SlipTable(Generic[Value]):
    """Long words and their values, indexed by their first and by their last letters.

    Comparing a word with a few thousand others would take 0.3 ms.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values
        self._by_edge: dict[str, list[str]] = defaultdict(list)
        for word in values:
            for edge in _slip_edges(word):
                self._by_edge[edge].append(word)

    def words_one_slip_away(self, token: str) -> list[str]:
        """Return the words that equal a token but for one error, the nearest first."""
        words = sorted(
            {word for edge in _slip_edges(token) for word in self._by_edge.get(edge, ())}
        )
        found = process.extract(token, words, scorer=OSA.distance, score_cutoff=1, limit=None)
        return [word for word, _, _ in found]


def _slip_edges(word: str) -> Iterator[str]:
    yield f"{word[:_EDGE]}*"
    yield f"*{word[-_EDGE:]}"
