"""A call: what is said, and where the keys she presses lead. The gateway carries her place."""

from datetime import datetime

from rights_line.core.conversation import AWAITING_LANGUAGE, resolve
from rights_line.core.library import MENU, Edition, Library
from rights_line.core.messages import Inbound, Reply, Utterance
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import (
    EndSession,
    Intent,
    ListLanguages,
    OptOut,
    ShowScreen,
)

AGAIN = "*"
CONNECT = "9"  # where she has chosen to talk to somebody; everywhere else it is a topic


def respond_voice(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return what is said to somebody who pressed `inbound.text` at `inbound.place`."""
    connects = library.voice.connects.get(inbound.screen_code, "") if inbound.can_transfer else ""
    if connects and inbound.text == CONNECT:
        return Reply("", closing=_farewell(inbound.tag, library), transfer_to=connects)
    tag = inbound.tag if inbound.tag in library.editions else AWAITING_LANGUAGE
    keyed = inbound.text if inbound.text not in ("", AGAIN) else inbound.screen_code or MENU
    shown, after = resolve(understand(keyed, tag, library), tag, library)
    if isinstance(shown, EndSession | OptOut):
        return Reply(library.goodbye, ends_session=True)
    said = _spoken(shown, library, now)
    place = shown.code if isinstance(shown, ShowScreen) and after == shown.language else keyed
    place = place if place in library.codes else MENU  # she may have keyed her own number
    chosen = library.editions.get(after or "")
    if inbound.can_transfer and place in library.voice.connects and chosen:
        aloud = chosen.speech
        if aloud.voice and aloud.connect:
            said = (*said, Utterance(aloud.voice, aloud.connect))
    tag = after if after != AWAITING_LANGUAGE else None
    return Reply("", spoken=said, closing=_farewell(tag, library), tag=tag, screen_code=place)


def _spoken(shown: Intent, library: Library, now: datetime) -> tuple[Utterance, ...]:
    match shown:
        case ShowScreen(language, code):
            edition = library.editions.get(language)
            said = _screen(edition, code, library, now) if edition else ()
            return said or library.voice.unvoiced[language]
        case ListLanguages():
            return (*library.voice.opening, *library.voice.listing)
        case _:
            return (*library.voice.opening, *library.voice.start)


def _screen(edition: Edition, code: str, library: Library, now: datetime) -> tuple[Utterance, ...]:
    """Return a screen as it is said; nothing where nobody can say it."""
    aloud = edition.speech
    if code not in aloud.screens:
        return ()
    screen = aloud.screens[code]
    notes = [Utterance(aloud.voice, note) for note in screen.closed_notices(now, library.holidays)]
    if code in aloud.recordings:
        recorded = Utterance("", f"{screen.body}\n{screen.links}", aloud.recordings[code])
        return (recorded, *notes) if aloud.voice else (recorded,)
    if not aloud.voice:
        return ()
    voice = library.languages[screen.language].voice
    helplines = (
        [Utterance(aloud.voice, aloud.helplines)] if screen.language != edition.language.tag else []
    )
    body, links = Utterance(voice, screen.body), Utterance(voice, screen.links)
    press = [Utterance(aloud.voice, aloud.press)] if aloud.press else []
    return (*helplines, body, *notes, links, *press)


def _farewell(tag: str | None, library: Library) -> tuple[Utterance, ...]:
    """Return the numbers once more, before nobody says anything."""
    chosen = library.editions.get(tag or "")
    if chosen and chosen.speech.voice:
        return (Utterance(chosen.speech.voice, chosen.speech.helplines),)
    return library.voice.opening
