"""One message of a conversation: how it is understood, and the reply. Pure functions."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from rights_line.core import (
    ACTS,
    CHANGED,
    CLOSE,
    LANGUAGES,
    MENU,
    OTHER_LANGUAGES,
    UNCLEAR,
    UNCLEAR_AGAIN,
    Inbound,
    Reply,
    tags,
)
from rights_line.core.conversation.replies import ReplyForm, reply_to_intent
from rights_line.core.library import Library
from rights_line.core.screen import Head
from rights_line.core.understanding import (
    AskLanguage,
    AskToWrite,
    AutoReply,
    EndSession,
    Helpline,
    Intent,
    Interpretation,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.words.normalised_text import NormalisedText, normalise_text


def resolve(intent: Intent, tag: str | None, library: Library) -> tuple[Intent, str | None]:
    """Return the intent to reply to in a session with this tag, and the next tag.

    The intent is ShowScreen, ShowStart, AskToWrite, ListLanguages, AskLanguage, EndSession, or (for
    no reply) AutoReply or OptOut.
    """
    language = tags.language(tag)
    chosen = language if language in library.editions else None
    match intent:
        case AutoReply():
            return intent, tag
        case OptOut() | EndSession():
            return intent, None
        case ShowScreen(language, _) if language in library.unsupported:
            return intent, tags.awaiting()
        case ShowScreen(language, _):
            next_tag = tags.offered(language) if intent.is_list else language
            return _with_awaited_code(intent, tag, chosen), next_tag
        case Helpline(code):
            return ShowScreen(chosen or library.default, code), chosen or tag
        case ListLanguages():
            script = _script_of_list(tag, library)
            return ListLanguages(intent.is_rest, script), tags.awaiting(script)
        case AskLanguage() if chosen:
            return replace(intent, by_word=True), chosen
        case AskLanguage(code=code):
            return intent, tags.awaiting(code if code in library.codes and code != MENU else "")
        case ShowStart() if chosen:
            return ShowScreen(chosen, MENU), chosen
        case NotUnderstood() if chosen:
            code = UNCLEAR_AGAIN if tags.is_unclear(tag) else UNCLEAR
            return ShowScreen(chosen, code), tags.unclear(chosen)
        case ShowStart(code) if code:
            is_repeated = code == tags.awaited_code(tag)
            return replace(intent, is_repeated=is_repeated), tags.awaiting(code)
        case _:
            return (AskToWrite(), tag) if tags.is_awaiting(tag) else (ShowStart(), tags.awaiting())


def _with_awaited_code(intent: ShowScreen, tag: str | None, chosen: str | None) -> ShowScreen:
    """Return the screen that was asked for before a language was, else the menu."""
    if intent.code != MENU or intent.is_list:
        return intent
    if code := tags.awaited_code(tag):
        return replace(intent, code=code)
    is_changed = chosen is not None and chosen != intent.language
    return replace(intent, code=CHANGED) if is_changed else intent


def _script_of_list(tag: str | None, library: Library) -> str:
    """Return the script whose languages come first; a repeated message gets the same list."""
    chosen = library.languages.get(tags.language(tag) or "")
    script = chosen.script if chosen else tags.awaited_script(tag)
    return script if script in library.lists else ""


_MACHINE = Interpretation(AutoReply(), "The sender is a machine.")
_OPTED_OUT = Interpretation(OptOut(), "The provider reports an opt-out.")


class Turn(NamedTuple):
    """A message in a session, understood."""

    found: Interpretation
    intent: Intent  # to reply to, from `resolve`
    tag: str | None  # to store; None deletes the stored one
    head: Head  # the first line of the reply
    follows_list: bool  # whether it begins with a number that the list before it could hold


def understand(inbound: Inbound, text: NormalisedText, tag: str | None, library: Library) -> Turn:
    """Understand a message; `text` is its text, and `tag` the whole session (core/tags.py)."""
    if not inbound.is_person:
        found = _MACHINE
    else:
        found = _OPTED_OUT if inbound.opted_out else interpret(text, tag, library)
    intent, next_tag = resolve(found.intent, tag, library)
    next_tag = tags.marked(next_tag, text, tag, library)
    head = _head(found, intent, tag, library)
    return Turn(found, intent, next_tag, head, _follows_list(text, tag, library))


def reply(turn: Turn, inbound: Inbound, library: Library, now: datetime, has_memory: bool) -> Reply:
    """Return the reply to a message; `now` and `has_memory` are those of ReplyForm."""
    is_latin = tags.is_latin(turn.tag)
    form = ReplyForm(inbound.medium, now, has_memory, turn.head, is_latin)
    return replace(reply_to_intent(turn.intent, library, form), follows_list=turn.follows_list)


def conversation_reply(
    inbound: Inbound, tag: str | None, library: Library, now: datetime, has_memory: bool
) -> tuple[Reply, str | None]:
    """Return the reply to a message, and the tag to store."""
    turn = understand(inbound, normalise_text(inbound.text, library.own_lines), tag, library)
    return reply(turn, inbound, library, now, has_memory), turn.tag


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
