"""The languages of each word that the line knows: 80,000 words in one MiB."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping


class KnownWords:
    """Which languages have a word, found by the hash of the word.

    A dictionary would take eight times the memory. Two words of one hash are not told apart: of
    64 bits, that is once in billions of texts.

    Args:
        words: languages, joined by spaces -> the words that all of them have, between spaces.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._groups = [tuple(tags.split()) for tags in words]
        hashes, groups = array("q"), array("H")
        for group, text in enumerate(words.values()):
            found = array("q", map(hash, text.split()))
            hashes += found
            groups += array("H", [group]) * len(found)
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        self._hashes = array("q", map(hashes.__getitem__, order))
        self._group_of = array("H", map(groups.__getitem__, order))

    def languages(self, word: str) -> tuple[str, ...]:
        """Return the tags of the languages that have a word."""
        wanted = hash(word)
        place = bisect_left(self._hashes, wanted)
        is_known = place < len(self._hashes) and self._hashes[place] == wanted
        return self._groups[self._group_of[place]] if is_known else ()
