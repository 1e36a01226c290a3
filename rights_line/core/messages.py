"""What crosses the border between a gateway and the conversation."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Medium(Enum):
    """What a gateway carries, and so what fits into an answer."""

    SMS = "sms"  # counted in segments; no web addresses, operators filter them
    CHAT = "chat"  # WhatsApp: as long as it takes, with every letter and web addresses
    USSD = "ussd"  # pages of 160 octets; the gateway repeats all that was sent in the session
    VOICE = "voice"  # a call: said aloud, answered with keys; the gateway carries the tag


@dataclass(frozen=True)
class Inbound:
    """One message that came in. Neither sender nor text is ever shown by repr, logged or stored.

    Of a USSD session `text` is all that was sent in it, joined by `*`; of a call, the keys pressed.
    """

    sender: str = field(repr=False)  # what the gateway calls the person; only the pseudonym uses it
    text: str = field(repr=False)
    opted_out: bool = False  # the gateway says that she asked it to stop
    is_person: bool = True  # False: a short code or a name, that is a machine: no answer, no loop
    medium: Medium = Medium.SMS
    tag: str | None = None  # of a call: what is remembered, carried by the gateway
    screen_code: str = ""  # of a call: what was keyed for what she hears now
    can_transfer: bool = False  # of a call: the gateway can put her through
    is_billable: bool = True  # False: nobody pays for an answer, and so it is not counted


class Utterance(NamedTuple):
    """Something to say aloud: in a voice (the provider's name for it), or as it was recorded."""

    voice: str
    text: str
    recording: str = ""  # its address


@dataclass(frozen=True)
class Reply:
    """What goes back. An empty text is no message at all.

    Of a call, `spoken` is what is said, again after silence, and then `farewell`; `tag` and `place`
    are for the address that her next keys go to; `connects` is a number to put her through to.
    """

    text: str
    ends_session: bool = False
    spoken: tuple[Utterance, ...] = ()
    closing: tuple[Utterance, ...] = ()
    tag: str | None = None
    screen_code: str = ""
    transfer_to: str = ""
