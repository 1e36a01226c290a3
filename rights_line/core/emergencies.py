"""Recognise emergencies, and limit the replies to them beyond the rate limits.

The limit stops loops with a robot whose texts all contain an emergency word: in the end it gets
one short line a minute. A robot that gets no reply stops; a person writes again.
"""

from dataclasses import replace

from rights_line.core.library import Library
from rights_line.core.limits import Allowance
from rights_line.core.understanding.auto_replies import strip_own_text
from rights_line.core.understanding.intents import AskLanguage, Helpline, ShowScreen, ShowStart
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.text.normalised_text import NormalisedText, normalise_text

EMERGENCY_LIMIT = 40  # full replies to one sender in a SENDER_WINDOW, beyond SENDER_LIMIT
EMERGENCY_SHORT_EVERY = 60  # seconds between short lines after that


def decide_emergency(sender_count: int, last_short_at: float, now: float) -> Allowance:
    """Return the allowance for an emergency when a rate limit is reached.

    Args:
        sender_count: full replies to such emergencies of this sender in the current window.
        last_short_at: time of the sender's last short line, in seconds on the clock of `now`.
        now: the current time, in seconds.
    """
    if sender_count < EMERGENCY_LIMIT:
        return Allowance.FULL
    is_due = now - last_short_at >= EMERGENCY_SHORT_EVERY
    return Allowance.SHORT if is_due else Allowance.NONE


def is_emergency(text: NormalisedText, tag: str | None, library: Library) -> bool:
    """Return whether a text leads to a danger screen or to an emergency number.

    Quotes of our own texts do not count: a robot may send them back among other words. The rest of
    such a text is read by rules alone, since a sentence model names a meaning for any scrap.
    """
    if not _is_emergency_intent(text, tag, library):
        return False
    rest = strip_own_text(text.all_words, library.own_lines)
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
