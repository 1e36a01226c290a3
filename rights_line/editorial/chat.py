"""Conversations as by SMS, WhatsApp, USSD or phone call, for `rights-line chat`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from rights_line import clock
from rights_line.core.conversation.turn import conversation_reply
from rights_line.core.library import Library
from rights_line.core.messages import CallState, Inbound, Medium, Reply
from rights_line.core.ussd import respond_ussd
from rights_line.core.voice import respond_voice


def sms_replies(
    library: Library, lines: Iterable[str], medium: Medium = Medium.SMS
) -> Iterator[Reply]:
    """Yield the reply to each line, sent as one message."""
    tag: str | None = None
    for line in lines:
        message = Inbound("you", line, medium=medium)
        reply, tag = conversation_reply(message, tag, library, clock.now(), has_memory=True)
        yield reply


def ussd_replies(library: Library, lines: Iterable[str]) -> Iterator[Reply]:
    """Yield the USSD page after each line of keys; an empty line dials the code."""
    keys: list[str] = []
    for line in lines:
        keys.append(line)
        yield respond_ussd(Inbound("", "*".join(keys), medium=Medium.USSD), library, clock.now())


def voice_replies(library: Library, lines: Iterable[str]) -> Iterator[Reply]:
    """Yield the spoken reply to each line of keys; an empty line is silence."""
    call = CallState()
    for line in lines:
        pressed = Inbound("", line, medium=Medium.VOICE, call=call)
        reply = respond_voice(pressed, library, clock.now())
        call = reply.call
        yield replace(reply, text="\n".join(part.text for part in reply.spoken) or reply.text)


CONVERSATIONS: Mapping[str, Callable[[Library, Iterable[str]], Iterator[Reply]]] = {
    "sms": sms_replies,
    "chat": partial(sms_replies, medium=Medium.CHAT),
    "ussd": ussd_replies,
    "voice": voice_replies,
}
