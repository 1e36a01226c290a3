"""Turn a text into an intent (docs/design.md, section 4).

Codes, titles and keywords are matched by exact rules; a sentence is read by the sentence model,
with the phrases in it as evidence. Without a model, the rules alone read it.
"""

from collections.abc import Callable

from rights_line.core import AFFIRM, MENU, TALK, tags
from rights_line.core.library import Library
from rights_line.core.understanding import (
    AutoReply,
    Intent,
    Interpretation,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
    ages,
    codes,
    names,
    reply_language,
    sentences,
    topics,
)
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.words.normalised_text import NormalisedText, normalise_text
from rights_line.core.understanding.words.vocabulary import OPT_OUT, OTHER_RESERVED, YES

_MAX_KEYWORD = 2  # words


def reserved_word(message: Message) -> Interpretation | None:
    """Match a word of the provider, a word of every language, or an empty text."""
    words = message.words
    if words in OPT_OUT:
        return Interpretation(OptOut(), "An opt-out word of the provider.", (words,))
    if not words:
        return Interpretation(ShowStart(), "The text has no words.")
    if words == YES and message.chosen_language:
        return reply_language.show_topic(AFFIRM, (), words, message)
    if words in OTHER_RESERVED or words in message.library.vocabulary.common_words:
        return Interpretation(ShowStart(), "A word of every language.", (words,))
    return None


Steps = tuple[Callable[[Message], Interpretation | None], ...]

EXACT: Steps = (
    reserved_word,
    codes.single_code,
    codes.several,
    codes.beside_courtesy,
    names.whole_name,
    codes.language_and_code,
    codes.helpline_code_with_words,
    names.title,
    names.misspelt_name,
)
BY_PHRASE: Steps = (
    topics.emergency,
    topics.act,
    reply_language.in_other,
    topics.phrase_topic,
)
WITHOUT_TOPIC: Steps = (
    codes.helpline_code_in_text,
    topics.act_in_text,
    topics.courtesy,
    topics.harmless,
    names.name_in_text,
    topics.slip,
    reply_language.show_menu,
)
_AUTO_REPLY = Interpretation(AutoReply(), "A phone or a machine wrote it.")
_NOT_UNDERSTOOD = Interpretation(NotUnderstood(), "No known word.")


def interpret_to_intent(text: str, tag: str | None, library: Library) -> Intent:
    """Return the intent of a text; `tag` is that of the session."""
    return interpret(normalise_text(text, library.own_lines), tag, library).intent


def interpret(text: NormalisedText, tag: str | None, library: Library) -> Interpretation:
    """Return the intent of a normalised text, with the evidence for it."""
    if text.is_auto_reply:
        return _AUTO_REPLY
    message = Message(text.words, text.sentence, tags.language(tag), library)
    found = (
        _first_interpretation(EXACT, message)
        or topics.only_courtesy(message)
        or names.title(message.bare)
        or names.title_one_slip_away(message.bare)
        or topics.swallowed(message.bare)
        or ages.only_age(message)
        or topics.origin(message.bare)
        or topics.thanks(_by_topic(message.bare), message)
    )
    return found._replace(has_head=found.has_head and not _is_keyword_in_session(message))


def _by_topic(message: Message) -> Interpretation:
    """Return the intent of a text that no exact rule matches, without its words of courtesy."""
    rest = codes.without_helpline(ages.without_of_minor(message))
    reading = sentences.read_sentence(rest)
    if reading:
        found = sentences.show_sentence_screen(reading, rest)
    else:
        found = _first_interpretation(BY_PHRASE, rest)
        found = found or _first_interpretation(BY_PHRASE, rest.in_own_letters)
    found = found or _first_interpretation(WITHOUT_TOPIC, rest)
    found = found or sentences.show_menu(reading, rest) or _NOT_UNDERSTOOD
    found = found._replace(shares=reading.choice.shares if reading else ())
    found = _language_asked_for(found, rest) or found
    return codes.asked_about(ages.heed(found, message), message)


def _language_asked_for(found: Interpretation, message: Message) -> Interpretation | None:
    """Return the menu of the language that a text names, in place of a menu, "Talk" or a guess.

    "Do you speak Polish" in Polish asks for a person, in a Russian session for the language. "I do
    not speak English" is a known phrase, and asks for another one.
    """
    reply = found.intent
    if not isinstance(reply, ListLanguages | ShowScreen):
        return None
    language, code = (reply.language, reply.code) if isinstance(reply, ShowScreen) else ("", MENU)
    is_guess = found.is_guess and code not in message.library.urgent_codes
    if code not in (MENU, TALK) and not is_guess:
        return None
    asked = None if message.keyword else names.name_in_text(message, language)
    if code != TALK or asked is None or message.chosen_language not in (None, language):
        return asked
    return None if asked.intent == ShowScreen(language, MENU) else asked


def _first_interpretation(steps: Steps, message: Message) -> Interpretation | None:
    return next(filter(None, (step(message) for step in steps)), None)


def _is_keyword_in_session(message: Message) -> bool:
    """Return whether a text is one keyword of a sender who has had the helplines before."""
    is_short = message.words.count(" ") < _MAX_KEYWORD
    return bool(is_short and message.keyword and message.chosen_language)
