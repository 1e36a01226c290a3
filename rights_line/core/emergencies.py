"""Recognise emergencies, which are answered beyond the rate limits (core/limits.py)."""

from dataclasses import replace

from rights_line.core.library import Library
from rights_line.core.understanding.auto_replies import strip_own_lines
from rights_line.core.understanding.intents import AskLanguage, Helpline, ShowScreen, ShowStart
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.text.normalised_text import NormalisedText, normalise_text


def without_model(library: Library) -> Library:
    """Return the library for senders over a limit, whose texts the rules alone read.

    A robot must cost less than a person, and the sentence model takes most of the time of a text.
    """
    return replace(library, reader=None)


def is_emergency(
    found: Interpretation, text: NormalisedText, tag: str | None, library: Library
) -> bool:
    """Return whether a text leads to a danger screen or to an emergency number.

    Quotes of our own texts do not count: a robot may send them back among other words.

    Args:
        found: how the text was read, with the same tag and library.
        text: the text, normalised.
        tag: a language, `?` or None.
        library: from `without_model`.
    """
    if not _leads_to_emergency(found, text, library):
        return False
    rest = strip_own_lines(text.all_words, library.own_lines)
    if rest is None:
        return True
    own_words = normalise_text(rest, library.own_lines)
    return _leads_to_emergency(interpret(own_words, tag, library), own_words, library)


def _leads_to_emergency(found: Interpretation, text: NormalisedText, library: Library) -> bool:
    # The word belongs to several languages, or no language is chosen yet.
    if isinstance(found.intent, ShowStart | AskLanguage):
        found = interpret(text, library.default, library)
    intent = found.intent
    is_reply = isinstance(intent, ShowScreen | Helpline) and intent.code in library.emergency_codes
    return found.is_emergency or is_reply
