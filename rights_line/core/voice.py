"""Calls: spoken replies to the keys that a caller presses.

The tag and the code of the current screen travel in the URL that receives the next keys.
"""

from dataclasses import replace
from datetime import datetime

from rights_line.core import tags
from rights_line.core.conversation import replies, reply_intent
from rights_line.core.fixed_codes import MENU
from rights_line.core.library import Edition, Library
from rights_line.core.messages import CallState, Inbound, Reply, Utterance
from rights_line.core.understanding.intents import (
    EndSession,
    Intent,
    ListLanguages,
    OptOut,
    ShowScreen,
)
from rights_line.core.understanding.interpret import interpret_to_intent

REPEAT = "*"
CONNECT = "9"  # on a screen with a number to transfer to; on all others it is a topic


def respond_voice(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return the reply to the keys in `inbound.text`, pressed on `screen_code`.

    No sentence model reads keys.
    """
    library = replace(library, reader=None)
    transfer_numbers = library.voice.transfer_numbers if inbound.can_transfer else {}
    called_tag, heard = inbound.call
    if inbound.text == CONNECT and (number := transfer_numbers.get(heard)):
        return Reply("", closing=_voice_closing(called_tag, library), transfer_to=number)
    tag = called_tag if called_tag in library.editions else tags.awaiting()
    keyed = inbound.text if inbound.text not in ("", REPEAT) else heard or MENU
    intent, next_tag = reply_intent.resolve(interpret_to_intent(keyed, tag, library), tag, library)
    if isinstance(intent, EndSession | OptOut):
        return Reply(library.goodbye, ends_session=True, screen=replies.screen_id(EndSession()))
    next_tag = tags.language(next_tag)
    spoken = _voice_reply(intent, library, now)
    code = intent.code if isinstance(intent, ShowScreen) and next_tag == intent.language else keyed
    # The code goes into a URL, and the caller may have keyed their own phone number.
    code = code if code in library.codes else MENU
    chosen = library.editions.get(next_tag or "")
    if chosen and code in transfer_numbers:
        speech = chosen.speech
        if speech.voice and speech.connect:
            spoken = (*spoken, Utterance(speech.voice, speech.connect))
    tag = None if tags.is_awaiting(next_tag) else next_tag
    return Reply(
        "",
        spoken=spoken,
        closing=_voice_closing(tag, library),
        call=CallState(tag, code),
        screen=replies.screen_id(intent),
    )


def _voice_reply(reply_intent: Intent, library: Library, now: datetime) -> tuple[Utterance, ...]:
    match reply_intent:
        case ShowScreen(language, code):
            edition = library.editions.get(language)
            utterances = _voice_screen(edition, code, library, now) if edition else ()
            return utterances or library.voice.unvoiced[language]
        case ListLanguages():
            return (*library.voice.opening, *library.voice.listing)
        case _:
            return (*library.voice.opening, *library.voice.start)


def _voice_screen(
    edition: Edition, code: str, library: Library, now: datetime
) -> tuple[Utterance, ...]:
    """Return a screen as utterances; empty if it has neither voice nor recording."""
    speech = edition.speech
    if code not in speech.screens:
        return ()
    screen = speech.screens[code]
    notes = [Utterance(speech.voice, note) for note in screen.closed_notices(now, library.holidays)]
    if code in speech.recordings:
        recording = Utterance("", f"{screen.body}\n{screen.links}", speech.recordings[code])
        return (recording, *notes) if speech.voice else (recording,)
    if not speech.voice:
        return ()
    voice = library.languages[screen.language].voice
    is_translated = screen.language == edition.language.tag
    helplines = [] if is_translated else [Utterance(speech.voice, speech.helplines)]
    body, links = Utterance(voice, screen.body), Utterance(voice, screen.links)
    press = [Utterance(speech.voice, speech.press)] if speech.press else []
    return (*helplines, body, *notes, links, *press)


def _voice_closing(tag: str | None, library: Library) -> tuple[Utterance, ...]:
    """Return the helplines, to repeat them before hanging up."""
    chosen = library.editions.get(tag or "")
    if chosen and chosen.speech.voice:
        return (Utterance(chosen.speech.voice, chosen.speech.helplines),)
    return library.voice.opening
