"""Normalise texts to compare them: digits, accents, width, case, punctuation."""

import unicodedata

import regex

# Characters. The longest message that Twilio carries; the rest of a longer text is ignored.
MAX_LENGTH = 1600

_LETTERS = str.maketrans(
    {
        # Latin letters without a decomposition in Unicode
        **{"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "þ": "th", "ð": "d"},
        "ё": "е",
        # Arabic script: one letter for those that differ between Arabic, Persian, Urdu and Kurdish
        # keyboards
        **{"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ی", "ي": "ی", "ئ": "ی"},
        **{"ك": "ک", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ګ": "گ", "ؤ": "و", "ـ": ""},
        # apostrophes: "can't" and "cant" are one word
        **dict.fromkeys("'’‘ʼ`´ʻ", ""),
    }
)
# Digits other than 0-9, and superscript and subscript characters.
_DIGIT = regex.compile(r"[[\p{nt=De}\p{nt=Di}\p{dt=Sup}\p{dt=Sub}]--[0-9]]", regex.V1)
# Marks on Latin and Greek letters, and Arabic vowel signs, which people often leave out.
_ACCENTS = regex.compile(r"(?<=[\p{Latin}\p{Greek}])\P{ccc=0}+|[\u064b-\u0652\u0670]")
# Zero-width and bidi marks, fillers, variation selectors, the enclosing keycap.
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Me}]+")
_PUNCTUATION = regex.compile(r"[^\p{L}\p{N}\p{M}]+")


def normalise(text: str) -> str:
    """Return a text in lower case, with plain digits and letters, and single spaces.

    Marks are removed from Latin and Greek letters only; in Thai, Hindi or Bengali they are part of
    the spelling. Results are not cached, because a sender's text must not stay in memory.
    """
    text = text[:MAX_LENGTH]
    if text.isascii() and text.replace(" ", "").isalnum():  # most phrases: three times as fast
        return " ".join(text.casefold().split())
    folded = text.casefold() if text.isascii() else _fold(text)
    normalised: str = _PUNCTUATION.sub(" ", folded.translate(_LETTERS))
    return normalised.strip()


def _fold(text: str) -> str:
    """Convert to plain digits and lower case; remove accents and invisible characters."""
    text = _DIGIT.sub(lambda match: _ascii_digit(match[0]), text)
    # NFKC turns one character into up to 18, so truncate again.
    text = unicodedata.normalize("NFKC", text)[:MAX_LENGTH].casefold()
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    visible: str = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return visible


def _ascii_digit(character: str) -> str:
    """Return 0-9 for a digit of any script, a space for a super- or subscript."""
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return " "
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
