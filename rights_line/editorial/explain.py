"""Explain how a text is understood: the intent, and the phrases that led to it."""

from datetime import datetime
from typing import Any

from rights_line.core.conversation import ReplyForm, reply_to_intent, resolve_reply_intent
from rights_line.core.library import Library
from rights_line.core.messages import Medium
from rights_line.core.understanding.intents import (
    AskLanguage,
    AutoReply,
    EndSession,
    Helpline,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.text.normalised_text import normalise_text

NAMES = {
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


def explain_text(text: str, tag: str | None, library: Library, now: datetime) -> dict[str, Any]:
    """Return the intent of a text in a session with this tag, why, and the SMS, for JSON.

    The language of a text that is not understood is that of the session, as in the reply. `screens`
    are the three best screens of a sentence, with their shares of all that it may mean.
    """
    found = interpret(normalise_text(text, library.own_lines), tag, library)
    intent = found.intent
    chosen = tag if isinstance(intent, NotUnderstood) and tag in library.editions else None
    reply_intent, _ = resolve_reply_intent(intent, tag, library)
    form = ReplyForm(Medium.SMS, now, True, found.has_head)
    return {
        "intent": NAMES[type(intent)],
        "language": getattr(intent, "language", chosen),
        "languages": list(getattr(intent, "languages", ())),
        "code": getattr(intent, "code", None),
        "matched": list(found.matched),
        "because": found.reason,
        "screens": [[code, round(share, 3)] for code, share in found.shares[:3]],
        "reply": reply_to_intent(reply_intent, library, form).text,
    }
