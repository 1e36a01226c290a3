"""One message of a conversation: how it is understood, and the reply. Pure functions."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from rights_line.core import tags
from rights_line.core.conversation import replies, reply_intent
from rights_line.core.fixed_codes import ACTS, CLOSE, LANGUAGES, MENU, OTHER_LANGUAGES
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.screen import Head
from rights_line.core.understanding.intents import AutoReply, Intent, OptOut, ShowScreen
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.language import letters
from rights_line.core.understanding.text.normalised_text import NormalisedText, normalise_text

_MACHINE = Interpretation(AutoReply(), "The sender is a machine.")
_OPTED_OUT = Interpretation(OptOut(), "The provider reports an opt-out.")


class Turn(NamedTuple):
    """A message in a session, understood."""

    found: Interpretation
    intent: Intent  # to reply to, from `reply_intent.resolve`
    tag: str | None  # to store; None deletes the stored one
    head: Head  # the first line of the reply
    follows_list: bool  # whether it begins with a number that the list before it could hold


def understand(inbound: Inbound, text: NormalisedText, tag: str | None, library: Library) -> Turn:
    """Understand a message; `text` is its text, and `tag` the whole session (core/tags.py)."""
    found = _interpret(inbound, text, tag, library)
    intent, next_tag = reply_intent.resolve(found.intent, tag, library)
    next_tag = letters.marked(next_tag, text, tag, library)
    head = _head(found, intent, tag, library)
    return Turn(found, intent, next_tag, head, _follows_list(text, tag, library))


def reply(turn: Turn, inbound: Inbound, library: Library, now: datetime, has_memory: bool) -> Reply:
    """Return the reply to a message; `now` and `has_memory` are those of ReplyForm."""
    is_latin = tags.is_latin(turn.tag)
    form = replies.ReplyForm(inbound.medium, now, has_memory, turn.head, is_latin)
    return replace(
        replies.reply_to_intent(turn.intent, library, form), follows_list=turn.follows_list
    )


def conversation_reply(
    inbound: Inbound, tag: str | None, library: Library, now: datetime, has_memory: bool
) -> tuple[Reply, str | None]:
    """Return the reply to a message, and the tag to store."""
    turn = understand(inbound, normalise_text(inbound.text, library.own_lines), tag, library)
    return reply(turn, inbound, library, now, has_memory), turn.tag


def _interpret(
    inbound: Inbound, text: NormalisedText, tag: str | None, library: Library
) -> Interpretation:
    if not inbound.is_person:
        return _MACHINE
    return _OPTED_OUT if inbound.opted_out else interpret(text, tag, library)


def _head(found: Interpretation, intent: Intent, tag: str | None, library: Library) -> Head:
    """Return the first line of a reply: in full first in a session, in danger, and on a list."""
    code = intent.code if isinstance(intent, ShowScreen) else ""
    if not found.has_head and code not in ACTS:
        return Head.NONE
    is_first = tags.language(tag) not in library.editions
    is_list = isinstance(intent, ShowScreen) and intent.is_list
    is_full = is_first or is_list or code in library.urgent_codes
    return Head.HELPLINES if is_full else Head.NUMBERS


def _follows_list(text: NormalisedText, tag: str | None, library: Library) -> bool:
    code = library.codes.get(text.words.partition(" ")[0], MENU)
    is_topic = code not in (MENU, CLOSE, LANGUAGES, OTHER_LANGUAGES, *library.contact_codes)
    return tags.is_offered(tag) and is_topic
