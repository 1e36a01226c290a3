"""Try the line without a phone: talk to it in the terminal, and see how it understands a text."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rights_line import clock
from rights_line.core import ACTS, Inbound, Reply, conversation, tags
from rights_line.core.library import Library
from rights_line.core.understanding import (
    AskLanguage,
    AutoReply,
    EndSession,
    Helpline,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.words.normalised_text import normalise_text

_NAMES = {
    ShowScreen: "show",
    ShowStart: "start",
    AskLanguage: "ask_language",
    ListLanguages: "list_languages",
    Helpline: "helpline",
    EndSession: "end",
    OptOut: "silent",
    AutoReply: "silent",
    NotUnderstood: "not_understood",
}


def replies(library: Library, lines: Iterable[str]) -> Iterator[Reply]:
    """Yield the reply to each line, sent as one SMS."""
    tag: str | None = None
    for line in lines:
        message = Inbound("you", line)
        reply, tag = conversation.conversation_reply(
            message, tag, library, clock.now(), has_memory=True
        )
        yield reply


def explain_text(text: str, tag: str | None, library: Library, now: datetime) -> dict[str, Any]:
    """Return the intent of a text in a session with this tag, why, and the SMS, for JSON.

    The language of a text that is not understood is that of the session, as in the reply. `screens`
    are the three best screens of a sentence, with their shares of all that it may mean; `codes` are
    the topics of a list, `offered` those of links that were added to a screen. `script` is `Latn`
    if the reply is in Latin letters instead of those of its language, and missing otherwise.
    """
    inbound = Inbound("", text)
    understood = conversation.understand(
        inbound, normalise_text(text, library.own_lines), tag, library
    )
    found, intent = understood.found, understood.found.intent
    language = tags.language(tag)
    in_session = isinstance(intent, NotUnderstood) and language in library.editions
    offered, is_list = getattr(intent, "offered", ()), getattr(intent, "is_list", False)
    return {
        "intent": _name(intent),
        "language": getattr(intent, "language", language if in_session else None),
        "languages": list(getattr(intent, "languages", ())),
        "code": getattr(intent, "code", None) or None,
        "codes": [*offered] if is_list else [],
        "offered": [] if is_list else [*offered],
        "matched": list(found.matched),
        "because": found.reason,
        "screens": [[code, round(share, 3)] for code, share in found.shares[:3]],
        "reply": conversation.reply(understood, inbound, library, now, has_memory=True).text,
        **({"script": "Latn"} if tags.is_latin(understood.tag) else {}),
    }


def _name(intent: Intent) -> str:
    if isinstance(intent, ShowScreen) and intent.is_list:
        return "offer"
    return "acknowledge" if getattr(intent, "code", "") in ACTS else _NAMES[type(intent)]
