"""All texts in all languages: built at start-up, each screen rendered on first use and kept."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple, Protocol

from rights_line.core.messages import Medium, Utterance
from rights_line.core.model import Language
from rights_line.core.opening_hours import ClosedNotice
from rights_line.core.understanding.sentences.decision import SentenceReader
from rights_line.core.understanding.words.vocabulary import Vocabulary

MULTILINGUAL = "mul"  # ISO 639-2: several languages in one text
_PREVIEW_LENGTH = 80  # characters: two lines of about 40


def lock_screen_preview(text: str) -> str:
    """Return the part of a message that a locked phone shows; some phones show more."""
    return " ".join(text.split())[:_PREVIEW_LENGTH]


class TextRendering(Protocol):
    """Renders a screen as it is sent; `body` is its own, with the closed-notices that apply."""

    def headed(self, body: str) -> str: ...

    def sms(self, screen: Screen, body: str) -> str: ...

    def chat(self, screen: Screen, body: str) -> str: ...

    def ussd(self, screen: Screen, body: str) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class ScreenTexts:
    """A screen as it is sent. Each text is rendered when it is first sent, to start faster.

    Attributes:
        renderer: renders the texts.
        screen: the screen.
        body: its body, with the closed-notices that apply.
    """

    renderer: TextRendering = field(compare=False)
    screen: Screen
    body: str

    def text(self, medium: Medium, has_head: bool) -> str:
        """Return the text for SMS or chat; `has_head`: the helplines are its first line."""
        texts = self.headed if has_head else self
        return texts.chat if medium is Medium.CHAT else texts.sms

    @cached_property
    def headed(self) -> ScreenTexts:
        """The texts in reply to words: the line of helplines stands above the body."""
        return replace(self, body=self.renderer.headed(self.body))

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
        """The USSD pages."""
        return self.renderer.ussd(self.screen, self.body)


@dataclass(frozen=True)
class Screen:
    """One screen in one language.

    Attributes:
        code: the code that shows it.
        topic: id of the topic, contact or phrase.
        language: tag of the language it is written in. This is English if the edition has no
            complete translation of the screen.
        body: the text above the links.
        links: the codes that lead on, one a line.
        notices: sentences about helplines that are closed at the moment.
        web: web addresses of the organisations that the screen names.
        texts: closed-notices that apply -> the screen as it is sent; empty for speech.
    """

    code: str
    topic: str
    language: str
    body: str
    links: str
    notices: tuple[ClosedNotice, ...] = ()
    web: tuple[str, ...] = ()
    texts: Mapping[tuple[str, ...], ScreenTexts] = field(default_factory=dict, repr=False)

    def closed_notices(self, now: datetime, holidays: Container[date]) -> tuple[str, ...]:
        """Return a sentence for each helpline that is closed at this moment."""
        texts = (notice.text_at(now, holidays) for notice in self.notices)
        return tuple(filter(None, texts))

    def texts_at(self, now: datetime, holidays: Container[date]) -> ScreenTexts:
        """Return the screen as it is sent at this moment."""
        return self.texts[self.closed_notices(now, holidays) if self.notices else ()]


class Footer(NamedTuple):
    """The last lines of a USSD page.

    `home` is on every page, `more` on all but the last page of a screen.
    """

    home: str
    more: str


@dataclass(frozen=True)
class SpokenEdition:
    """The texts for calls in one language, with every number spelled digit by digit.

    Attributes:
        voice: the provider's name for the text-to-speech voice; empty if there is none.
        screens: code -> screen.
        recordings: code -> address of a recording of the screen, if there is one.
        helplines: the helplines in one sentence.
        press: how to choose from the links.
        connect: how to be transferred to a helpline.
    """

    voice: str
    screens: Mapping[str, Screen]
    recordings: Mapping[str, str]
    helplines: str
    press: str
    connect: str


# For a language that is not approved, or has neither a voice nor recordings.
NO_SPEECH = SpokenEdition("", {}, {}, "", "", "")


@dataclass(frozen=True)
class Edition:
    """All texts in one language.

    Attributes:
        screens: code -> screen.
        stateless_screens: the same without a session: links include the word of the language.
        helplines: the helplines in one sentence.
        speak: returns the texts for calls.
        withheld: codes of the screens that show the helplines, because their text is not approved.
    """

    language: Language
    screens: Mapping[str, Screen]
    stateless_screens: Mapping[str, Screen]
    helplines: str
    speak: Callable[[], SpokenEdition] = field(compare=False, repr=False)
    withheld: frozenset[str] = frozenset()

    @cached_property
    def speech(self) -> SpokenEdition:
        """The texts for calls. They are rendered in the first call, to start faster."""
        return self.speak()


@dataclass(frozen=True)
class VoicePrompts:
    """The prompts for calls that combine several languages.

    Attributes:
        opening: the helplines, in the languages of those who answer them.
        fallback: the response after an error: the opening, and the helplines in more languages.
        start: the languages named at the start, each in its own voice.
        listing: the same for all languages.
        unvoiced: tag -> prompts for a language without a voice, in place of a screen.
        transfer_numbers: code of a screen -> number that a caller may be transferred to from it.
    """

    opening: tuple[Utterance, ...]
    fallback: tuple[Utterance, ...]
    start: tuple[Utterance, ...]
    listing: tuple[Utterance, ...]
    unvoiced: Mapping[str, tuple[Utterance, ...]]
    transfer_numbers: Mapping[str, str]


class UnsupportedLanguage(NamedTuple):
    """The replies in a language that is recognised but has no edition.

    `stateless_text` is the one without a session.
    """

    text: str
    stateless_text: str


@dataclass(frozen=True)
class Library:
    """All editions, and the vocabulary that leads to their screens.

    Attributes:
        languages: tag -> each language that is recognised, in the order of their numbers.
        numbers: number of a language in the list -> its tag.
        editions: tag -> edition, for each language with texts.
        unsupported: tag -> replies, for each recognised language without an edition.
        default: tag of the edition that shows a helpline before a language is chosen.
        start: the start screen, with languages by number.
        start_stateless: the same without a session: languages by word.
        listing: the helplines, and all languages by number.
        listing_stateless: the same without a session: languages by word.
        pages: text without an edition (start, listing, unsupported) -> its USSD pages.
        helplines: the helplines at the top of the start screen.
        fallback: the fallback response, sent after an error.
        throttled: the short line, sent to a sender who has reached a rate limit.
        goodbye: the neutral reply that ends a session.
        voice: the prompts for calls.
        codes: digits that may be sent -> code of a screen.
        contact_codes: codes of helplines' screens; each is the helpline's own number.
        emergency_codes: codes of the danger screens and of emergency numbers.
        vocabulary: the words that are understood.
        own_lines: the lines of all our texts, normalised and sorted, to recognise quotes of them.
        holidays: public holidays.
        reader: reads sentences; None: the rules alone do.
    """

    languages: Mapping[str, Language]
    numbers: Mapping[str, str]
    editions: Mapping[str, Edition]
    unsupported: Mapping[str, UnsupportedLanguage]
    default: str
    start: str
    start_stateless: str
    listing: str
    listing_stateless: str
    pages: Mapping[str, tuple[str, ...]]
    helplines: str
    fallback: str
    throttled: str
    goodbye: str
    voice: VoicePrompts
    codes: Mapping[str, str]
    contact_codes: frozenset[str]
    emergency_codes: frozenset[str]
    vocabulary: Vocabulary
    own_lines: tuple[str, ...]
    holidays: Container[date] = frozenset()
    reader: SentenceReader | None = field(default=None, repr=False)

    def language_by_number(self, number: str) -> str | None:
        """Return the tag of the language with this number in the list."""
        return self.numbers.get(number)
