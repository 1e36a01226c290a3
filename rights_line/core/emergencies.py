"""Recognise emergencies, which are answered beyond the rate limits (core/limits.py)."""

from dataclasses import replace

from rights_line.core.library import Library
from rights_line.core.understanding.auto_replies import strip_own_lines
from rights_line.core.understanding.intents import AskLanguage, Helpline, ShowScreen, ShowStart
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.text.normalised_text import NormalisedText, normalise_text


def is_emergency(text: NormalisedText, tag: str | None, library: Library) -> bool:
    """Return whether a text leads to a danger screen or to an emergency number.

    Quotes of our own texts do not count: a robot may send them back among other words. The rest of
    such a text is read by rules alone, since a sentence model names a meaning for any scrap.
    """
    if not _is_emergency_intent(text, tag, library):
        return False
    rest = strip_own_lines(text.all_words, library.own_lines)
    if rest is None:
        return True
    rules = replace(library, reader=None)
    return _is_emergency_intent(normalise_text(rest, library.own_lines), tag, rules)


def _is_emergency_intent(text: NormalisedText, tag: str | None, library: Library) -> bool:
    found = interpret(text, tag, library)
    # The word belongs to several languages, or no language is chosen yet.
    if isinstance(found.intent, ShowStart | AskLanguage):
        found = interpret(text, library.default, library)
    intent = found.intent
    is_reply = isinstance(intent, ShowScreen | Helpline) and intent.code in library.emergency_codes
    return found.is_emergency or is_reply
