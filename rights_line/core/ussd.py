"""A USSD session, from all that was sent in it: nothing of it is remembered between two requests.

The gateway joins what she sent by `*`, so the page she is at follows from it. In the code that is
dialled `*123*3#` the first of it is the language. `98` turns a page, `01` goes back, and whatever
says nothing leaves her where she is.
"""

from dataclasses import dataclass
from datetime import datetime

from rights_line.core.conversation import CHOOSING, settled, which
from rights_line.core.library import BACK, NEXT, Footer, Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import (
    AskLanguage,
    Automatic,
    Forget,
    Home,
    Intent,
    ListLanguages,
    OptOut,
    Show,
    Unclear,
)
from rights_line.core.ussd_pages import paginate, ussd_pages

# Where no language is chosen, signs that stand on every keypad.
_FOOTER = Footer(home="", more=f"{NEXT} >")


@dataclass(frozen=True)
class _Place:
    """Where she is: what is shown, to whom, and which page of it."""

    shown: Intent
    tag: str | None
    page: int = 0


def dial(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return the page that a session has come to."""
    trail = [_Place(Home(), CHOOSING)]
    for token in inbound.text.split("*"):
        if isinstance(trail[-1].shown, Forget):
            break
        trail = _after(trail, token.strip(), library, now)
    here = trail[-1]
    if isinstance(here.shown, Forget):
        return Reply(library.bland, ends=True)
    return Reply(_pages(here.shown, library, now)[here.page])


def _after(trail: list[_Place], token: str, library: Library, now: datetime) -> list[_Place]:
    """Return the way to where an answer leads."""
    here = trail[-1]
    if token == BACK:
        return trail[:-1] or trail
    if token == NEXT:
        last = len(_pages(here.shown, library, now)) - 1
        turned = _Place(here.shown, here.tag, here.page + 1)
        return [*trail, turned] if here.page < last else trail
    intent = understand(token, here.tag, library) if token else Unclear()
    if isinstance(intent, Unclear | Automatic):
        return trail
    shown, tag = settled(intent, here.tag, library)
    return [*trail, _Place(Forget() if isinstance(shown, OptOut) else shown, tag)]


def _pages(shown: Intent, library: Library, now: datetime) -> tuple[str, ...]:
    match shown:
        case Show(language, _) if language in library.recognised:
            return _neutral(library.recognised[language].text)
        case Show(language, code):
            edition = library.editions[language]
            screen = edition.screens[code]
            return ussd_pages(screen, edition, screen.said(now, library.holidays))
        case AskLanguage(languages, by_script):
            return _neutral(which(languages, by_script, library, remembers=True))
        case ListLanguages():
            return _neutral(library.listing)
        case _:
            return _neutral(library.start)


def _neutral(text: str) -> tuple[str, ...]:
    """Return the pages of what is said in no one language: its lines are kept whole."""
    first, *lines = text.split("\n")
    return paginate(first, lines, _FOOTER, "en")
