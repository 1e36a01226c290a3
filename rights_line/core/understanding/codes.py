"""Numbers in a text: codes, alone or beside the word of a language, and helplines' own."""

import re
import unicodedata

from rights_line.core.library import MENU, Library
from rights_line.core.understanding.intents import Helpline, Intent, ShowScreen, intent_for_code

_NUMBER = "(?:nr|no|num|numer|numero|nummer|number|номер|code|kode|kod|код|press|tast|trykk)"
_NUMBERED = re.compile(rf"{_NUMBER} ?(\d+)")
_WORD_AND_CODE = re.compile(rf"(?P<word>.*?)(?: {_NUMBER})? ?(?P<code>\d[\d ]{{0,30}})")
_CODE_AND_WORD = re.compile(r"(?P<code>\d[\d ]{0,30}?) ?(?P<word>[^\d ].*)")
_MAX_CODE_LENGTH = 3  # digits
_NUMBERS = re.compile(r"\d[\d ]*\d")


def parse_code(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand a text that is no more than a code, or a helpline's own number."""
    numbered = _NUMBERED.fullmatch(words)
    digits = numbered[1] if numbered else _digits(words.replace(" ", ""))
    if not digits.isdecimal():
        return None
    if tag == "?" and (chosen := library.language_by_number(digits)):
        return ShowScreen(chosen, MENU)
    found = library.codes.get(digits)
    if found in library.contact_codes:
        return Helpline(found)
    if found is None and (helpline := find_helpline_number(words, library)):
        return helpline
    return intent_for_code(found, tag if tag in library.editions else None)


def _digits(characters: str) -> str:
    """Return Chinese numerals as digits; anything else as it is."""
    values = [unicodedata.numeric(character, -1) for character in characters]
    single = all(value in range(10) for value in values)
    return "".join(str(int(value)) for value in values) if single else characters


def parse_language_and_code(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand a language's word or name, with a code before or after it."""
    for form in (_WORD_AND_CODE, _CODE_AND_WORD):
        match = form.fullmatch(words)
        languages = library.language_words.get(match["word"]) if match else None
        if match and languages and len(languages) == 1:
            digits = match["code"].replace(" ", "")
            listed = form is _CODE_AND_WORD and tag == "?"  # "9 Polski" stands in the list
            if listed and library.language_by_number(digits) == languages[0]:
                return ShowScreen(languages[0], MENU)
            return intent_for_code(library.codes.get(digits, MENU), languages[0])
    return None


def find_helpline_number(words: str, library: Library) -> Intent | None:
    """Understand a helpline's own number in a text of which nothing else is known.

    It may have spaces, but a short one may not: "kl 11.2" is a time.
    """
    for run in _NUMBERS.findall(words):
        for digits in (run.replace(" ", ""), *run.split()):
            code = library.codes.get(digits)
            if code in library.contact_codes and (digits in run or len(digits) > _MAX_CODE_LENGTH):
                return Helpline(code)
    return None
