"""Make two ways of writing the same thing equal: digits, accents, width, case, punctuation."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import regex

# A text longer than any SMS is read no further: 1,600 characters is what Twilio carries.
LONGEST = 1600

_LETTERS = str.maketrans(
    {
        # Latin letters that do not decompose (languages.yaml, normalisation)
        **{"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "þ": "th", "ð": "d"},
        "ё": "е",
        # Arabic script: one letter for what Arabic, Persian, Urdu and Kurdish keyboards differ in
        **{"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ی", "ي": "ی", "ئ": "ی"},
        **{"ك": "ک", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ګ": "گ", "ؤ": "و", "ـ": ""},
        # apostrophes join, they do not part
        **dict.fromkeys("'’‘ʼ`´ʻ", ""),
    }
)
# Zero-width and bidi marks, fillers, variation selectors, the frame of a keycap.
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Me}]")
_SPACES = re.compile(r"\s+")
_FOLDED_SCRIPTS = ("LATIN", "GREEK")


class _Table(dict[int, str]):
    """A table for str.translate that works out each character once, and remembers the first ones:
    there are a million, and somebody may send them all."""

    MOST = 4096

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, point: int) -> str:
        becomes = self._become(chr(point))
        if len(self) < self.MOST:
            self[point] = becomes
        return becomes


def clean(text: str) -> str:
    """Return a text as it is compared: lower case, plain digits and letters, single spaces.

    Marks are taken off Latin and Greek letters only: in Thai, Hindi or Bengali they are letters.
    """
    text = text[:LONGEST].translate(_DIGITS)
    # One character may stand for eighteen: what grew is cut again.
    text = unicodedata.normalize("NFKC", text)[:LONGEST].casefold()
    text = unicodedata.normalize("NFC", _without_accents(text)).translate(_LETTERS)
    return _SPACES.sub(" ", text.translate(_KEPT)).strip()


def _read_digit(character: str) -> str:
    """Return 0-9 for a digit of any script; a raised or lowered one is no digit, it is dropped."""
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return " "
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    kept = []
    foldable = False
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character):
            if foldable or _is_harakah(character):
                continue
        else:
            foldable = _is_foldable(character)
        kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _is_foldable(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_FOLDED_SCRIPTS)


def _is_harakah(character: str) -> bool:
    """Tell whether this is an Arabic vowel sign, which people leave out."""
    return "\u064b" <= character <= "\u0652" or character == "\u0670"


def _kept(character: str) -> str:
    """Return a letter, digit or mark as it is, an invisible character as nothing, else a space."""
    if _INVISIBLE.match(character):
        return ""
    return character if unicodedata.category(character)[0] in "LNM" else " "


_DIGITS = _Table(_read_digit)
_KEPT = _Table(_kept)
