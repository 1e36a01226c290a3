"""How much is answered: in full, with one short line, or not at all (design D11). Pure.

A robot answers for as long as it is answered, and a fraudster is paid for each text that we send
to his numbers, of which he has as many as he likes. So each person has a budget, and all together
have one an hour, whatever their numbers begin with: there is nothing to learn a prefix for, and no
country whose SIM cards a person in danger may not have. Emergencies are answered whatever is spent;
so that a robot whose every text holds such a word does not go on for ever, at last with the numbers
alone, once a minute: a robot that is not answered falls silent, a person writes again.
"""

from enum import IntEnum

from rights_line.core.cleaning import clean
from rights_line.core.intents import AskLanguage, Helpline, Home, Show
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.noise import is_automatic, without_ours
from rights_line.core.understanding import understand

EACH = 20  # full answers to a person
WINDOW = 600  # seconds from her first message, after which she has as many again
HOUR = 3600  # seconds of the budget that all have together
HOURLY = 3000  # full answers to all, unless the operator says otherwise
URGENT = 40  # full answers to a person's emergencies in a WINDOW, beside all that is spent
MINUTE = 60  # seconds between short lines to one whose emergencies are more


class Answer(IntEnum):
    """What may be sent, from the most to the least."""

    FULL = 0
    SHORT = 1
    NONE = 2


def spend(hers: int, everybodys: int, hourly: int) -> tuple[Answer, int]:
    """Return what may be answered, and the count of hers after it.

    When the hour's full answers are spent, each person has one short line left; these are as many
    again at most, so that what an hour costs has an end however many numbers write.
    """
    if hers > EACH or everybodys >= 2 * hourly:
        return Answer.NONE, hers
    if hers < EACH and everybodys < hourly:
        return Answer.FULL, hers + 1
    return Answer.SHORT, EACH + 1


def spend_urgent(hers: int, told: float, now: float) -> Answer:
    """Return what is answered to an emergency when all else is spent.

    Args:
        hers: full answers that she got for that in this window.
        told: when she got the last short line for it, by the clock of `now`, in seconds.
        now: the moment.
    """
    if hers < URGENT:
        return Answer.FULL
    return Answer.SHORT if now - told >= MINUTE else Answer.NONE


def expects_answer(message: Inbound, library: Library) -> bool:
    """Tell whether a message costs something; what is never answered does not."""
    silent = message.opted_out or is_automatic(message.text, library.lines)
    return message.answerable and message.costs and not silent


def afforded(reply: Reply, may: Answer, library: Library) -> Reply:
    """Return what is sent of a reply."""
    if may is Answer.FULL or not reply.text:
        return reply
    return Reply(library.pause if may is Answer.SHORT else "")


def is_emergency(text: str, tag: str | None, library: Library) -> bool:
    """Tell whether a text leads to the danger screens, or to a number for emergencies.

    A robot that sends our own words back is in no danger, whatever it puts around them.
    """
    if not _leads_to_help(text, tag, library):
        return False
    rest = without_ours(clean(text), library.lines)
    return rest is None or _leads_to_help(rest, tag, library)


def _leads_to_help(text: str, tag: str | None, library: Library) -> bool:
    intent = understand(text, tag, library)
    if isinstance(intent, Home | AskLanguage):  # a word of several languages, or none chosen yet
        intent = understand(text, library.default, library)
    return isinstance(intent, Show | Helpline) and intent.code in library.urgent
