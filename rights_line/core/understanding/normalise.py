"""Make two ways of writing the same thing equal: digits, accents, width, case, punctuation."""

import unicodedata

import regex

# A text longer than any SMS is read no further: 1,600 characters is what Twilio carries.
MAX_LENGTH = 1600

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
# A digit but 0-9 itself, or any character that is raised or lowered.
_DIGIT = regex.compile(r"[[\p{nt=De}\p{nt=Di}\p{dt=Sup}\p{dt=Sub}]--[0-9]]", regex.V1)
# Marks on Latin and Greek letters, and Arabic vowel signs, which people leave out.
_ACCENTS = regex.compile(r"(?<=[\p{Latin}\p{Greek}])\P{ccc=0}+|[\u064b-\u0652\u0670]")
# Zero-width and bidi marks, fillers, variation selectors, the frame of a keycap.
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Me}]+")
_PUNCTUATION = regex.compile(r"[^\p{L}\p{N}\p{M}]+")


def normalise(text: str) -> str:
    """Return a text as it is compared: lower case, plain digits and letters, single spaces.

    Marks are taken off Latin and Greek letters only: in Thai, Hindi or Bengali they are letters.
    Nothing is cached: what a sender wrote must not stay in memory.
    """
    text = text[:MAX_LENGTH]
    folded = text.casefold() if text.isascii() else _fold(text)
    cleaned: str = _PUNCTUATION.sub(" ", folded.translate(_LETTERS))
    return cleaned.strip()


def _fold(text: str) -> str:
    """Return a text with plain digits, in lower case, without accents and invisible characters."""
    text = _DIGIT.sub(lambda match: _ascii_digit(match[0]), text)
    # One character may stand for eighteen: cut again what grew.
    text = unicodedata.normalize("NFKC", text)[:MAX_LENGTH].casefold()
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    visible: str = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return visible


def _ascii_digit(character: str) -> str:
    """Return 0-9 for a digit of any script; a space for a raised or lowered character."""
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return " "
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
