"""The lines of menus as keywords: who reads "4 Work" may answer with the word."""

import re
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_MIN_SLIP = 4  # letters of a title that is understood with one typing error
# A code has at most eight digits; without the limit, a text of digits takes quadratic time.
_NUMBERED = (
    re.compile(r"(?P<number>\d{1,8}) ?(?P<title>.*)"),
    re.compile(r"(?P<title>.*?) ?(?P<number>\d{1,8})"),
)


class Titles:
    """The titles of all screens, normalised: language -> title -> code."""

    def __init__(self, codes: Mapping[str, Mapping[str, str]]) -> None:
        self._codes = codes

    def find(self, words: str, language: str | None) -> tuple[str, tuple[str, ...]] | None:
        """Return the code that a text names, and the languages in which it does.

        The number of the line may stand before or after it. In a session its language comes first.
        """
        if found := self._titled(words, language):
            return found
        for numbered in filter(None, (pattern.fullmatch(words) for pattern in _NUMBERED)):
            found = self._titled(numbered["title"], language)
            if found and found[0] == numbered["number"]:
                return found
        return None

    def find_near(self, words: str, language: str | None) -> str:
        """Return the code that a text of a session names with one typing error, or nothing."""
        titles = self._codes.get(language or "", {})
        near = process.extract(
            words, titles.keys(), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        codes = {titles[title] for title, _, _ in near if len(title) >= _MIN_SLIP}
        return codes.pop() if len(codes) == 1 else ""

    def _titled(self, words: str, language: str | None) -> tuple[str, tuple[str, ...]] | None:
        if language and (code := self._codes.get(language, {}).get(words)):
            return code, (language,)
        found = {tag: code for tag, codes in self._codes.items() if (code := codes.get(words))}
        codes = {*found.values()}
        return (codes.pop(), tuple(found)) if len(codes) == 1 else None
