"""The product: what is answered to a text, and what is remembered. A pure function."""

from datetime import datetime

from rights_line.core.library import MENU, UNCLEAR, Edition, Library, Screen
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import (
    AskLanguage,
    Automatic,
    Forget,
    Helpline,
    Home,
    Intent,
    ListLanguages,
    OptOut,
    Show,
    Unclear,
)

CHOOSING = "?"


def respond(
    inbound: Inbound, tag: str | None, library: Library, now: datetime, remembers: bool
) -> tuple[Reply, str | None]:
    """Answer a message.

    Args:
        inbound: what came in.
        tag: all that is remembered: a language, `?` (was just shown the languages), or nothing.
        library: everything that can be said.
        now: the moment, aware, in Europe/Oslo.
        remembers: whether the returned tag will be there the next time. If not, the answer
            shows codes that carry the language's word.

    Returns:
        The reply, and the tag to remember; None means forget.
    """
    if not inbound.answerable:
        return Reply(""), tag
    intent = OptOut() if inbound.opted_out else understand(inbound.text, tag, library)
    shown, after = settled(intent, tag, library)

    def say(edition: Edition, code: str) -> str:
        screens = edition.screens if remembers else edition.spelled
        return _written(screens[code], edition, inbound.medium, library, now)

    match shown:
        case Show(language, _) if language in library.recognised:
            text, spelled = library.recognised[language]
            return Reply(text if remembers else spelled), after
        case Show(language, code):
            return Reply(say(library.editions[language], code)), after
        case Forget():
            return Reply(library.bland), after
        case AskLanguage(languages, by_script):
            return Reply(which(languages, by_script, library, remembers)), after
        case ListLanguages():
            return Reply(library.listing if remembers else library.listing_spelled), after
        case Home():
            return Reply(library.start if remembers else library.start_spelled), after
        case _:
            return Reply(""), after


def settled(intent: Intent, tag: str | None, library: Library) -> tuple[Intent, str | None]:
    """Return what is shown to somebody with this tag, and the tag after it.

    What comes back is one of Show (a screen), Home (the first answer), ListLanguages, AskLanguage,
    Forget (the last answer), or Automatic or OptOut (no answer).
    """
    chosen = tag if tag in library.editions else None
    match intent:
        case Automatic():
            return intent, tag
        case OptOut() | Forget():
            return intent, None
        case Show(language, _):
            return intent, CHOOSING if language in library.recognised else language
        case Helpline(code):
            return Show(chosen or library.default, code), tag
        case Home() if chosen:
            return Show(chosen, MENU), tag
        case Unclear() if chosen:
            return Show(chosen, UNCLEAR), tag
        case AskLanguage() | ListLanguages():
            return intent, CHOOSING
        case _:
            return Home(), CHOOSING


def which(tags: tuple[str, ...], by_script: bool, library: Library, remembers: bool) -> str:
    """Ask which language, helplines first; in its own script where that is all we know."""
    rows = [library.languages[tag] for tag in tags]
    helplines = library.helplines
    if by_script and tags[0] in library.editions:
        helplines = library.editions[tags[0]].helplines
    names = [row.own_name if by_script else row.label for row in rows]
    keys = [row.number if remembers else row.word for row in rows]
    return "\n".join([helplines, *map(" ".join, zip(keys, names, strict=True))])


def _written(
    screen: Screen, edition: Edition, medium: Medium, library: Library, now: datetime
) -> str:
    if medium is Medium.CHAT:
        return screen.at_length(now, library.holidays)
    return screen.at(now, library.holidays, edition.language.fold)
