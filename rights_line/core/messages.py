"""Messages between a channel and the conversation."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Medium(Enum):
    """The kind of message that a channel carries, which limits what a reply can hold."""

    SMS = "sms"  # charged by segment; no web addresses, because operators filter them
    CHAT = "chat"  # WhatsApp, Telegram: not charged by length; all letters and web addresses
    USSD = "ussd"  # pages of 160 octets; each request repeats the input of the whole session
    VOICE = "voice"  # a call: spoken replies, answered with keys; the signed URL carries the tag


class CallState(NamedTuple):
    """The state of a call, which the channel carries in the URL that receives the next keys.

    Attributes:
        tag: the session's tag.
        screen_code: the code of the screen that the caller hears.
    """

    tag: str | None = None
    screen_code: str = ""


NO_CALL = CallState()


@dataclass(frozen=True)
class Inbound:
    """One inbound message.

    Sender and text are left out of the repr, and are never logged or stored.

    Attributes:
        sender: the channel's name for the sender; only the pseudonym is derived from it.
        text: the text. In a USSD session, all input so far, joined by `*`; in a call, the keys.
        opted_out: whether the provider reports that the sender opted out.
        is_person: False for a short code or an alphanumeric sender. These get no reply, because
            two machines could answer each other without end.
        medium: the kind of message.
        call: in a call, its state.
        can_transfer: in a call, whether the channel can transfer the caller to a helpline.
        is_billable: False if replies cost nothing; they do not count towards rate limits.
    """

    sender: str = field(repr=False)
    text: str = field(repr=False)
    opted_out: bool = False
    is_person: bool = True
    medium: Medium = Medium.SMS
    call: CallState = NO_CALL
    can_transfer: bool = False
    is_billable: bool = True


class Utterance(NamedTuple):
    """One thing to say in a call, by a voice or as a recording.

    `voice` is the provider's name for the voice, and `recording` the address of a recording.
    """

    voice: str
    text: str
    recording: str = ""


class ScreenId(NamedTuple):
    """A screen, to find the source strings of a reply.

    Attributes:
        language: tag of the edition that has it, or `mul` for a text in several languages.
        code: the code that shows it.
    """

    language: str
    code: str


@dataclass(frozen=True)
class Reply:
    """One reply. If `text` is empty, no message is sent.

    Attributes:
        text: the text to send.
        ends_session: whether the session is over (USSD and calls).
        spoken: in a call, what to say. It is repeated if the caller presses no key.
        closing: in a call, what to say before hanging up.
        call: in a call, its next state.
        transfer_to: in a call, the number to transfer the caller to; empty for none.
        screen: the screen that the text belongs to, if any. Replies compare as they are sent.
    """

    text: str
    ends_session: bool = False
    spoken: tuple[Utterance, ...] = ()
    closing: tuple[Utterance, ...] = ()
    call: CallState = NO_CALL
    transfer_to: str = ""
    screen: ScreenId | None = field(default=None, compare=False)
