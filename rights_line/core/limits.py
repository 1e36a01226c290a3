"""Rate limits: a full reply, one short line, or no reply.

Without limits, a robot and the line could answer each other for ever, and a fraudster would earn
on each text that we send to their numbers. So there is a limit for each sender, and an hourly and
a daily limit for all senders together. At a limit a sender gets one short line, which holds the
helplines in one segment; these lines have a limit of their own. Emergencies are answered beyond
all of these.

The rules are data, because two places apply them: the script in Redis and, if Redis cannot count,
the process. See docs/adr/0007-rate-limits.md.
"""

from collections.abc import Sequence
from enum import IntEnum
from operator import lt
from typing import NamedTuple

from rights_line.core import Inbound, Reply
from rights_line.core.library import Library
from rights_line.core.understanding import (
    AskLanguage,
    Helpline,
    Interpretation,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.words.normalised_text import (
    NormalisedText,
    normalise_text,
    strip_own_lines,
)

SENDER_LIMIT = 20  # full replies to one sender in a SENDER_WINDOW
SENDER_WINDOW = 600  # seconds from the first reply
HOURLY, DAILY = 500, 3000  # full replies to all senders, unless the operator sets other limits
SHORT_FACTOR = 3  # short lines a day for each full reply: enough for a flood from 9,000 numbers
EMERGENCY_LIMIT = 40  # full replies to one sender in a SENDER_WINDOW, beyond SENDER_LIMIT
EMERGENCY_SHORT_EVERY = 60  # seconds between short lines after that

# Added to a sender's count with the short line, so that no reply follows.
_CLOSED = SENDER_LIMIT + 1
_ANY = 2**53  # above any count, and the largest number that is exact in Lua


class Allowance(IntEnum):
    """The most that a sender may get as a reply."""

    FULL = 0
    SHORT = 1
    NONE = 2


class Rule(NamedTuple):
    """When an allowance holds, and what a reply adds to the counts."""

    below: tuple[int, ...]  # the maxima of sender, hour, day and short lines of the day
    charges: tuple[int, ...]


class Limits(NamedTuple):
    """Limits of full replies to all senders together."""

    hourly: int = HOURLY
    daily: int = DAILY

    @property
    def shared(self) -> tuple[int, int, int]:
        """The limits of all senders: full replies of the hour and the day, short lines of it."""
        return self.hourly, self.daily, SHORT_FACTOR * self.daily

    @property
    def rules(self) -> tuple[Rule, Rule]:
        """The rules of a full and of a short reply; the first that the counts allow holds."""
        hourly, daily, short = self.shared
        full = Rule((SENDER_LIMIT, hourly, daily, _ANY), (1, 1, 1, 0))
        return full, Rule((SENDER_LIMIT + 1, _ANY, _ANY, short), (_CLOSED, 0, 0, 1))


DEFAULT_LIMITS = Limits()


def allowance_after(counts: Sequence[int], rules: Sequence[Rule]) -> Allowance:
    """Return what a sender may get after so many replies."""
    for allowance, rule in zip(Allowance, rules, strict=False):
        if all(map(lt, counts, rule.below)):
            return allowance
    return Allowance.NONE


def emergency_allowance(sender_count: int, last_short_at: float, now: float) -> Allowance:
    """Return the allowance for an emergency when a rate limit is reached.

    In the end a robot whose texts all contain an emergency word gets one short line a minute: a
    robot that gets no reply stops; a person writes again.

    Args:
        sender_count: full replies to such emergencies of this sender in the current window.
        last_short_at: time of the sender's last short line, in seconds.
        now: on the same clock.
    """
    if sender_count < EMERGENCY_LIMIT:
        return Allowance.FULL
    is_due = now - last_short_at >= EMERGENCY_SHORT_EVERY
    return Allowance.SHORT if is_due else Allowance.NONE


def counts_towards(message: Inbound, text: NormalisedText) -> bool:
    """Return whether a message counts; messages that never get a reply do not."""
    gets_no_reply = message.opted_out or text.is_auto_reply
    return message.is_person and message.is_billable and not gets_no_reply


def apply_allowance(reply: Reply, allowance: Allowance, library: Library) -> Reply:
    """Return the reply that the allowance permits: in full, the short line, or empty."""
    if allowance is Allowance.FULL:
        return reply
    return Reply(library.throttled if allowance is Allowance.SHORT else "")


def is_emergency(
    found: Interpretation, text: NormalisedText, tag: str | None, library: Library
) -> bool:
    """Return whether a text leads to a danger screen or to an emergency number.

    Quotes of our own texts do not count: a robot may send them back among other words.

    Args:
        found: how the text was read, with the same tag and library.
        text: the text, normalised.
        tag: a language, `?` or None.
        library: without its model: a robot must cost less than a person.
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
