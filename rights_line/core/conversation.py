"""The product: what is answered to a text, and what is remembered. A pure function."""

from datetime import datetime

from rights_line.core.intents import (
    AskLanguage,
    Automatic,
    Forget,
    Helpline,
    Home,
    ListLanguages,
    OptOut,
    Show,
    Unclear,
    understand,
)
from rights_line.core.library import MENU, UNCLEAR, Edition, Library
from rights_line.core.messages import Inbound, Reply

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

    def say(edition: Edition, code: str) -> Reply:
        screens = edition.screens if remembers else edition.spelled
        return Reply(screens[code].at(now, library.holidays, edition.language.fold))

    if not inbound.answerable:
        return Reply(""), tag
    chosen = library.editions.get(tag or "")
    spoken = chosen or library.editions[library.default]
    match OptOut() if inbound.opted_out else understand(inbound.text, tag, library):
        case Automatic():
            return Reply(""), tag
        case OptOut():
            return Reply(""), None
        case Forget():
            return Reply(library.bland), None
        case Show(language, _) if language in library.recognised:
            text, spelled = library.recognised[language]
            return Reply(text if remembers else spelled), CHOOSING
        case Show(language, code):
            return say(library.editions[language], code), language
        case Helpline(code):
            return say(spoken, code), tag
        case Home() if chosen:
            return say(chosen, MENU), tag
        case Unclear() if chosen:
            return say(chosen, UNCLEAR), tag
        case AskLanguage(languages, by_script):
            return Reply(_which(languages, by_script, library, remembers)), CHOOSING
        case ListLanguages():
            return Reply(library.listing if remembers else library.listing_spelled), CHOOSING
        case _:
            return Reply(library.start if remembers else library.start_spelled), CHOOSING


def _which(tags: tuple[str, ...], by_script: bool, library: Library, remembers: bool) -> str:
    """Ask which language, helplines first; in its own script where that is all we know."""
    rows = [library.languages[tag] for tag in tags]
    helplines = library.helplines
    if by_script and tags[0] in library.editions:
        helplines = library.editions[tags[0]].helplines
    names = [row.own_name if by_script else row.label for row in rows]
    keys = [row.number if remembers else row.word for row in rows]
    return "\n".join([helplines, *map(" ".join, zip(keys, names, strict=True))])
