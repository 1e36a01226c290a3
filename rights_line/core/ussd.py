"""USSD sessions, replayed from their input: no state is kept between requests.

Each request repeats the input of the session, joined by `*`, and the current page follows from it.
A number dialled with the service code (`*123*3#`) comes first and picks a language. `98` shows the
next page, `01` goes back, and input that is not understood changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from rights_line.core import BACK, MENU, NEXT, Inbound, Reply, conversation, tags, ussd_pages
from rights_line.core.conversation import replies
from rights_line.core.library import Library
from rights_line.core.understanding import (
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
from rights_line.core.understanding.interpret import interpret_to_intent

# Characters of a session: more than anybody enters in the three minutes until a network ends it.
# Each request interprets all of them.
MAX_INPUT = 150


@dataclass(frozen=True)
class _Step:
    """One step of a session. `page` counts from 0."""

    intent: Intent  # to reply to
    tag: str | None
    page: int = 0


def respond_ussd(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return the page that the input of a session leads to.

    Input is keyed, and each request repeats all of it, so no sentence model reads it.
    """
    library = library.without_model
    history = [_Step(ShowStart(), tags.awaiting())]
    for token in inbound.text.split("*"):
        if isinstance(history[-1].intent, EndSession):
            break
        history = _advance(history, token.strip(), library, now)
    step = history[-1]
    screen = replies.screen_id(step.intent)
    if isinstance(step.intent, EndSession):
        return Reply(library.goodbye, ends_session=True, screen=screen)
    return Reply(_reply_pages(step.intent, library, now)[step.page], screen=screen)


def _advance(history: list[_Step], token: str, library: Library, now: datetime) -> list[_Step]:
    step = history[-1]
    if token == BACK:
        return history[:-1] or history
    if token == NEXT:
        last = len(_reply_pages(step.intent, library, now)) - 1
        next_page = _Step(step.intent, step.tag, step.page + 1)
        return [*history, next_page] if step.page < last else history
    intent = interpret_to_intent(token, step.tag, library) if token else NotUnderstood()
    if isinstance(intent, NotUnderstood | AutoReply):
        return history
    answered, tag = conversation.resolve(intent, step.tag, library)
    return [*history, _Step(EndSession() if isinstance(answered, OptOut) else answered, tag)]


def _reply_pages(intent: Intent, library: Library, now: datetime) -> tuple[str, ...]:
    match intent:
        case ShowScreen(language, _) if language in library.unsupported:
            return ussd_pages.multilingual(library.unsupported[language].text)
        case ShowScreen(language, code):
            edition = library.editions[language]
            return edition.screens[code].texts_at(edition.form, now, library.holidays).ussd
        case AskLanguage():
            # Numbers only: letters are slow on the keypad of such a phone.
            asked = replace(intent, code=MENU)
            return ussd_pages.multilingual(
                replies.language_question(asked, library, has_memory=True)
            )
        case ListLanguages():
            return ussd_pages.multilingual(library.listing)
        case _:
            return ussd_pages.multilingual(library.start)
