"""Read a sentence with the sentence model, the phrases in it as evidence."""

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import NamedTuple

from rights_line.core import MENU, UNHELPFUL
from rights_line.core.understanding import Interpretation, ShowScreen, ShowStart, reply_language
from rights_line.core.understanding.choice import Choice
from rights_line.core.understanding.evidence import SURE, Followed, gives_way
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.words import count_words
from rights_line.core.understanding.words.scripts import UNSPACED
from rights_line.core.understanding.words.tables import Match, collapse_repeats
from rights_line.core.understanding.words.vocabulary import Entry, Kind

_MIN_WORDS = 2  # of a sentence
_NAMED = 3  # screens that an explanation names
_SURE = 0.5  # share from which a text in no known language is more than a row of letters


class Reading(NamedTuple):
    """The screen chosen for a sentence, and the phrases that counted."""

    choice: Choice
    phrases: Sequence[Match[Entry]]


def read_sentence(message: Message) -> Reading | None:
    """Read a text; None if it is a keyword or one word, or if the rules alone do."""
    reader = message.library.reader
    if reader is None or not is_sentence(message):
        return None
    own = message.in_own_letters
    phrases = sentence_phrases(message) + (sentence_phrases(own) if own is not message else [])
    firm = [row for row in phrases if not gives_way(row.value.concept, phrases)]
    followed = followed_phrase(firm, message)
    is_adult = message.age is not None and not message.age.is_minor
    is_no_minor = is_adult or message.tells_age_of_another_minor
    excluded = message.library.minor_codes if is_no_minor else ()
    choice = reader.choose(own.sentence, phrases, followed, excluded)
    return Reading(choice, phrases)


def show_sentence_screen(reading: Reading, message: Message) -> Interpretation | None:
    """Show the chosen screen, in the language of the text; None if that is the menu.

    Languages that the line does not have give way to an emergency only. A title that is a sentence
    of its own says what is meant.
    """
    code, asks = reading.choice.code, reading.choice.asks
    if code not in message.library.emergency_codes or asks:
        if found := reply_language.in_other(message):
            return found
        if code == MENU and not asks:
            return None
    if _is_doubtful_act(reading):
        code = MENU
    languages, why = _sentence_languages(reading), _describe_sentence(reading.choice)
    interpretation = reply_language.show_topic(code, languages, "", message, why)
    if isinstance(interpretation.intent, ShowStart) and reading.choice.shares[0].share < _SURE:
        return None
    interpretation = _offer_screens(interpretation, reading.choice, message.library.contact_codes)
    return interpretation._replace(
        matched=tuple(phrase.phrase for phrase in reading.phrases),
        is_emergency=code in message.library.emergency_codes,
    )


def _is_doubtful_act(reading: Reading) -> bool:
    """Return whether an act is not certain, and no phrase says it: the text may carry a need."""
    code, share = reading.choice.code, reading.choice.shares[0].share
    is_said = any(row.value.concept.code == code for row in reading.phrases)
    return code in UNHELPFUL and share < SURE and not is_said


def show_menu(reading: Reading | None, message: Message) -> Interpretation | None:
    """Return the menu for a sentence that needs nothing: "back", "all is well"."""
    if reading is None or not reading.choice.needs_nothing:
        return None
    why = "The sentence needs nothing."
    return reply_language.show_topic(MENU, (), "", message, why)


def _offer_screens(
    interpretation: Interpretation, choice: Choice, helplines: Container[str]
) -> Interpretation:
    """Add what a reply offers, above the links of its screen; in place of it only topics."""
    intent = interpretation.intent
    if not choice.offered or not isinstance(intent, ShowScreen):
        return interpretation
    if choice.asks:
        topics = tuple(code for code in choice.offered if code not in helplines)
        intent = replace(intent, code=MENU, offered=topics, is_list=True)
    else:
        intent = replace(intent, offered=choice.offered)
    return interpretation._replace(intent=intent)


def is_sentence(message: Message) -> bool:
    """Return whether a text has several words, and is not a keyword."""
    has_several = count_words(message.words) >= _MIN_WORDS or UNSPACED.search(message.words)
    return bool(has_several) and message.keyword is None


def sentence_phrases(message: Message) -> list[Match[Entry]]:
    """Return the known phrases of a text, else those with letters drawn out ("dangerrrr")."""
    if message.matches:
        return message.matches
    found = map(message.library.vocabulary.phrases.find_phrases, collapse_repeats(message.words))
    return next(filter(None, found), [])


def followed_phrase(phrases: Sequence[Match[Entry]], message: Message) -> Followed | None:
    """Return the phrase that the rules alone would follow: of an emergency, else the longest.

    One that names a thing plainly comes first.
    """
    found = [phrase for phrase in phrases if phrase.value.concept.is_need]
    best = min(found, key=_precedence, default=None)
    return Followed(best.value.concept, len(best.phrase) / len(message.words)) if best else None


def _precedence(phrase: Match[Entry]) -> tuple[bool, bool, int, int]:
    concept = phrase.value.concept
    is_plain = concept.is_certain and phrase.size > 1
    return concept.kind is not Kind.EMERGENCY, not is_plain, -phrase.size, concept.position


def _sentence_languages(reading: Reading) -> tuple[str, ...]:
    """Return the languages of the longest phrase that leads to the chosen screen."""
    leading = [row for row in reading.phrases if row.value.concept.code == reading.choice.code]
    longest = max(leading, key=lambda phrase: phrase.size, default=None)
    return longest.value.languages if longest else ()


def _describe_sentence(choice: Choice) -> str:
    likely = ", ".join(f"{code} {share:.0%}" for code, share in choice.shares[:_NAMED])
    return f"The sentence may mean: {likely}."
