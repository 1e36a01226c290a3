"""Fold several spellings of a word into one, in phrases and in texts alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
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
        self.fold("\u00e9")

    def fold(self, words: str) -> str:
        """Return a normalised text, or lines of it, in which each word has one spelling.

        In a text of ASCII letters only `words` are replaced.
        """
        if not words.isascii():
            # First, because Pashto "مې" becomes "می".
            words = self._prefix.sub(lambda found: found[0][:-1], words)
            words = self._letter.sub(lambda found: self.letters[found[0]], words)
            words = self._ending.sub("", words)
            words = self._suffix.sub("", words)
        return self._word.sub(lambda found: self.words[found[0]], words)

    @cached_property
    def _letter(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.letters)) or _NOTHING)

    @cached_property
    def _word(self) -> re.Pattern[str]:
        whole = "|".join(map(re.escape, self.words))
        return re.compile(rf"\b(?:{whole})\b" if whole else _NOTHING)

    @cached_property
    def _prefix(self) -> re.Pattern[str]:
        before = "|".join(self.prefixes)
        return re.compile(f"(?:^| )(?:{before}) " if before else _NOTHING, re.MULTILINE)

    @cached_property
    def _ending(self) -> re.Pattern[str]:
        return re.compile(f"[{self.endings}](?= |$)" if self.endings else _NOTHING, re.MULTILINE)

    @cached_property
    def _suffix(self) -> re.Pattern[str]:
        """The space before a suffix."""
        after = "|".join(self.suffixes)
        return re.compile(f" (?=(?:{after})(?: |$))" if after else _NOTHING, re.MULTILINE)
