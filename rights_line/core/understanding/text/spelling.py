"""Fold several spellings of a word into one, in phrases and in texts alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_NOTHING = r"(?!)"  # matches nowhere


@dataclass(frozen=True)
class Spelling:
    """The table of locales/spelling.yaml; a letter that stands for nothing is left out."""

    letters: Mapping[str, str] = field(default_factory=dict)  # -> the one that stands for it
    endings: str = ""  # letters that are left out at the end of a word
    words: Mapping[str, str] = field(default_factory=dict)  # -> the usual spelling
    prefixes: Collection[str] = ()  # words that are joined to the next one
    suffixes: Collection[str] = ()  # words that are joined to the one before

    def __post_init__(self) -> None:
        """Compile the patterns now, and not for the first text."""
        self.fold_spelling("\u00e9")

    def fold_spelling(self, words: str) -> str:
        """Return a normalised text, or lines of it, in which each word has one spelling.

        In a text of ASCII letters only `words` are replaced.
        """
        if not words.isascii():
            words = self._letter_spelling.sub(lambda found: self.letters[found[0]], words)
            for pattern, kept in self._left_out_spelling:
                words = pattern.sub(kept, words)
        return self._word_spelling.sub(lambda found: self.words[found[0]], words)

    @cached_property
    def _letter_spelling(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.letters)) or _NOTHING)

    @cached_property
    def _word_spelling(self) -> re.Pattern[str]:
        whole = "|".join(map(re.escape, self.words))
        return re.compile(rf"\b(?:{whole})\b" if whole else _NOTHING)

    @cached_property
    def _left_out_spelling(self) -> Sequence[tuple[re.Pattern[str], str]]:
        """Patterns of the endings and of the spaces that are left out, and what stays of each."""
        before, after = "|".join(self.prefixes), "|".join(self.suffixes)
        found = (
            (self.endings, f"[{self.endings}](?= |$)", ""),
            (before, f"(^| )({before}) ", r"\1\2"),
            (after, f" (?=(?:{after})(?: |$))", ""),
        )
        return [(re.compile(pattern, re.MULTILINE), kept) for part, pattern, kept in found if part]
