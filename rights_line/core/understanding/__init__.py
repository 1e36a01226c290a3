"""Turn a text into an intent (docs/design.md, section 4).

`interpret` tries the steps in their order and returns the result of the first that applies.
"""

from collections.abc import Callable

from rights_line.core.library import Library
from rights_line.core.understanding import codes, languages, reply_language, reserved, topics
from rights_line.core.understanding.intents import Intent, NotUnderstood
from rights_line.core.understanding.interpretation import Interpretation, Message
from rights_line.core.understanding.normalised_text import NormalisedText, normalise_text

_MAX_KEYWORD = 2  # words

STEPS: tuple[Callable[[Message], Interpretation | None], ...] = (
    reserved.reserved_word,
    codes.code,
    codes.several_codes,
    languages.language_word,
    codes.language_and_code,
    languages.closing_word,
    topics.emergency,
    codes.code_with_text,
    topics.topic,
    codes.helpline_number,
    topics.guess,
    topics.greeting,
    languages.language_in_text,
    topics.slip,
    reply_language.language_intent,
)


def understand(text: str, tag: str | None, library: Library) -> Intent:
    """Return the intent of a text; `tag` is a language, `?` or None."""
    return interpret(normalise_text(text, library.own_lines), tag, library).intent


def interpret(text: NormalisedText, tag: str | None, library: Library) -> Interpretation:
    """Return the intent of a normalised text, with the evidence for it."""
    if text.is_auto_reply:
        return reserved.AUTO_REPLY
    message = Message(text.words, tag, library)
    results = (step(message) for step in STEPS)
    found = next(filter(None, results), Interpretation(NotUnderstood(), "No known word."))
    return found._replace(has_head=not (found.is_code or _is_keyword_in_session(message)))


def _is_keyword_in_session(message: Message) -> bool:
    """Return whether a text is one keyword of a sender who has had the helplines before."""
    is_short = message.words.count(" ") < _MAX_KEYWORD
    is_known = message.words in message.library.vocabulary.phrases.values
    return is_short and is_known and message.chosen is not None
