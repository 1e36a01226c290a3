"""Unicode scripts by their ISO 15924 codes, texts in Latin letters instead, and accents."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import regex

from rights_line.core.understanding.words import PUNCTUATION

# Scripts that do not put spaces between words.
UNSPACED = regex.compile(r"[\p{Thai}\p{Han}\p{Lao}\p{Khmer}\p{Myanmar}]")
_LETTER = regex.compile(r"\p{L}")


def is_known(name: object) -> bool:
    """Return whether this is the ISO 15924 code of a script in Unicode."""
    try:
        return bool(re.fullmatch("[A-Z][a-z]{3}", str(name)) and pattern(str(name)))
    except regex.error:
        return False


@cache
def pattern(script: str) -> "regex.Pattern[str]":
    """Return a pattern that matches one character of a script.

    Raises:
        regex.error: unknown script.
    """
    return regex.compile(rf"\p{{Script={script}}}")


def dominant_script(words: str, scripts: Iterable[str]) -> str | None:
    """Return the script of at least half of the letters of a text, if it is one of these."""
    if words.isascii():
        return None
    letters = len(_LETTER.findall(words))
    counts = {script: len(pattern(script).findall(words)) for script in scripts}
    script = max(counts, key=counts.__getitem__, default=None)
    return script if script and counts[script] and 2 * counts[script] >= letters else None


_WORD = re.compile(r"[a-z0-9']*[a-z][a-z0-9']*")  # not a number: "3andi" is a word, "3" is none
_DOUBLED = re.compile(r"([b-df-hj-np-tv-xz])\1")


class OwnLetters:
    """How people write one language in Latin letters, as far as it can be read back.

    Args:
        letters: Latin letters -> those of the language. ^ and $ stand for the beginning and the
            end of a word; + at the end joins it to the next one.
    """

    def __init__(self, letters: Mapping[str, str]) -> None:
        self._letters = letters
        longest_first = sorted(letters, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def write(self, text: str) -> str:
        """Return a text with its Latin words in the letters of the language."""
        return _WORD.sub(lambda word: self._write_word(word[0]), text.lower()).replace("+ ", "")

    def _write_word(self, word: str) -> str:
        single = _DOUBLED.sub(r"\1", word)
        return self._pattern.sub(lambda found: self._letters[found[0]], f"^{single}$").strip("^$")


_ACCENT = regex.compile(r"[\p{M}đ]")


def accents(text: str) -> list[str]:
    """Return the accents of each word of a text, sorted: "hòa" and "hoà" have the same."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return ["".join(sorted(_ACCENT.findall(word))) for word in PUNCTUATION.split(letters) if word]


def has_accents(written: Iterable[str], phrase: Iterable[str]) -> bool:
    """Return whether each word has no other accents than that of a phrase; some may be left out.

    A word of a phrase that has none stands for any.
    """
    pairs = zip(written, phrase, strict=False)
    return all(not meant or {*found} <= {*meant} for found, meant in pairs)
