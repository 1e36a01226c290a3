"""From the intent of a text to the intent to reply to in its session, with the next tag."""

from dataclasses import replace

from rights_line.core import tags
from rights_line.core.fixed_codes import CHANGED, MENU, UNCLEAR, UNCLEAR_AGAIN
from rights_line.core.library import Library
from rights_line.core.understanding.intents import (
    AskLanguage,
    AskToWrite,
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
            return (AskToWrite() if tags.is_awaiting(tag) else ShowStart()), _still_awaiting(tag)


def _with_awaited_code(intent: ShowScreen, tag: str | None, chosen: str | None) -> ShowScreen:
    """Return the screen that was asked for before a language was, else the menu."""
    if intent.code != MENU or intent.is_list:
        return intent
    if code := tags.awaited_code(tag):
        return replace(intent, code=code)
    is_changed = chosen is not None and chosen != intent.language
    return replace(intent, code=CHANGED) if is_changed else intent


def _still_awaiting(tag: str | None) -> str:
    return tag if tag is not None and tags.is_awaiting(tag) else tags.awaiting()


def _script_of_list(tag: str | None, library: Library) -> str:
    """Return the script whose languages come first; a repeated message gets the same list."""
    chosen = library.languages.get(tags.language(tag) or "")
    script = chosen.script if chosen else tags.awaited_script(tag)
    return script if script in library.lists else ""
