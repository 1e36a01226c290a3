"""Everything that can be said, in every language: made at start-up, never changed after."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from rights_line.core.messages import Utterance
from rights_line.core.model import Language, Meaning
from rights_line.core.opening_hours import ClosedNotice
from rights_line.core.sms import fold_if_shorter

MENU = "0"
CLOSE = "00"
LANGUAGES = "99"
NEXT = "98"  # the next page of a screen, where it is cut into pages
BACK = "01"  # what was shown before, where all that was sent is at hand
MULTILINGUAL = "mul"  # ISO 639-2: several languages in one text
PREVIEW_LENGTH = 60  # characters of a message that a locked phone shows
UNCLEAR = "?"  # the screen for what was not understood; no code that can be sent


@dataclass(frozen=True)
class Screen:
    """One thing that can be shown, as it is sent by SMS.

    `topic` is the id of the topic, contact or phrase; `language` the one it is written in, which
    is English where the edition has no translation of the whole screen. `web` holds the addresses
    of those it names.
    """

    code: str
    topic: str
    language: str
    body: str
    links: str  # the codes that lead on, a line each
    notices: tuple[ClosedNotice, ...] = ()
    web: tuple[str, ...] = ()

    def closed_notices(self, now: datetime, holidays: Container[date]) -> list[str]:
        """Return a sentence for each helpline that is closed at a moment."""
        return [note for notice in self.notices if (note := notice.text_at(now, holidays))]

    def body_at(self, now: datetime, holidays: Container[date]) -> str:
        """Return what stands above the links at a moment."""
        return "\n".join([self.body, *self.closed_notices(now, holidays)])

    def sms_text(self, now: datetime, holidays: Container[date], fold: Mapping[str, str]) -> str:
        """Return the whole text at a moment, as it is sent by SMS."""
        text = f"{self.body_at(now, holidays)}\n{self.links}".rstrip("\n")
        return _folded_screen(text, tuple(fold.items())) if fold else text

    def full_text(self, now: datetime, holidays: Container[date]) -> str:
        """Return the same where nothing is charged by length: every letter, and web addresses."""
        return "\n".join([self.body_at(now, holidays), *self.web, self.links]).rstrip("\n")


@lru_cache(maxsize=10_000)
def _folded_screen(text: str, fold: tuple[tuple[str, str], ...]) -> str:
    """Return a screen's text as it is sent.

    This cache is private to screens, so that it never holds a sender's text.
    """
    return fold_if_shorter(text, dict(fold))


class Footer(NamedTuple):
    """What every USSD page ends with (`0 menu`), and what stands above it where one follows."""

    home: str
    more: str


@dataclass(frozen=True)
class SpokenEdition:
    """What is said in one language on the phone, with every number digit by digit.

    `screens` has the codes of those that can be said; `recordings` the address of each that
    somebody has read out. `press` tells how to choose, `connect` how to be put through.
    """

    voice: str
    screens: Mapping[str, Screen]
    recordings: Mapping[str, str]
    helplines: str
    press: str
    connect: str


# Where nothing can be said: nobody has approved it, or there is neither a voice nor a recording.
NO_SPEECH = SpokenEdition("", {}, {}, "", "", "")


@dataclass(frozen=True)
class Edition:
    """All that is said in one language.

    `screens` maps a code to its screen. `spelled` is the same for when nothing can be remembered:
    its links carry the language's word. `helplines` is a sentence; `lifelines` the numbers alone.
    """

    language: Language
    screens: Mapping[str, Screen]
    stateless_screens: Mapping[str, Screen]
    helplines: str
    numbers_line: str
    footer: Footer
    speech: SpokenEdition


@dataclass(frozen=True)
class VoicePrompts:
    """What is said on the phone in more languages than one.

    Attributes:
        opening: the helplines, in Norwegian and English.
        last_resort: said when something broke: the same, and in three more languages.
        start: the languages to choose from, each by its own voice.
        listing: the same of every language.
        unvoiced: tag -> what is said in place of a screen, where nobody can say it.
        connects: a code -> the number that she may be put through to from its screen.
    """

    opening: tuple[Utterance, ...]
    fallback: tuple[Utterance, ...]
    start: tuple[Utterance, ...]
    listing: tuple[Utterance, ...]
    unvoiced: Mapping[str, tuple[Utterance, ...]]
    connects: Mapping[str, str]


class UnsupportedLanguage(NamedTuple):
    """What is answered in a language that is understood but not spoken.

    `spelled` is said when nothing can be remembered.
    """

    text: str
    stateless_text: str


@dataclass(frozen=True)
class Library:
    """The editions, and what leads to them.

    Attributes:
        languages: tag -> every language that is understood, in the order of their numbers.
        editions: tag -> edition, of each language that is spoken.
        recognised: tag -> what is answered in place of a screen, where there is no edition.
        default: tag of the edition for a helpline asked for before any language was chosen.
        start: the first answer, with the languages by number.
        start_spelled: the same with the languages' words, for when nothing can be remembered.
        listing: every language by number, after the helplines' numbers.
        listing_spelled: the same with the languages' words.
        helplines: the first lines of the start.
        last_resort: said when something broke.
        pause: said to a number that was answered too often, before silence.
        bland: said when a conversation is closed.
        call: what is said on the phone.
        codes: what a person may send as digits -> code of the screen.
        contact_codes: the codes that are helplines' own numbers.
        urgent: the codes that are about danger: of its screens, and numbers for emergencies.
        language_words: cleaned word or name -> tags of the languages that are called so.
        keywords: cleaned word or phrase -> its meanings, one for each language that has it.
        greetings: the same for words that only ask for help, or greet: any keyword goes before.
        emergency: the same for words that win wherever they stand in a text.
        closing: the words that end a conversation, if they are all that was written.
        everyone: words that people write whatever their language.
        long_words: words of one language alone that are understood with one slip in them.
        long_emergency: the same of the words of danger.
        scripts: a script that is not Latin -> the languages written in it, spoken ones first.
        lines: every line of our own texts, cleaned and sorted: what a phone may quote.
        holidays: public holidays in Norway.
    """

    languages: Mapping[str, Language]
    editions: Mapping[str, Edition]
    unsupported: Mapping[str, UnsupportedLanguage]
    default: str
    start: str
    start_stateless: str
    listing: str
    listing_stateless: str
    helplines: str
    fallback: str
    throttled: str
    goodbye: str
    voice: VoicePrompts
    codes: Mapping[str, str]
    contact_codes: frozenset[str]
    emergency_codes: frozenset[str]
    language_words: Mapping[str, tuple[str, ...]]
    keywords: Mapping[str, tuple[Meaning, ...]]
    greetings: Mapping[str, tuple[Meaning, ...]]
    emergency: Mapping[str, tuple[Meaning, ...]]
    closing: Mapping[str, tuple[Meaning, ...]]
    common_words: frozenset[str]
    long_words: Mapping[str, Meaning]
    long_emergency: Mapping[str, Meaning]
    scripts: Mapping[str, tuple[str, ...]]
    own_lines: tuple[str, ...]
    holidays: Container[date] = frozenset()

    def language_by_number(self, number: str) -> str | None:
        """Return the tag of the language with this number in the list."""
        return next((tag for tag, row in self.languages.items() if row.number == number), None)
