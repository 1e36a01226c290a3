"""Parse numbers: codes, codes beside a language word, and phone numbers."""

import re
import unicodedata

from rights_line.core import CLOSE, DANGER, LANGUAGES, MENU, tags
from rights_line.core.understanding import (
    Helpline,
    Interpretation,
    ShowScreen,
    ShowStart,
    intent_for_code,
    reply_language,
)
from rights_line.core.understanding.decision import MAY_BE_DANGER
from rights_line.core.understanding.evidence import named_needs
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.words import count_words
from rights_line.core.understanding.words.normalised_text import JOINER
from rights_line.core.understanding.words.vocabulary import Kind

_NUMBER = "(?:nr|no|num|numer|numero|nummer|number|номер|code|kode|kod|код|press|tast|trykk)"
_NUMBERED = re.compile(rf"{_NUMBER} ?(\d+)")
# The longest code is a number of eight digits, with spaces.
_WORD_AND_CODE = re.compile(rf"(?P<word>.*?)(?: {_NUMBER})? ?(?P<code>\d[\d ]{{0,14}})")
_CODE_AND_WORD = re.compile(r"(?P<code>\d[\d ]{0,14}?) ?(?P<word>[^\d ].*)")
_MAX_CODE_LENGTH = 3  # digits
_MAX_WORDS = 2  # beside a number that is meant
_MAX_QUESTION = 5  # words about a helpline: such as its languages
_NUMBERS = re.compile(r"\d[\d ]*\d")


def single_code(message: Message) -> Interpretation | None:
    """Match a text that is only a code or a helpline's number."""
    numbered = _NUMBERED.fullmatch(message.words)
    digits = numbered[1] if numbered else _code_digits(message.words.replace(" ", ""))
    if not digits.isdecimal():
        return None
    library = message.library
    if digits == tags.awaited_code(message.tag):
        reason = "The same code again, before a language is chosen."
        return Interpretation(ShowStart(digits), reason, (digits,), has_head=False)
    if tags.is_awaiting(message.tag) and (chosen := library.numbers.get(digits)):
        reason = f"{digits} is the number of a language in the list."
        return Interpretation(ShowScreen(chosen, MENU), reason, (digits,), has_head=False)
    found = library.codes.get(digits)
    if found in library.contact_codes:
        return _helpline_code(found)._replace(has_head=False)
    if found is None and (other := helpline_code_in_text(message) or several(message)):
        return other
    reason = "The text is a code." if found else "No screen has this code."
    intent = intent_for_code(found, message.chosen_language)
    return Interpretation(intent, reason, (digits,), has_head=False)


def several(message: Message) -> Interpretation | None:
    """Match codes, number words and words like "and": 1 wins, else the first."""
    codes, rest = _leading(message)
    return _choose_code(codes, message)._replace(has_head=False) if codes and not rest else None


def beside_courtesy(message: Message) -> Interpretation | None:
    """Match a number of the last reply beside words of courtesy: "ok 71", "41 thank you"."""
    if not message.chosen_language or not message.bare.words[:1].isdecimal():
        return None
    codes, rest = _leading(message.bare)
    said = message.library.vocabulary.phrases.get(" ".join(rest))
    is_polite = not rest or (said is not None and said.concept.kind is Kind.GREETING)
    return _choose_code(codes, message)._replace(has_head=False) if codes and is_polite else None


def language_and_code(message: Message) -> Interpretation | None:
    """Match a language's word or name beside a code."""
    library = message.library
    for form in (_WORD_AND_CODE, _CODE_AND_WORD):
        match = form.fullmatch(message.words)
        languages = library.vocabulary.language_words.get(match["word"]) if match else None
        if match and languages and len(languages) == 1:
            digits = match["code"].replace(" ", "")
            # "9 Polski" may be copied from the list of languages, where 9 is not a code.
            is_list_entry = form is _CODE_AND_WORD and tags.is_awaiting(message.tag)
            is_number = is_list_entry and library.numbers.get(digits) == languages[0]
            code = MENU if is_number else library.codes.get(digits, MENU)
            intent = intent_for_code(code, languages[0])
            reason, matched = "A language, and a number.", (match["word"], digits)
            return Interpretation(intent, reason, matched, has_head=False)
    return None


def helpline_code_with_words(message: Message) -> Interpretation | None:
    """Match the phone number of a helpline beside a word or two ("call ...")."""
    return helpline_code_in_text(message) if count_words(message.words) <= _MAX_WORDS else None


def without_helpline(message: Message) -> Message:
    """Return a message without its numbers if it asks about a helpline, to read what else it says.

    Beside the number, the model would not see the danger in "he will hit me".
    """
    if not _asked_helpline(message):
        return message
    return message.part(_NUMBERS.sub("", message.sentence))


def asked_about(found: Interpretation, message: Message) -> Interpretation:
    """Show the helpline whose number stands in a short text that names nothing else."""
    may_be_danger = found.share_of([DANGER]) >= MAY_BE_DANGER or found.is_emergency
    asks_more = any(LANGUAGES not in row.also for row in named_needs(message.matches))
    says_more = may_be_danger or message.age or asks_more
    return found if says_more else _asked_helpline(message) or found


def _asked_helpline(message: Message) -> Interpretation | None:
    """Match the phone number of a helpline, other than for emergencies, in a short text."""
    found = helpline_code_in_text(message) if count_words(message.words) <= _MAX_QUESTION else None
    is_urgent = found and message.library.emergency_codes & {*found.matched}
    return None if is_urgent else found


def helpline_code_in_text(message: Message) -> Interpretation | None:
    """Match the phone number of a helpline in a text.

    A number may contain spaces, except a short one: "kl 11.2" is a time of day.
    """
    library = message.library
    for run in _NUMBERS.findall(message.words):
        for digits in (run.replace(" ", ""), *run.split()):
            code = library.codes.get(digits)
            if code in library.contact_codes and (digits in run or len(digits) > _MAX_CODE_LENGTH):
                return _helpline_code(code)
    return None


def _leading(message: Message) -> tuple[list[str], list[str]]:
    """Return the codes at the beginning of a text, and the words after them."""
    library, tokens = message.library, message.words.split()
    codes = []
    for number, token in enumerate(tokens):
        digits = library.vocabulary.numbers.get(token, token)
        if digits in library.codes:
            codes.append(digits)
        elif token != JOINER and token not in library.vocabulary.joiners:
            return codes, tokens[number:]
    return codes, []


def _choose_code(codes: list[str], message: Message) -> Interpretation:
    library = message.library
    chosen = next((code for code in codes if code in library.emergency_codes), codes[0])
    if chosen in library.contact_codes:
        return _helpline_code(chosen)
    likely = tuple(vote.language for vote in message.likely_languages)
    code = library.codes[chosen]
    if message.chosen_language or not likely or code in (CLOSE, LANGUAGES):
        intent = intent_for_code(code, message.chosen_language)
    else:
        intent = reply_language.show_or_ask(code, likely, message)
    return Interpretation(intent, "Of several codes, 1 wins, else the first.", (chosen,))


def _helpline_code(code: str) -> Interpretation:
    return Interpretation(Helpline(code), "The number of a helpline.", (code,))


def _code_digits(characters: str) -> str:
    """Convert Chinese numerals to digits; return any other text unchanged."""
    if characters.isascii():
        return characters
    values = [unicodedata.numeric(character, -1) for character in characters]
    are_digits = all(value in range(10) for value in values)
    return "".join(str(int(value)) for value in values) if are_digits else characters
