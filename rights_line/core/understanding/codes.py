"""Parse numbers: codes, codes beside a language word, and phone numbers."""

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
    """Return the intent of a text that is only a code or a helpline's number."""
    numbered = _NUMBERED.fullmatch(words)
    digits = numbered[1] if numbered else _digits(words.replace(" ", ""))
    if not digits.isdecimal():
        return None
    if tag == "?" and (chosen := library.language_by_number(digits)):
        return ShowScreen(chosen, MENU)
    code = library.codes.get(digits)
    if code in library.contact_codes:
        return Helpline(code)
    if code is None and (helpline := find_helpline_number(words, library)):
        return helpline
    return intent_for_code(code, tag if tag in library.editions else None)


def _digits(characters: str) -> str:
    """Convert Chinese numerals to digits; return any other text unchanged."""
    if characters.isascii():
        return characters
    values = [unicodedata.numeric(character, -1) for character in characters]
    are_digits = all(value in range(10) for value in values)
    return "".join(str(int(value)) for value in values) if are_digits else characters


def parse_language_and_code(words: str, tag: str | None, library: Library) -> Intent | None:
    """Return the intent of a language's word or name beside a code."""
    for form in (_WORD_AND_CODE, _CODE_AND_WORD):
        match = form.fullmatch(words)
        languages = library.vocabulary.language_words.get(match["word"]) if match else None
        if match and languages and len(languages) == 1:
            digits = match["code"].replace(" ", "")
            # "9 Polski" may be copied from the list of languages, where 9 is not a code.
            is_list_entry = form is _CODE_AND_WORD and tag == "?"
            if is_list_entry and library.language_by_number(digits) == languages[0]:
                return ShowScreen(languages[0], MENU)
            return intent_for_code(library.codes.get(digits, MENU), languages[0])
    return None


def find_helpline_number(words: str, library: Library) -> Intent | None:
    """Return the helpline whose phone number is in the text, if any.

    A number may contain spaces, except a short one: "kl 11.2" is a time of day.
    """
    for run in _NUMBERS.findall(words):
        for digits in (run.replace(" ", ""), *run.split()):
            code = library.codes.get(digits)
            if code in library.contact_codes and (digits in run or len(digits) > _MAX_CODE_LENGTH):
                return Helpline(code)
    return None
