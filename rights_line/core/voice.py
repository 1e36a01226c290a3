"""Calls: spoken replies to the keys that a caller presses.

The tag and the code of the current screen travel in the URL that receives the next keys.
"""

from dataclasses import replace
from datetime import datetime

from rights_line.core import (
    CHANGED,
    MENU,
    UNCLEAR,
    CallState,
    Inbound,
    Reply,
    Utterance,
    conversation,
    tags,
)
from rights_line.core.conversation import replies
from rights_line.core.library import CONNECT, HELPLINES, PRESS, Library
from rights_line.core.understanding import (
    EndSession,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
)
from rights_line.core.understanding.interpret import interpret_to_intent

REPEAT = "*"
TRANSFER = "9"  # where a transfer was offered; elsewhere it is a topic


def respond_voice(inbound: Inbound, library: Library, now: datetime) -> Reply:
    """Return the reply to the keys in `inbound.text`, pressed on `screen_code`.

    No sentence model reads keys.
    """
    library = library.without_model
    called = inbound.call
    if inbound.text == TRANSFER and inbound.can_transfer and _offers_transfer(called, library, now):
        closing = _closing(called.tag, library)
        return Reply("", closing=closing, transfer_to=library.voice.transfer_to)
    keyed = inbound.text if inbound.text not in ("", REPEAT) else called.screen_code or MENU
    intent, tag = _keyed_intent(keyed, called.tag, library)
    if isinstance(intent, EndSession | OptOut):
        return Reply(library.goodbye, ends_session=True, screen=replies.screen_id(EndSession()))
    next_call = _next_call(intent, tag, keyed, library)
    spoken = _reply(intent, library, now)
    if inbound.can_transfer and _offers_transfer(next_call, library, now):
        spoken += _say(CONNECT, next_call.tag, library) or library.voice.transfer
    return Reply(
        "",
        spoken=spoken,
        closing=_closing(next_call.tag, library),
        call=next_call,
        screen=replies.screen_id(intent),
    )


def _keyed_intent(
    keyed: str, called_tag: str | None, library: Library
) -> tuple[Intent, str | None]:
    """Return the intent to reply to, and the next language."""
    tag = _heard_language(called_tag or "", library)
    tag = tag if tag in library.editions else tags.awaiting()
    keyed_intent = interpret_to_intent(keyed, tag, library)
    if isinstance(keyed_intent, NotUnderstood) and keyed in library.numbers:
        # The key 1 chose a language, because 4 followed too late.
        keyed_intent = ShowScreen(library.numbers[keyed], MENU)
    if isinstance(keyed_intent, ShowScreen):
        language = _heard_language(keyed_intent.language, library)
        keyed_intent = replace(keyed_intent, language=language)
    intent, next_tag = conversation.resolve(keyed_intent, tag, library)
    if isinstance(intent, ShowScreen) and intent.code in (CHANGED, UNCLEAR):
        intent = replace(intent, code=MENU)  # a caller cannot send anything again, or say more
    return intent, tags.language(next_tag)


def _heard_language(tag: str, library: Library) -> str:
    """Return the language that its callers hear: it, or another until it is recorded."""
    row, edition = library.languages.get(tag), library.editions.get(tag)
    if not row or row.heard_as not in library.editions or (edition and edition.speech.recordings):
        return tag
    return row.heard_as


def _next_call(intent: Intent, tag: str | None, keyed: str, library: Library) -> CallState:
    code = keyed
    if isinstance(intent, ShowScreen):
        if intent.language in library.unsupported:
            tag = intent.language  # a transfer is offered
        if tag == intent.language:
            code = intent.code
    # The code goes into a URL, and the caller may have keyed their own phone number.
    code = code if code in library.codes else MENU
    return CallState(None if tags.is_awaiting(tag) else tag, code)


def _reply(intent: Intent, library: Library, now: datetime) -> tuple[Utterance, ...]:
    match intent:
        case ShowScreen(language, code):
            return _screen(language, code, library, now) or library.voice.unvoiced[language]
        case ListLanguages():
            return (*library.voice.opening, *library.voice.listing)
        case _:
            return (*library.voice.opening, *library.voice.start)


def _screen(language: str, code: str, library: Library, now: datetime) -> tuple[Utterance, ...]:
    """Return a screen as utterances; empty if it has neither voice nor recording."""
    edition = library.editions.get(language)
    if edition is None or code not in edition.speech.screens:
        return ()
    speech, screen = edition.speech, edition.speech.screens[code]
    notes = [Utterance(speech.voice, note) for note in screen.closed_notices(now, library.holidays)]
    press = speech.say(PRESS) if screen.links else ()
    if code in speech.recordings:
        recording = Utterance("", f"{screen.body}\n{screen.links}", speech.recordings[code])
        return (recording, *(notes if speech.voice else ()), *press)
    if not speech.voice:
        return ()
    voice = library.languages[screen.language].voice
    helplines = speech.say(HELPLINES) if screen.language != language else ()
    return (
        *helplines,
        Utterance(voice, screen.body),
        *notes,
        *press,
        Utterance(voice, screen.links),
    )


def _offers_transfer(call: CallState, library: Library, now: datetime) -> bool:
    """Return whether a caller on this screen may be transferred, if the operator allows it."""
    if not call.tag or call.tag not in library.languages or not library.voice.transfer_to:
        return False
    is_heard = bool(_screen(call.tag, call.screen_code, library, now))
    return not is_heard or call.screen_code in library.voice.transfer_codes


def _say(name: str, tag: str | None, library: Library) -> tuple[Utterance, ...]:
    """Return a phrase in the language of a call; nothing if it is not heard there."""
    edition = library.editions.get(tag or "")
    return edition.speech.say(name) if edition else ()


def _closing(tag: str | None, library: Library) -> tuple[Utterance, ...]:
    """Return the helplines and goodbye, to say before hanging up."""
    helplines = _say(HELPLINES, tag, library) or library.voice.helplines
    return (*helplines, Utterance(helplines[-1].voice, library.goodbye))
