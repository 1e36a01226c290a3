"""Take words of greeting, help and politeness out at both ends of a text.

They say nothing about what a person needs: "help he has a knife" means what "he has a knife" means.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import regex

from rights_line.core.understanding.words import normalise, normalise_lines
from rights_line.core.understanding.words.scripts import UNSPACED

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}'’‘ʼ`´]+")
_EDGE = 20  # words at each end that are compared; the others of a long text stay as they are
_MAX_WORDS = 6  # of a phrase
_MAX_RUN = 12  # characters of a phrase in a script without spaces
_MIN_RUN = {"Han": 2, "other": 4}  # shorter ones begin and end other words


_BEFORE, _AFTER = " ,.!:;-،۔।።。！，", " ,:;-،，"  # marks between the phrases and what remains

Value = TypeVar("Value")


class Bare(NamedTuple, Generic[Value]):
    """A text without the words of courtesy at its ends.

    Attributes:
        sentence: what is left, as it was written; empty if nothing is.
        taken: the values of the phrases that were taken out.
    """

    sentence: str
    taken: tuple[Value, ...]


class Courtesy(Generic[Value]):
    """The phrases that are taken out.

    Args:
        phrases: phrase -> value.
        only_first: those that are taken out at the beginning alone: "he is not ok" means something.
        fold: gives words one spelling.
    """

    def __init__(
        self,
        phrases: Mapping[str, Value],
        fold: Callable[[str], str],
        only_first: Container[str] = (),
    ) -> None:
        self.phrases = phrases
        self._only_first = only_first
        self._fold = fold

    def bare(self, sentence: str) -> Bare[Value]:
        """Take the phrases out at the beginning and the end, as often as they stand there."""
        words = [*self._words(sentence)]
        taken: list[Value] = []
        first, last = 0, len(words)
        while found := self._match(words[first:last], from_end=False):
            size, value = found
            taken.append(value)
            first += size
        while found := self._match(words[first:last], from_end=True):
            size, value = found
            taken.append(value)
            last -= size
        if first == last:
            return Bare("", tuple(taken))
        if not taken:
            return Bare(sentence, ())
        start = words[first - 1].end if first else 0
        end = words[last].start if last < len(words) else len(sentence)
        # What remains keeps its own marks: the sentence model reads them.
        return Bare(sentence[start:end].lstrip(_BEFORE).rstrip(_AFTER), tuple(taken))

    def _words(self, sentence: str) -> Iterator["_Word"]:
        words = [*_WORD.finditer(sentence)]
        for place, found in enumerate(words):
            if _EDGE <= place < len(words) - _EDGE:
                yield _Word(found.start(), found.end(), "")
            elif UNSPACED.search(found[0]):
                yield from self._cut_run(found[0], found.start())
            elif folded := self._fold(normalise(found[0])):
                yield _Word(found.start(), found.end(), folded)

    def _cut_run(self, run: str, start: int) -> Iterator["_Word"]:
        """Yield the courtesy phrases at both ends of a run without spaces, and what is between."""
        heads, tails = [], []
        first, last = 0, len(run)
        while size := self._run_size(run[first:last], from_end=False):
            heads.append((first, first + size))
            first += size
        while size := self._run_size(run[first:last], from_end=True):
            tails.append((last - size, last))
            last -= size
        rest = [(first, last)] if first < last else []
        for begin, end in (*heads, *rest, *reversed(tails)):
            yield _Word(start + begin, start + end, self._fold(normalise(run[begin:end])))

    def _run_size(self, run: str, from_end: bool) -> int:
        """Return how many characters of a run are a phrase of courtesy at one of its ends."""
        least = _MIN_RUN["Han" if regex.match(r"\p{Han}", run) else "other"]
        sizes = range(min(_MAX_RUN, len(run)), least - 1, -1)
        parts = normalise_lines([run[-size:] if from_end else run[:size] for size in sizes])
        folded = self._fold("\n".join(parts)).split("\n")
        found = zip(sizes, folded, strict=False)  # of no sizes, `folded` is one empty phrase
        return next((size for size, part in found if self._is_taken(part, from_end)), 0)

    def _match(self, words: Sequence["_Word"], from_end: bool) -> tuple[int, Value] | None:
        """Return the words of the longest phrase at one end of some words, and its value."""
        for size in range(min(_MAX_WORDS, len(words)), 0, -1):
            part = words[-size:] if from_end else words[:size]
            phrase = " ".join(word.folded for word in part)
            if self._is_taken(phrase, from_end):
                return size, self.phrases[phrase]
        return None

    def _is_taken(self, phrase: str, from_end: bool) -> bool:
        return phrase in self.phrases and not (from_end and phrase in self._only_first)


class _Word(NamedTuple):
    start: int
    end: int
    folded: str
