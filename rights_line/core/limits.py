"""Rate limits: a full reply, one short line, or no reply.

Without limits, a robot and the line could answer each other for ever, and a fraudster would earn
on each text that we send to their numbers. So there is a limit for each sender, and an hourly and
a daily limit for all senders together. When a limit for all is reached, a new sender still gets
the short line, from a reserve that only new senders can use. The short line holds the helplines in
one segment. Emergencies are answered beyond these limits (core/emergencies.py).

See docs/design.md, D11, and docs/adr/0007-rate-limits.md.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.understanding.text.normalised_text import NormalisedText

SENDER_LIMIT = 20  # full replies to one sender in a SENDER_WINDOW
SENDER_WINDOW = 600  # seconds from the first reply
HOURLY, DAILY = 500, 3000  # full replies to all senders, unless the operator sets other limits
# Size of the reserve: short lines for each full reply of the limit. Enough for a flood from 5,000
# unrelated numbers (docs/adr/0007).
RESERVE_HOURLY, RESERVE_DAILY = 12, 3

# Added to a sender's count with the short line, so that no reply follows it.
_CLOSED = SENDER_LIMIT + 1
_RANGE_DIGITS = 5  # the last digits of a number, which a range of 100,000 numbers leaves open


class Allowance(IntEnum):
    """The most that a sender may get as a reply."""

    FULL = 0
    SHORT = 1
    NONE = 2


class Count(IntEnum):
    """The counters, in the order of their keys in Redis."""

    SENDER = 0
    HOUR = 1
    DAY = 2
    RESERVE_HOUR = 3
    RESERVE_DAY = 4


class Decision(NamedTuple):
    """The reply that the limits allow.

    Attributes:
        allowance: the most that the sender may get.
        charges: the amount to add to each counter, in the order of `Count`.
    """

    allowance: Allowance
    charges: tuple[int, int, int, int, int]


_FULL = Decision(Allowance.FULL, (1, 1, 1, 0, 0))
_LAST_SHORT = Decision(Allowance.SHORT, (_CLOSED, 0, 0, 0, 0))
_FROM_RESERVE = Decision(Allowance.SHORT, (_CLOSED, 0, 0, 1, 1))
_NO_REPLY = Decision(Allowance.NONE, (0, 0, 0, 0, 0))


class Limits(NamedTuple):
    """Limits of full replies to all senders together.

    The size of the reserve follows from them.
    """

    hourly: int = HOURLY
    daily: int = DAILY

    def limit_for(self, count: Count) -> int:
        """Return the limit of a counter shared by all senders."""
        return {
            Count.HOUR: self.hourly,
            Count.DAY: self.daily,
            Count.RESERVE_HOUR: RESERVE_HOURLY * self.hourly,
            Count.RESERVE_DAY: RESERVE_DAILY * self.daily,
        }[count]


DEFAULT_LIMITS = Limits()


def decide(
    counts: Sequence[int], limits: Limits, held_hour: int = 0, held_day: int = 0
) -> Decision:
    """Decide on a full reply, a last short line, one from the reserve, or no reply.

    Only a sender who has had a full reply gets a last short line, so there are never more of these
    lines than full replies. Only a new sender can use the reserve, and a number prefix can use at
    most as much of it as it leaves. So one prefix gets at most half of the reserve, and k prefixes
    leave at least 1/(k+1) of it to others.

    Args:
        counts: the counters, in the order of `Count`.
        limits: the limits for all senders together.
        held_hour: short lines of this hour's reserve that the sender's number prefix has used.
        held_day: the same for this day's reserve.
    """
    sender, hour, day, reserve_hour, reserve_day = counts
    if sender < SENDER_LIMIT and hour < limits.hourly and day < limits.daily:
        return _FULL
    if sender:
        return _LAST_SHORT if sender < _CLOSED else _NO_REPLY
    left_hour = limits.limit_for(Count.RESERVE_HOUR) - reserve_hour
    left_day = limits.limit_for(Count.RESERVE_DAY) - reserve_day
    return _FROM_RESERVE if left_hour > held_hour and left_day > held_day else _NO_REPLY


def number_prefix(sender: str) -> str:
    """Return the range of a phone number: the number without its last five digits.

    WhatsApp ids that hide the number share one prefix for each country. All other senders without
    a number share the empty prefix.
    """
    number = sender.removeprefix("whatsapp:").removeprefix("+")
    if number.isascii() and number.isdigit() and len(number) > _RANGE_DIGITS:
        return sender[:-_RANGE_DIGITS]
    return sender.rpartition(".")[0]  # a WhatsApp id begins with a country code ("NO.")


def counts_towards_limit(message: Inbound, text: NormalisedText) -> bool:
    """Return whether a message counts; messages that never get a reply do not."""
    gets_no_reply = message.opted_out or text.is_auto_reply
    return message.is_person and message.is_billable and not gets_no_reply


def apply_allowance(reply: Reply, allowance: Allowance, library: Library) -> Reply:
    """Return the reply that the allowance permits: in full, the short line, or empty."""
    if allowance is Allowance.FULL or not reply.text:
        return reply
    return Reply(library.throttled if allowance is Allowance.SHORT else "")
