"""The conversation as pure functions: (text, tag, library, now) -> (reply, tag).

Modules in this package do not read a clock, a file, the environment or the network, and import
none of our other packages (tests/test_architecture.py). Start with `conversation` for SMS and chat,
`ussd` and `voice` for sessions by phone. `understanding` turns a text into an intent, and `library`
holds all texts. Here are the messages between a channel and the conversation, and their codes.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

# Codes with the same meaning in every language and on every channel.
MENU = "0"
DANGER = "1"
TALK = "2"  # to a person: who asks for a language gets it, unless the text names one
WANTS_TO_DIE = "12"  # of any age
TAKEN_AWAY = "13"  # by force: a minor is told of the helpline for minors first
CLOSE = "00"
LANGUAGES = "99"
OTHER_LANGUAGES = "990"  # the languages that the list has no room for
NEXT = "98"  # USSD: the next page of a screen
BACK = "01"  # USSD: the page or screen before this one
UNCLEAR = "?"  # the "not understood" screen; a sender cannot send it, nor those below
UNCLEAR_AGAIN = "??"  # the same, for a second text in a row
CHANGED = "0?"  # the menu after a change of language
# Answers to what people do besides telling a need; each is a phrase of content/phrases.yaml.
INSULT = "insult"  # is answered by the helplines alone
AFFIRM = "affirm"
ACTS = ("thanks", "go_on", "again", AFFIRM, "deny", "cannot_read", "wrong_number", INSULT)
UNHELPFUL = ("thanks", AFFIRM, "deny", "wrong_number", INSULT)  # acts whose answer names no help
NOT_SENT = (UNCLEAR, UNCLEAR_AGAIN, CHANGED, *ACTS)


class Medium(Enum):
    """The kind of message that a channel carries, which limits what a reply can hold."""

    SMS = "sms"  # charged by segment; no web addresses, because operators filter them
    CHAT = "chat"  # WhatsApp, Telegram: not charged by length; all letters and web addresses
    USSD = "ussd"  # pages of 160 octets; each request repeats the input of the whole session
    VOICE = "voice"  # a call: spoken replies, answered with keys; the signed URL carries the tag


class CallState(NamedTuple):
    """The state of a call, which the channel carries in the URL that receives the next keys."""

    tag: str | None = None
    screen_code: str = ""  # the code of the screen that the caller hears


NO_CALL = CallState()


@dataclass(frozen=True)
class Inbound:
    """One inbound message.

    Sender and text are left out of the repr, and are never logged or stored. The text of a USSD
    session is all input so far, joined by `*`; that of a call, the keys. A sender who is not a
    person (a short code or an alphanumeric sender) gets no reply, because two machines could answer
    each other without end.
    """

    sender: str = field(repr=False)  # the channel's name; only the pseudonym is derived from it
    text: str = field(repr=False)
    opted_out: bool = False  # whether the provider reports that the sender opted out
    is_person: bool = True
    medium: Medium = Medium.SMS
    call: CallState = NO_CALL
    can_transfer: bool = False  # in a call: whether the channel can transfer it to a helpline
    is_billable: bool = True  # False if replies cost nothing; they do not count towards rate limits
    id: str = field(default="", repr=False)  # the provider's, if it may deliver the message again


class Utterance(NamedTuple):
    """One thing to say in a call, by a voice or as a recording."""

    voice: str  # the provider's name for it
    text: str
    recording: str = ""  # its address


class ScreenId(NamedTuple):
    """A screen, to find the source strings of a reply."""

    language: str  # tag of the edition that has it, or `mul` for a text in several languages
    code: str  # the code that shows it


@dataclass(frozen=True)
class Reply:
    """One reply. If `text` is empty, no message is sent. Replies compare as they are sent."""

    text: str
    ends_session: bool = False  # whether the session is over (USSD and calls)
    spoken: tuple[Utterance, ...] = ()  # in a call; repeated if the caller presses no key
    closing: tuple[Utterance, ...] = ()  # in a call: what to say before hanging up
    call: CallState = NO_CALL  # in a call: its next state
    transfer_to: str = ""  # in a call: the number to transfer the caller to; empty for none
    screen: ScreenId | None = field(default=None, compare=False)  # that the text belongs to
    choices: tuple[str, ...] = ()  # the lines of a list of topics, for channels with buttons
    follows_list: bool = field(default=False, compare=False)  # a number of the list before it
