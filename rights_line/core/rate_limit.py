"""Rate limits: a full reply, one short line, or no reply.

Without limits, a robot and the line could answer each other for ever, and a fraudster would earn
on each text that we send to their numbers. So there is a limit for each sender, and an hourly and
a daily limit for all senders together. When a limit for all is reached, a new sender still gets
the short line, from a reserve that only new senders can use. The short line holds the helplines in
one segment. Emergencies are answered beyond these limits (core/emergencies.py).

See docs/design.md, D11, and docs/adr/0007-rate-limits.md.
"""

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.understanding.auto_replies import is_auto_reply

SENDER_LIMIT = 20  # full replies to one sender in a SENDER_WINDOW
SENDER_WINDOW = 600  # seconds from the first reply
HOURLY, DAILY = 500, 3000  # full replies to all senders, unless the operator sets other limits
# Size of the reserve: short lines for each full reply of the limit. Enough for a flood from 5,000
# unrelated numbers (docs/adr/0007).
RESERVE_HOURLY, RESERVE_DAILY = 12, 3

# Added to a sender's count with the short line, so that no reply follows it.
_CLOSED = SENDER_LIMIT + 1
# A range of 100,000 numbers. WhatsApp ids that hide the number begin with a country code ("NO.").
_PREFIX = re.compile(r"(?P<range>(?:whatsapp:)?\+?[0-9]+)[0-9]{5}|(?P<country>.*)\..*")


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


class Charge(NamedTuple):
    """An amount to add to a counter.

    Possible only if the count is at least `least` and less than `limit`.
    """

    counter: Count
    least: int
    limit: int
    amount: int


class Offer(NamedTuple):
    """A reply that may be sent if all its charges can be made."""

    allowance: Allowance
    charges: tuple[Charge, ...]

    def is_below(self, counts: Sequence[int]) -> bool:
        """Return whether all counters are below their limits."""
        return all(counts[charge.counter] < charge.limit for charge in self.charges)

    def fits(self, counts: Sequence[int]) -> bool:
        """Return whether all charges can be made."""
        return self.is_below(counts) and all(
            counts[charge.counter] >= charge.least for charge in self.charges
        )


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


@lru_cache(maxsize=1024)
def offers(
    limits: Limits, held_hour: int = 0, held_day: int = 0, is_answered: bool = False
) -> tuple[Offer, ...]:
    """Return all offers: a full reply, a last short line, one from the reserve.

    Only a sender who has had a full reply gets a last short line, so there are never more of these
    lines than full replies. Only a new sender can use the reserve, and a number prefix can use at
    most as much of it as it leaves. So one prefix gets at most half of the reserve, and k prefixes
    leave at least 1/(k+1) of it to others.

    Args:
        limits: the limits for all senders together.
        held_hour: short lines of this hour's reserve that the sender's number prefix has used.
        held_day: the same for this day's reserve.
        is_answered: whether the sender is known to have had a reply, even if a counter lost it.
    """
    hour = limits.limit_for(Count.RESERVE_HOUR) - held_hour
    day = limits.limit_for(Count.RESERVE_DAY) - held_day
    return (
        Offer(
            Allowance.FULL,
            (
                Charge(Count.SENDER, 0, SENDER_LIMIT, 1),
                Charge(Count.HOUR, 0, limits.hourly, 1),
                Charge(Count.DAY, 0, limits.daily, 1),
            ),
        ),
        Offer(Allowance.SHORT, (Charge(Count.SENDER, 0 if is_answered else 1, _CLOSED, _CLOSED),)),
        Offer(
            Allowance.SHORT,
            (
                Charge(Count.SENDER, 0, 1, _CLOSED),
                Charge(Count.RESERVE_HOUR, 0, hour, 1),
                Charge(Count.RESERVE_DAY, 0, day, 1),
            ),
        ),
    )


def decide(choices: Sequence[Offer], counts: Sequence[int]) -> Offer | None:
    """Return the best offer whose charges can all be made; None means no reply."""
    return next((offer for offer in choices if offer.fits(counts)), None)


def number_prefix(sender: str) -> str:
    """Return the range of a phone number: the number without its last five digits.

    WhatsApp ids that hide the number share one prefix for each country. All other senders without
    a number share the empty prefix.
    """
    found = _PREFIX.fullmatch(sender)
    return (found["range"] or found["country"]) if found else ""


def counts_towards_limit(message: Inbound, library: Library) -> bool:
    """Return whether a message counts; messages that never get a reply do not."""
    gets_no_reply = message.opted_out or is_auto_reply(message.text, library.own_lines)
    return message.is_person and message.is_billable and not gets_no_reply


def apply_allowance(reply: Reply, allowance: Allowance, library: Library) -> Reply:
    """Return the reply that the allowance permits: in full, the short line, or empty."""
    if allowance is Allowance.FULL or not reply.text:
        return reply
    return Reply(library.throttled if allowance is Allowance.SHORT else "")
