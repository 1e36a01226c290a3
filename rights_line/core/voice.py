"""A call: what is said, and where the keys she presses lead. The gateway carries her place."""

from datetime import datetime

from rights_line.core.conversation import CHOOSING, settled
from rights_line.core.library import MENU, Edition, Library
from rights_line.core.messages import Inbound, Reply, Utterance
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import Forget, Intent, ListLanguages, OptOut, Show

AGAIN = "*"
CONNECT = "9"  # where she has chosen to talk to somebody; everywhere else it is a topic


def speak(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return what is said to somebody who pressed `inbound.text` at `inbound.place`."""
    connects = library.call.connects.get(inbound.place, "") if inbound.connects else ""
    if connects and inbound.text == CONNECT:
        return Reply("", farewell=_farewell(inbound.tag, library), connects=connects)
    tag = inbound.tag if inbound.tag in library.editions else CHOOSING
    keyed = inbound.text if inbound.text not in ("", AGAIN) else inbound.place or MENU
    shown, after = settled(understand(keyed, tag, library), tag, library)
    if isinstance(shown, Forget | OptOut):
        return Reply(library.bland, ends=True)
    said = _spoken(shown, library, now)
    place = shown.code if isinstance(shown, Show) and after == shown.language else keyed
    place = place if place in library.codes else MENU  # she may have keyed her own number
    chosen = library.editions.get(after or "")
    if inbound.connects and place in library.call.connects and chosen:
        aloud = chosen.aloud
        if aloud.voice and aloud.connect:
            said = (*said, Utterance(aloud.voice, aloud.connect))
    tag = after if after != CHOOSING else None
    return Reply("", spoken=said, farewell=_farewell(tag, library), tag=tag, place=place)


def _spoken(shown: Intent, library: Library, now: datetime) -> tuple[Utterance, ...]:
    match shown:
        case Show(language, code):
            edition = library.editions.get(language)
            said = _screen(edition, code, library, now) if edition else ()
            return said or library.call.unvoiced[language]
        case ListLanguages():
            return (*library.call.opening, *library.call.listing)
        case _:
            return (*library.call.opening, *library.call.start)


def _screen(edition: Edition, code: str, library: Library, now: datetime) -> tuple[Utterance, ...]:
    """Return a screen as it is said; nothing where nobody can say it."""
    aloud = edition.aloud
    if code not in aloud.screens:
        return ()
    screen = aloud.screens[code]
    notes = [Utterance(aloud.voice, note) for note in screen.notes(now, library.holidays)]
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
    if chosen and chosen.aloud.voice:
        return (Utterance(chosen.aloud.voice, chosen.aloud.helplines),)
    return library.call.opening
