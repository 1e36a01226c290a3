"""Lint the letters of texts: characters that cost or cannot be seen, words that folding changes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from rights_line.content.files.catalogs import EnglishString
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.core.model import Language
from rights_line.core.sms import SEPTETS, count_sms, replace_sms_letters
from rights_line.errors import Problem

# Dashes, quotes, ellipsis, special spaces and bidi marks: in GSM-7 each makes the text UCS-2.
FORBIDDEN_CHARACTERS = re.compile(
    r"[\u2010-\u2015\u2018-\u201f\u2026\u00a0\u00ad\u200b\u200e\u200f\u202a-\u202f\u2066-\u2069]"
)

# "|" of Devanagari, which looks like a last digit 1. Opening hours end in a word.
_DANDA_AFTER_NUMBER = re.compile(r"(?!\{\w*_hours\})(\{\w+\}|\d)।")


def problems(language: LanguageSource, texts: Iterable[EnglishString]) -> Iterator[Problem]:
    for text in texts:
        is_english = language.language.tag == ENGLISH
        place = text.place if is_english else language.catalog_place
        translation = language.translate(*text.key) or ""
        yield from _bad(place, translation, language.language)
        yield from _misleading(place, translation, language)
        if found := _DANDA_AFTER_NUMBER.search(translation):
            problem = f"the danda in {found.group()!r} can be read as a last digit 1"
            yield Problem(place, problem, "Put a word between the number and the danda")


def _bad(place: str, translation: str, language: Language) -> Iterator[Problem]:
    for character in sorted(set(translation)):
        if reason := _bad_reason(character, translation, language):
            name = f"U+{ord(character):04X} {unicodedata.name(character, '?')}"
            problem = f"{name} in {translation[:30]!r} {reason}"
            yield Problem(place, problem, "Replace it with a plain character")
    if translation != unicodedata.normalize("NFC", translation):
        yield Problem(place, f"{translation[:30]!r} is not in NFC", "Save it in NFC (composed)")


def _misleading(place: str, translation: str, language: LanguageSource) -> Iterator[Problem]:
    """Yield a problem for each word that is another word after folding.

    Any text may be folded, because it depends on the length of the whole screen.
    """
    words = re.findall(r"\w+", translation.casefold())
    for word in sorted(language.not_folded.keys() & set(words)):
        folded = replace_sms_letters(word, language.language.fold)
        problem = (
            f"{word!r} in {translation[:30]!r} may be sent as {folded!r}, "
            f"which means {language.not_folded[word]!r}"
        )
        yield Problem(place, problem, "Use a word that stays itself without its marks")


def _bad_reason(character: str, text: str, language: Language) -> str:
    """Return the problem of a character with its cost, or "" if it may be used."""
    if language.encoding == "UCS-2":
        return "is typographic or invisible" if FORBIDDEN_CHARACTERS.match(character) else ""
    if all(sent in SEPTETS for sent in language.fold.get(character, character)):
        return ""
    without = count_sms(text.replace(character, "x")).segments
    return f"makes the text UCS-2: {count_sms(text).segments} segments instead of {without}"
