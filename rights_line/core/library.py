"""All texts in all languages: built at start-up, each screen rendered on first use and kept."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import NamedTuple, Protocol

from rights_line.core.messages import Medium, Utterance
from rights_line.core.model import Language
from rights_line.core.opening_hours import ClosedNotice
from rights_line.core.understanding.intents import ListLanguages
from rights_line.core.understanding.sentences.decision import SentenceReader
from rights_line.core.understanding.words.titles import Titles
from rights_line.core.understanding.words.vocabulary import Vocabulary

MULTILINGUAL = "mul"  # ISO 639-2: several languages in one text
_PREVIEW_LENGTH = 80  # characters: two lines of about 40


def lock_screen_preview(text: str) -> str:
    """Return the part of a message that a locked phone shows; some phones show more."""
    return " ".join(text.split())[:_PREVIEW_LENGTH]


class Head(Enum):
    """The first line of a reply to words (docs/design.md, D19)."""

    NONE = 0  # in reply to a code
    NUMBERS = 1  # the bare numbers of the helplines, later in a session
    HELPLINES = 2  # what each number is for: first in a session, and in danger


class TextRendering(Protocol):
    """Renders a screen as it is sent; `body` is its own, with the closed-notices that apply."""

    def screen_texts(self, screen: Screen) -> Mapping[tuple[str, ...], ScreenTexts]: ...

    def headed(self, screen: Screen, body: str, head: Head) -> str: ...

    def sms(self, screen: Screen, body: str) -> str: ...

    def chat(self, screen: Screen, body: str) -> str: ...

    def ussd(self, screen: Screen, body: str) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class ScreenTexts:
    """A screen as it is sent. Each text is rendered when it is first sent, to start faster."""

    renderer: TextRendering = field(compare=False)
    screen: Screen
    body: str  # its body, with the closed-notices that apply

    def text_for_medium(self, medium: Medium, head: Head) -> str:
        """Return the text for SMS or chat."""
        texts = self.headed[head]
        return texts.chat if medium is Medium.CHAT else texts.sms

    @cached_property
    def headed(self) -> Mapping[Head, ScreenTexts]:
        """Head -> the texts with that line above the body."""
        bodies = {head: self.renderer.headed(self.screen, self.body, head) for head in Head}
        return {head: replace(self, body=body) for head, body in bodies.items()}

    @cached_property
    def sms(self) -> str:
        """The text for SMS, with letters folded if that saves a segment."""
        return self.renderer.sms(self.screen, self.body)

    @cached_property
    def chat(self) -> str:
        """The text for channels not charged by length, with web addresses."""
        return self.renderer.chat(self.screen, self.body)

    @cached_property
    def ussd(self) -> tuple[str, ...]:
        return self.renderer.ussd(self.screen, self.body)


@dataclass(frozen=True)
class Screen:
    """One screen in one language."""

    code: str  # the code that shows it
    topic: str  # id of the topic, contact or phrase
    language: str  # English if the edition has no complete translation of the screen
    body: str  # the text above the links
    links: str  # the codes that lead on, one a line
    notices: tuple[ClosedNotice, ...] = ()  # about helplines that are closed at the moment
    web: tuple[str, ...] = ()  # web addresses of the organisations that the screen names
    renderer: TextRendering | None = field(default=None, compare=False, repr=False)

    @cached_property
    def texts(self) -> Mapping[tuple[str, ...], ScreenTexts]:
        """Closed-notices that apply -> the screen as it is sent; empty for speech."""
        return self.renderer.screen_texts(self) if self.renderer else {}

    def closed_notices(self, now: datetime, holidays: Container[date]) -> tuple[str, ...]:
        """Return a sentence for each helpline that is closed at this moment."""
        texts = (notice.closed_notice_at(now, holidays) for notice in self.notices)
        return tuple(filter(None, texts))

    def texts_at(self, now: datetime, holidays: Container[date]) -> ScreenTexts:
        """Return the screen as it is sent at this moment."""
        return self.texts[self.closed_notices(now, holidays) if self.notices else ()]


class Footer(NamedTuple):
    """The last lines of a USSD page."""

    home: str  # on every page
    more: str  # on all but the last page of a screen


@dataclass(frozen=True)
class SpokenEdition:
    """The texts for calls in one language, with every number spelled digit by digit."""

    voice: str  # the provider's name for the text-to-speech voice; empty if there is none
    screens: Mapping[str, Screen]  # code -> screen
    phrases: Mapping[str, str]  # name of SPOKEN_PHRASES -> phrase, if it is translated
    recordings: Mapping[str, str]  # code or name -> address of a recording, if there is one

    def say(self, name: str) -> tuple[Utterance, ...]:
        """Return a phrase as a recording or by the voice; nothing if it has neither."""
        text = self.phrases.get(name, "")
        if name in self.recordings:
            return (Utterance("", text, self.recordings[name]),)
        return (Utterance(self.voice, text),) if self.voice and text else ()


# For a language that is not approved, or has neither a voice nor recordings.
NO_SPEECH = SpokenEdition("", {}, {}, {})
# The helplines in one sentence, how to choose from the links, how to be transferred to a helpline.
SPOKEN_PHRASES = (HELPLINES, PRESS, CONNECT) = ("helplines", "press", "connect")


@dataclass(frozen=True)
class Edition:
    """All texts in one language."""

    language: Language
    screens: Mapping[str, Screen]  # code -> screen
    stateless_screens: Mapping[str, Screen]  # no session: links include the language's word
    helplines: str  # in one sentence
    speak: Callable[[], SpokenEdition] = field(compare=False, repr=False)  # the texts for calls
    interpreter: str = ""  # how to ask for an interpreter: above the screens that are in English
    withheld: frozenset[str] = frozenset()  # codes of unapproved screens, which show the helplines
    links: Mapping[str, str] = field(default_factory=dict)  # code of a topic -> its line in a list
    stateless_links: Mapping[str, str] = field(default_factory=dict)  # no session: with the word

    @cached_property
    def speech(self) -> SpokenEdition:
        """The texts for calls. They are rendered in the first call, to start faster."""
        return self.speak()


@dataclass(frozen=True)
class VoicePrompts:
    """The prompts for calls that combine several languages."""

    opening: tuple[Utterance, ...]  # the numbers, which need no language
    helplines: tuple[Utterance, ...]  # what each is for, in the languages of those who answer
    fallback: tuple[Utterance, ...]  # after an error: the helplines, in more languages, too
    start: tuple[Utterance, ...]  # the languages of one key, each in its own voice; the helplines
    listing: tuple[Utterance, ...]  # all languages
    unvoiced: Mapping[str, tuple[Utterance, ...]]  # tag -> in place of a screen that is not heard
    transfer: tuple[Utterance, ...]  # after it: how to be transferred
    transfer_to: str  # the number to transfer a caller to; empty if there is none
    transfer_codes: frozenset[str]  # the screens that offer it


class SessionTexts(NamedTuple):
    """A reply in a session, and without one."""

    text: str
    stateless_text: str


@dataclass(frozen=True)
class Library:
    """All editions, and the vocabulary that leads to their screens."""

    languages: Mapping[str, Language]  # tag -> each recognised language, in the order of numbers
    numbers: Mapping[str, str]  # number of a language in the list -> its tag
    editions: Mapping[str, Edition]  # tag -> edition, for each language with texts
    latin_editions: Mapping[str, Edition]  # the same in Latin letters, where people write so
    unsupported: Mapping[str, SessionTexts]  # tag -> replies, for those without an edition
    default: str  # tag of the edition that shows a helpline before a language is chosen
    start: str  # the start screen, with languages by number
    start_stateless: str  # the same without a session: languages by word
    listing: str  # the helplines, and all languages by number, for USSD pages
    lists: Mapping[ListLanguages, SessionTexts]  # the same by SMS, in short parts
    pages: Mapping[str, tuple[str, ...]]  # start, listing or unsupported text -> its USSD pages
    helplines: str  # the helplines at the top of the start screen
    fallback: str  # the fallback response, sent after an error
    throttled: str  # the short line, sent to a sender who has reached a rate limit
    goodbye: str  # the neutral reply that ends a session
    write_first: str  # asks for what happened, after a second text without content
    voice: VoicePrompts
    codes: Mapping[str, str]  # digits that may be sent -> code of a screen
    contact_codes: frozenset[str]  # codes of helplines' screens; each is the helpline's own number
    emergency_codes: frozenset[str]  # codes of the danger screens and of emergency numbers
    urgent_codes: frozenset[str]  # the same, and the doctor's: they have the line of helplines
    minors: str  # code of the topic for minors; empty without one
    minor_codes: frozenset[str]  # codes of all its screens
    another_minor: str  # code of the screen about a child that one worries about; empty without one
    vocabulary: Vocabulary
    titles: Titles  # the lines of menus
    own_lines: tuple[str, ...]  # lines of our texts, normalised and sorted, to recognise quotes
    holidays: Container[date] = frozenset()  # public holidays in Norway
    reader: SentenceReader | None = field(default=None, repr=False)  # None: the rules alone read
