"""Rate limits: a full reply, one short line, or no reply.

Without limits, a robot and the line could answer each other for ever, and a fraudster would earn
on each text that we send to their numbers. So there is a limit for each sender, and an hourly and
a daily limit for all senders together. When a limit for all is reached, a new sender still gets
the short line, from a reserve that only new senders can use. The short line holds the helplines in
one segment. Emergencies have a limit of their own beyond these.

The rules are data, because two places apply them: the script in Redis and, if Redis cannot count,
the process. See docs/design.md, D11, and docs/adr/0007-rate-limits.md.
"""

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from operator import lt
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
EMERGENCY_LIMIT = 40  # full replies to one sender in a SENDER_WINDOW, beyond SENDER_LIMIT
EMERGENCY_SHORT_EVERY = 60  # seconds between short lines after that

# Added to a sender's count with the short line, so that no reply follows it.
_CLOSED = SENDER_LIMIT + 1
_ANY = 2**53  # above any count, and the largest number that is exact in Lua
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


class Rule(NamedTuple):
    """A reply that a sender gets while counters are below their maxima."""

    allowance: Allowance  # the most that the sender may get
    below: tuple[int, ...]  # the maxima of the first counters; the others have none
    charges: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)  # the amount to add to each counter

    def rule_allows(self, counts: Sequence[int]) -> bool:
        return all(map(lt, counts, self.below))


class Limits(NamedTuple):
    """Limits of full replies to all senders together."""

    hourly: int = HOURLY
    daily: int = DAILY

    @property
    def limit_maxima(self) -> tuple[int, int, int, int]:
        """The limit of each counter that all senders share, in the order of `Count`."""
        return self.hourly, self.daily, RESERVE_HOURLY * self.hourly, RESERVE_DAILY * self.daily


DEFAULT_LIMITS = Limits()


@lru_cache
def limit_rules(limits: Limits, held: tuple[int, int] = (0, 0)) -> tuple[Rule, ...]:
    """Return the rules for a sender; the first one that the counts allow applies.

    Only a sender who has had a full reply gets a last short line, so there are never more of these
    lines than full replies. Only a new sender can use the reserve, and a number prefix can use at
    most as much of it as it leaves. So one prefix gets at most half of the reserve, and k prefixes
    leave at least 1/(k+1) of it to others. `held` are the short lines of this hour's and this day's
    reserve that the sender's prefix has used.
    """
    hourly, daily, reserve_hour, reserve_day = limits.limit_maxima
    left = (reserve_hour - held[0], reserve_day - held[1])
    return (
        Rule(Allowance.FULL, (SENDER_LIMIT, hourly, daily), (1, 1, 1, 0, 0)),
        Rule(Allowance.SHORT, (1, _ANY, _ANY, *left), (_CLOSED, 0, 0, 1, 1)),
        Rule(Allowance.NONE, (1,)),  # for a new sender the reserve has been used up
        Rule(Allowance.SHORT, (_CLOSED,), (_CLOSED, 0, 0, 0, 0)),
        Rule(Allowance.NONE, ()),
    )


def emergency_limit_allowance(sender_count: int, last_short_at: float, now: float) -> Allowance:
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
