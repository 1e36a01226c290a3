"""The product: what is answered to a text, and what is remembered. A pure function."""

from datetime import datetime

from rights_line.core.library import MENU, UNCLEAR, Edition, Library, Screen
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import (
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

AWAITING_LANGUAGE = "?"


def respond(
    inbound: Inbound, tag: str | None, library: Library, now: datetime, has_memory: bool
) -> tuple[Reply, str | None]:
    """Answer a message.

    Args:
        inbound: what came in.
        tag: all that is remembered: a language, `?` (was just shown the languages), or nothing.
        library: everything that can be said.
        now: the moment, aware, in Europe/Oslo.
        has_memory: whether the returned tag will be there the next time. If not, the answer
            shows codes that carry the language's word.

    Returns:
        The reply, and the tag to remember; None means forget.
    """
    if not inbound.is_person:
        return Reply(""), tag
    intent = OptOut() if inbound.opted_out else understand(inbound.text, tag, library)
    shown, after = resolve(intent, tag, library)

    def screen_text(edition: Edition, code: str) -> str:
        screens = edition.screens if has_memory else edition.stateless_screens
        return _render(screens[code], edition, inbound.medium, library, now)

    match shown:
        case ShowScreen(language, _) if language in library.unsupported:
            text, spelled = library.unsupported[language]
            return Reply(text if has_memory else spelled), after
        case ShowScreen(language, code):
            return Reply(screen_text(library.editions[language], code)), after
        case EndSession():
            return Reply(library.goodbye), after
        case AskLanguage(languages, by_script):
            return Reply(language_question(languages, by_script, library, has_memory)), after
        case ListLanguages():
            return Reply(library.listing if has_memory else library.listing_stateless), after
        case ShowStart():
            return Reply(library.start if has_memory else library.start_stateless), after
        case _:
            return Reply(""), after


def resolve(intent: Intent, tag: str | None, library: Library) -> tuple[Intent, str | None]:
    """Return what is shown to somebody with this tag, and the tag after it.

    What comes back is one of Show (a screen), Home (the first answer), ListLanguages, AskLanguage,
    Forget (the last answer), or Automatic or OptOut (no answer).
    """
    chosen = tag if tag in library.editions else None
    match intent:
        case AutoReply():
            return intent, tag
        case OptOut() | EndSession():
            return intent, None
        case ShowScreen(language, _):
            return intent, AWAITING_LANGUAGE if language in library.unsupported else language
        case Helpline(code):
            return ShowScreen(chosen or library.default, code), tag
        case ShowStart() if chosen:
            return ShowScreen(chosen, MENU), tag
        case NotUnderstood() if chosen:
            return ShowScreen(chosen, UNCLEAR), tag
        case AskLanguage() | ListLanguages():
            return intent, AWAITING_LANGUAGE
        case _:
            return ShowStart(), AWAITING_LANGUAGE


def language_question(
    tags: tuple[str, ...], by_script: bool, library: Library, has_memory: bool
) -> str:
    """Ask which language, helplines first; in its own script where that is all we know."""
    rows = [library.languages[tag] for tag in tags]
    helplines = library.helplines
    if by_script and tags[0] in library.editions:
        helplines = library.editions[tags[0]].helplines
    names = [row.own_name if by_script else row.label for row in rows]
    keys = [row.number if has_memory else row.word for row in rows]
    return "\n".join([helplines, *map(" ".join, zip(keys, names, strict=True))])


def _render(
    screen: Screen, edition: Edition, medium: Medium, library: Library, now: datetime
) -> str:
    if medium is Medium.CHAT:
        return screen.full_text(now, library.holidays)
    return screen.sms_text(now, library.holidays, edition.language.fold)
