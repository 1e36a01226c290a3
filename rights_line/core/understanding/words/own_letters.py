"""Write a text in Latin letters in those of its language: "nqma kade da spq" is Bulgarian."""

import re
from collections.abc import Mapping

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
