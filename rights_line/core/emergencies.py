"""Emergencies: which texts are, and how often they are answered beyond every rate limit. Pure.

So that a robot whose texts all hold such a word does not run for ever, it gets the short line once
a minute in the end: a robot that gets no reply falls silent, a person writes again.
"""

from rights_line.core.library import Library
from rights_line.core.rate_limit import Allowance
from rights_line.core.understanding import understand
from rights_line.core.understanding.auto_replies import strip_own_text
from rights_line.core.understanding.intents import AskLanguage, Helpline, ShowScreen, ShowStart
from rights_line.core.understanding.normalise import normalise

EMERGENCY_LIMIT = 40  # full replies to one sender's emergencies in a SENDER_WINDOW, beyond the rest
EMERGENCY_SHORT_EVERY = 60  # seconds between short lines once these are used up, too


def decide_emergency(sender_count: int, last_short_at: float, now: float) -> Allowance:
    """Return the reply to an emergency of a sender for whom no other reply is left.

    Args:
        sender_count: full replies that the sender got to such emergencies in this window.
        last_short_at: time of the last short line, by the clock of `now`, in seconds.
        now: the current time.
    """
    if sender_count < EMERGENCY_LIMIT:
        return Allowance.FULL
    is_due = now - last_short_at >= EMERGENCY_SHORT_EVERY
    return Allowance.SHORT if is_due else Allowance.NONE


def is_emergency(text: str, tag: str | None, library: Library) -> bool:
    """Tell whether a text leads to the danger screens, or to a number for emergencies.

    A robot that sends our own words back is not in danger, whatever it puts around them.
    """
    if not _is_emergency_intent(text, tag, library):
        return False
    rest = strip_own_text(normalise(text), library.own_lines)
    return rest is None or _is_emergency_intent(rest, tag, library)


def _is_emergency_intent(text: str, tag: str | None, library: Library) -> bool:
    intent = understand(text, tag, library)
    if isinstance(
        intent, ShowStart | AskLanguage
    ):  # a word of several languages, or none chosen yet
        intent = understand(text, library.default, library)
    return isinstance(intent, ShowScreen | Helpline) and intent.code in library.emergency_codes
