"""Find known phrases in a text."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from rights_line.core.understanding.scripts import UNSPACED

_MAX_PHRASE = 4  # words
_MAX_UNSPACED_WORD = 12  # characters
_MAX_UNSPACED_RUN = 600  # characters searched in a run without spaces: nine UCS-2 segments
_REPEATED_LETTERS = re.compile(r"([^\W\d_])\1{2,}")

Value = TypeVar("Value")


class Phrases:
    """The phrases of a text: all of it, then runs of words by position, longest first."""

    def __init__(self, words: str) -> None:
        self._words = words

    def first_match(self, known: Mapping[str, Value]) -> Value | None:
        """Return the value of the first phrase that is a key of `known`."""
        return next((known[phrase] for phrase in self._all if phrase in known), None)

    @cached_property
    def _all(self) -> list[str]:
        return list(_phrases(self._words))


def _phrases(words: str) -> Iterator[str]:
    yield words
    tokens = words.split()
    for start, token in enumerate(tokens):
        for length in range(min(_MAX_PHRASE, len(tokens) - start), 0, -1):
            yield " ".join(tokens[start : start + length])
        if UNSPACED.search(token):
            yield from _unspaced_runs(token[:_MAX_UNSPACED_RUN])


def _unspaced_runs(token: str) -> Iterator[str]:
    """Yield candidates for words in a script that does not put spaces between words."""
    for start in range(len(token)):
        for length in range(_MAX_UNSPACED_WORD, 1, -1):
            yield token[start : start + length]


def collapse_repeats(words: str) -> Iterator[str]:
    """Yield a text ("dangerrrr") with repeated letters cut to two, then to one."""
    for shorter in (r"\1\1", r"\1"):
        collapsed = _REPEATED_LETTERS.sub(shorter, words)
        if collapsed != words:
            yield collapsed
