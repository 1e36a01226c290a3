"""Talk to the line in a terminal, as by SMS, USSD or telephone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.opening_hours import OSLO
from rights_line.core.ussd import respond_ussd
from rights_line.core.voice import respond_voice


def by_sms(library: Library, lines: Iterable[str], medium: Medium = Medium.SMS) -> Iterator[Reply]:
    """Yield the answer to each line."""
    tag: str | None = None
    for line in lines:
        message = Inbound("you", line, medium=medium)
        reply, tag = respond(message, tag, library, datetime.now(OSLO), has_memory=True)
        yield reply


def by_chat(library: Library, lines: Iterable[str]) -> Iterator[Reply]:
    """Yield the answer to each line on WhatsApp."""
    return by_sms(library, lines, Medium.CHAT)


def by_ussd(library: Library, lines: Iterable[str]) -> Iterator[Reply]:
    """Yield the page that each line leads to; an empty line is the code alone."""
    sent: list[str] = []
    for line in lines:
        sent.append(line)
        yield respond_ussd(
            Inbound("", "*".join(sent), medium=Medium.USSD), library, datetime.now(OSLO)
        )


def by_voice(library: Library, lines: Iterable[str]) -> Iterator[Reply]:
    """Yield what is said after the keys of each line; an empty line is silence."""
    tag, place = None, ""
    for line in lines:
        pressed = Inbound("", line, medium=Medium.VOICE, tag=tag, screen_code=place)
        reply = respond_voice(pressed, library, datetime.now(OSLO))
        tag, place = reply.tag, reply.screen_code
        yield replace(reply, text="\n".join(said.text for said in reply.spoken) or reply.text)


TALKS: Mapping[str, Callable[[Library, Iterable[str]], Iterator[Reply]]] = {
    "sms": by_sms,
    "chat": by_chat,
    "ussd": by_ussd,
    "voice": by_voice,
}
