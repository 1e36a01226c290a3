"""Tables of known texts: look one up, with or without a slip, or find those in it."""

import re
from array import array
from binascii import crc32, crc_hqx
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, Generic, NamedTuple, Self, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.understanding.words.scripts import UNSPACED

Value = TypeVar("Value")
_PLACE = 0xFFFF  # the bits of an entry that hold the place of its value; the others are the hash
LENGTHS = range(_PLACE + 1)  # the values of a table that gives a length for each text
_ENTRY: Final = "Q"  # 64 bits, as library.json holds them, the lowest byte first


class HashTable(Generic[Value]):
    """The value of each text, found by the hash of the text.

    A dictionary would take eight times the memory. Two texts of one hash are not told apart: of
    48 bits, that is once in billions of texts.

    Args:
        values: at most 65,536.
        entries: of `hash_entries`.
    """

    def __init__(self, values: Sequence[Value], entries: bytes) -> None:
        self._values = values
        self._entries = memoryview(entries).cast(_ENTRY)

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Self:
        """Return the table of texts with a value each."""
        return cls([*values.values()], hash_entries([text] for text in values))

    def get(self, text: str) -> Value | None:
        """Return the value of a text; None if the table does not have it."""
        last = _hash(text) | _PLACE
        after = bisect_right(self._entries, last)
        if not after:
            return None
        found = self._entries[after - 1]
        return self._values[found & _PLACE] if found | _PLACE == last else None


def hash_entries(groups: Iterable[Iterable[str]]) -> bytes:
    """Return the sorted entries of a table: the hash of each text, and the place of its group.

    The last group with a text counts.
    """
    return _packed((text, place) for place, texts in enumerate(groups) for text in texts)


def _packed(places: Iterable[tuple[str, int]]) -> bytes:
    return array(_ENTRY, sorted(_hash(text) | place for text, place in places)).tobytes()


def check_entries(entries: bytes, values: int) -> None:
    """Check what a file gives as entries of a table with that many values.

    Raises:
        ValueError: an entry is cut, or names a place that holds no value.
    """
    if len(entries) % array(_ENTRY).itemsize:
        raise ValueError("an entry of the table is cut")
    if max(array("H", entries)[::4], default=-1) >= values:  # the lowest two of eight bytes
        raise ValueError("an entry of the table names a value that is not there")


def _hash(text: str) -> int:
    """Return 48 bits above the place of a value, the same in every process, unlike hash()."""
    data = text.encode("utf-8", "surrogatepass")
    return crc32(data) << 32 | crc_hqx(data, 0) << 16


_MAX_UNSPACED_RUN = 600  # characters searched in a run without spaces: nine UCS-2 segments
_RUN_START = 2  # characters by which a phrase in a script without spaces is looked up
_REPEATED_LETTERS = re.compile(r"([^\W\d_])\1{2,}")
_AND = "و"  # Arabic writes it as one with the next word
_WORD = re.compile(r"[^ ]+")


class Match(NamedTuple, Generic[Value]):
    """A known phrase in a text; `start` and `end` are positions of characters."""

    start: int
    end: int
    phrase: str
    value: Value

    @property
    def size(self) -> int:
        """Return the length in words; two characters of a script without spaces count as one."""
        return len(self.phrase.split()) + len(UNSPACED.findall(self.phrase)) // 2


class Beginnings(NamedTuple):
    """How phrases begin, so that a text is searched for few of its parts.

    Entries of a `HashTable` whose places are lengths.
    """

    words: bytes  # first word -> words of the longest such phrase, if it has more
    runs: bytes  # first characters -> length of the longest such phrase


def beginnings_of(phrases: Iterable[str]) -> Beginnings:
    """Return how phrases begin."""
    words: dict[str, int] = {}
    runs: dict[str, int] = {}
    for phrase in phrases:
        first, space, _ = phrase.partition(" ")
        if space:
            words[first] = max(words.get(first, 1), phrase.count(" ") + 1)
        if UNSPACED.search(first):
            start = phrase[:_RUN_START]
            runs[start] = max(runs.get(start, 0), len(phrase))
    return Beginnings(_packed(words.items()), _packed(runs.items()))


class PhraseTable(Generic[Value]):
    """Phrases and their values, indexed by their beginning."""

    def __init__(self, values: HashTable[Value], beginnings: Beginnings) -> None:
        self._values = values
        self._words = HashTable(LENGTHS, beginnings.words)
        self._runs = HashTable(LENGTHS, beginnings.runs)

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Self:
        """Return the table of phrases with a value each."""
        return cls(HashTable.of(values), beginnings_of(values))

    def get(self, phrase: str) -> Value | None:
        """Return the value of a phrase; None if it is not known."""
        return self._values.get(phrase)

    def values(self, phrases: Iterable[str]) -> dict[str, Value]:
        """Return phrase -> its value, for known phrases."""
        found = ((phrase, self.get(phrase)) for phrase in phrases)
        return {phrase: value for phrase, value in found if value is not None}

    def __contains__(self, phrase: str) -> bool:
        return self.get(phrase) is not None

    def find_phrases(self, words: str) -> list[Match[Value]]:
        """Return the known phrases of a text by position, without those inside longer ones."""
        found: list[Match[Value]] = []
        for match in sorted(self._candidates(words), key=lambda at: (at.start, -at.end)):
            if not found or match.end > found[-1].end:
                found.append(match)
        return found

    def _candidates(self, words: str) -> Iterator[Match[Value]]:
        for start, end in self._spans(words):
            phrase = words[start:end]
            if (value := self.get(phrase)) is not None:
                yield Match(start, end, phrase, value)

    def _spans(self, words: str) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each part of a text that may be a phrase."""
        tokens = [found.span() for found in _WORD.finditer(words)]
        for number, (start, end) in enumerate(tokens):
            token = words[start:end]
            starts = (start, start + 1) if token.startswith(_AND) else (start,)
            for first in starts:
                longest = self._words.get(words[first:end]) or 1
                for _, last in tokens[number : number + longest]:
                    yield first, last
            if end - start >= _RUN_START and not token.isascii() and UNSPACED.search(token):
                yield from self._spans_in_run(words, start, end)

    def _spans_in_run(self, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the same in a token of a script that does not put spaces between words."""
        end = min(end, start + _MAX_UNSPACED_RUN)
        for first in range(start, end - _RUN_START + 1):
            longest = self._runs.get(words[first : first + _RUN_START]) or 0
            for last in range(first + _RUN_START, min(end, first + longest) + 1):
                yield first, last


def collapse_repeats(words: str) -> Iterator[str]:
    """Yield a text ("dangerrrr") with repeated letters cut to two, then to one."""
    for shorter in (r"\1\1", r"\1"):
        collapsed = _REPEATED_LETTERS.sub(shorter, words)
        if collapsed != words:
            yield collapsed


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
