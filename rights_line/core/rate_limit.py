"""The rate limits (design D11, docs/adr/0007): a full reply, one short line, or no reply. Pure.

A robot answers for as long as it is answered, and a fraudster is paid for every text that we send
to numbers of theirs. So there is a limit for each sender, and one an hour and one a day for all
senders together. A new sender who meets a limit of all still gets the helplines, in one segment,
from a reserve that only new senders can draw on. Emergencies are answered beyond every limit
(emergencies.py).
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
# The reserve, in short lines for each full reply of HOURLY and DAILY: large enough for a flood from
# 5,000 numbers that have nothing in common.
RESERVE_HOURLY, RESERVE_DAILY = 12, 3

# Added to a sender's count with the short line, after which there is no reply.
_CLOSED = SENDER_LIMIT + 1
# One range of 100,000 numbers; WhatsApp's ids that hide the number begin with a country ("NO.").
_PREFIX = re.compile(r"(?P<range>(?:whatsapp:)?\+?[0-9]+)[0-9]{5}|(?P<country>.*)\..*")


class Allowance(IntEnum):
    """The reply that a sender may get, from the most to the least."""

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
    """An amount to add to a counter that holds at least `least` and less than `limit`."""

    counter: Count
    least: int
    limit: int
    amount: int


class Offer(NamedTuple):
    """A reply that may be sent if every charge can be made."""

    allowance: Allowance
    charges: tuple[Charge, ...]

    def is_below(self, counts: Sequence[int]) -> bool:
        """Tell whether no counter has reached its limit."""
        return all(counts[charge.counter] < charge.limit for charge in self.charges)

    def fits(self, counts: Sequence[int]) -> bool:
        """Tell whether every charge can be made."""
        return self.is_below(counts) and all(
            counts[charge.counter] >= charge.least for charge in self.charges
        )


class Limits(NamedTuple):
    """Full replies to all senders together, and the reserve that follows from them."""

    hourly: int = HOURLY
    daily: int = DAILY

    def of(self, count: Count) -> int:
        """Return the limit of a counter that all senders share."""
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
    """Return all offers, best first: a full reply, a closing short line, one from the reserve.

    A sender who has had a full reply can get one closing line, so these are no more than the full
    replies. Only a new sender can draw on the reserve, and a number prefix may not hold more of it
    than is left: one prefix gets half of it at most, and several leave an equal share.

    Args:
        limits: the limits of all senders.
        held_hour: the part of this hour's reserve that the sender's number prefix holds.
        held_day: the part of this day's reserve.
        is_answered: whether the sender is known to have had a reply, even if a counter lost it.
    """
    hour = limits.of(Count.RESERVE_HOUR) - held_hour
    day = limits.of(Count.RESERVE_DAY) - held_day
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
    """Return the best offer whose charges can all be made."""
    return next((offer for offer in choices if offer.fits(counts)), None)


def number_prefix(sender: str) -> str:
    """Return the range that a number belongs to: the number without its last five digits.

    Senders without a number share one prefix; WhatsApp's ids share one a country.
    """
    found = _PREFIX.fullmatch(sender)
    return (found["range"] or found["country"]) if found else ""


def counts_towards_limit(message: Inbound, library: Library) -> bool:
    """Tell whether a message is counted: one that never gets a reply is not."""
    silent = message.opted_out or is_auto_reply(message.text, library.own_lines)
    return message.is_person and message.is_billable and not silent


def apply_allowance(reply: Reply, allowance: Allowance, library: Library) -> Reply:
    """Return the part of a reply that is sent."""
    if allowance is Allowance.FULL or not reply.text:
        return reply
    return Reply(library.throttled if allowance is Allowance.SHORT else "")
