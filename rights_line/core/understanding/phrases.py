"""The words of a text, and each run of them."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from rights_line.core.understanding.scripts import UNSPACED

_MAX_PHRASE = 4  # words
_MAX_UNSPACED_WORD = 12  # characters
_MAX_UNSPACED_RUN = 600  # characters of a run are looked into: ten segments
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")

Found = TypeVar("Found")


class Phrases:
    """The whole of a text, then each run of words in it: by place, the longest first."""

    def __init__(self, words: str) -> None:
        self._words = words

    def first_match(self, known: Mapping[str, Found]) -> Found | None:
        """Return what the first known phrase leads to."""
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
            yield from _inside(token[:_MAX_UNSPACED_RUN])


def _inside(token: str) -> Iterator[str]:
    """Yield what may be a word in a run of letters whose script puts no spaces."""
    for start in range(len(token)):
        for length in range(_MAX_UNSPACED_WORD, 1, -1):
            yield token[start : start + length]


def collapse_repeats(words: str) -> Iterator[str]:
    """Yield a text with letters drawn out ("dangerrrr"), with two of each and with one."""
    for shorter in (r"\1\1", r"\1"):
        calm = _DRAWN_OUT.sub(shorter, words)
        if calm != words:
            yield calm
