"""A USSD session, from all that was sent in it: nothing of it is remembered between two requests.

The gateway joins what she sent by `*`, so the page she is at follows from it. In the code that is
dialled `*123*3#` the first of it is the language. `98` turns a page, `01` goes back, and whatever
says nothing leaves her where she is.
"""

from dataclasses import dataclass
from datetime import datetime

from rights_line.core.conversation import AWAITING_LANGUAGE, language_question, resolve
from rights_line.core.library import BACK, NEXT, Footer, Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import (
    AskLanguage,
    AutoReply,
    EndSession,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from rights_line.core.ussd_pages import paginate, ussd_pages

# Where no language is chosen, signs that stand on every keypad.
_FOOTER = Footer(home="", more=f"{NEXT} >")


@dataclass(frozen=True)
class _Step:
    """Where she is: what is shown, to whom, and which page of it."""

    shown: Intent
    tag: str | None
    page: int = 0


def respond_ussd(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return the page that a session has come to."""
    trail = [_Step(ShowStart(), AWAITING_LANGUAGE)]
    for token in inbound.text.split("*"):
        if isinstance(trail[-1].shown, EndSession):
            break
        trail = _advance(trail, token.strip(), library, now)
    here = trail[-1]
    if isinstance(here.shown, EndSession):
        return Reply(library.goodbye, ends_session=True)
    return Reply(_pages(here.shown, library, now)[here.page])


def _advance(history: list[_Step], token: str, library: Library, now: datetime) -> list[_Step]:
    """Return the way to where an answer leads."""
    here = history[-1]
    if token == BACK:
        return history[:-1] or history
    if token == NEXT:
        last = len(_pages(here.shown, library, now)) - 1
        turned = _Step(here.shown, here.tag, here.page + 1)
        return [*history, turned] if here.page < last else history
    intent = understand(token, here.tag, library) if token else NotUnderstood()
    if isinstance(intent, NotUnderstood | AutoReply):
        return history
    shown, tag = resolve(intent, here.tag, library)
    return [*history, _Step(EndSession() if isinstance(shown, OptOut) else shown, tag)]


def _pages(shown: Intent, library: Library, now: datetime) -> tuple[str, ...]:
    match shown:
        case ShowScreen(language, _) if language in library.unsupported:
            return _multilingual_pages(library.unsupported[language].text)
        case ShowScreen(language, code):
            edition = library.editions[language]
            screen = edition.screens[code]
            return ussd_pages(screen, edition, screen.body_at(now, library.holidays))
        case AskLanguage(languages, by_script):
            return _multilingual_pages(
                language_question(languages, by_script, library, has_memory=True)
            )
        case ListLanguages():
            return _multilingual_pages(library.listing)
        case _:
            return _multilingual_pages(library.start)


def _multilingual_pages(text: str) -> tuple[str, ...]:
    """Return the pages of what is said in no one language: its lines are kept whole."""
    first, *lines = text.split("\n")
    return paginate(first, lines, _FOOTER, "en")
