"""Explain how a text is understood: the intent, and the phrases that led to it."""

from typing import Any

from rights_line.core.library import Library
from rights_line.core.understanding import interpret
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
from rights_line.core.understanding.normalised_text import normalise_text

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


def explain(text: str, tag: str | None, library: Library) -> dict[str, Any]:
    """Return the intent of a text in a session with this tag, and why, for JSON."""
    intent, because, matched, _ = interpret(normalise_text(text, library.own_lines), tag, library)
    return {
        "intent": NAMES[type(intent)],
        "language": getattr(intent, "language", None),
        "languages": list(getattr(intent, "languages", ())),
        "code": getattr(intent, "code", None),
        "matched": list(matched),
        "because": because,
    }
