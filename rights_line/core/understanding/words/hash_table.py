"""Look up a text by its hash: 100,000 texts in two MiB."""

from array import array
from collections.abc import Iterable
from typing import Generic, TypeVar

Value = TypeVar("Value")
_FREE = 0  # the hash of a slot without a text


class HashTable(Generic[Value]):
    """The value of each text, found by the hash of the text.

    A dictionary would take eight times the memory. Two texts of one hash are not told apart: of
    64 bits, that is once in billions of texts.

    Args:
        groups: values, each with the texts that have it; at most 65,536.
    """

    def __init__(self, groups: Iterable[tuple[Value, Iterable[str]]]) -> None:
        self._values: list[Value] = []
        hashes, places = array("q"), array("H")
        for value, texts in groups:
            found = array("q", map(hash, texts))
            hashes += found
            places += array("H", [len(self._values)]) * len(found)
            self._values.append(value)
        self._last = (1 << (3 * len(hashes) // 2 + 1).bit_length()) - 1  # slot; a third is free
        self._hashes = array("q", [_FREE]) * (self._last + 1)
        self._places = array("H", [0]) * (self._last + 1)
        for wanted, place in zip(hashes, places, strict=True):
            slot = self._slot(wanted)
            self._hashes[slot], self._places[slot] = wanted, place

    def get(self, text: str) -> Value | None:
        """Return the value of a text; None if the table does not have it."""
        slot = self._slot(hash(text))
        return None if self._hashes[slot] == _FREE else self._values[self._places[slot]]

    def _slot(self, wanted: int) -> int:
        """Return the slot of a hash, or the free one where it belongs."""
        slot = wanted & self._last
        while self._hashes[slot] not in (_FREE, wanted):
            slot = (slot + 1) & self._last
        return slot
