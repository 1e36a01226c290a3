"""Everything that can be said, in every language: made at start-up, never changed after."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from rights_line.core.messages import Utterance
from rights_line.core.opening_hours import ClosedNotice, WeeklyHours
from rights_line.core.sms import fold_if_shorter

MENU = "0"
CLOSE = "00"
LANGUAGES = "99"
NEXT = "98"  # the next page of a screen, where it is cut into pages
BACK = "01"  # what was shown before, where all that was sent is at hand
MULTILINGUAL = "mul"  # ISO 639-2: several languages in one text
PREVIEW_LENGTH = 60  # characters of a message that a locked phone shows
UNCLEAR = "?"  # the screen for what was not understood; no code that can be sent


class Meaning(NamedTuple):
    """What a word means: a screen, in the language it was written in."""

    language: str
    code: str


@dataclass(frozen=True)
class Language:
    """One row of locales/languages.yaml.

    `word` is ASCII capitals, as printed on cards. `label` stands in the language list and is GSM-7.
    `norwegian` is what to say to an operator; `script` is ISO 15924.
    `fold` maps a letter outside GSM-7 to the plain one used where that saves a segment.
    `voice` is who says it aloud, by the provider's name for the voice; empty where there is nobody.
    """

    tag: str
    number: str
    word: str
    label: str
    own_name: str
    norwegian: str
    locale: str
    script: str
    direction: str
    encoding: str
    fold: Mapping[str, str] = field(default_factory=dict)
    voice: str = ""

    @property
    def choice(self) -> str:
        """Return the language's line in a list to choose from."""
        return f"{self.number} {self.label}"


@dataclass(frozen=True)
class Provenance:
    """What the guide has to do with a text: the ids of the facts it states, and their places."""

    facts: tuple[str, ...]
    sources: tuple[str, ...]  # "Part 5, heading" of the guide, or a file of ours


@dataclass(frozen=True)
class Contact:
    """One helpline in content/contacts.yaml; its code is its number. `hours` None: not known.

    `audience` says whom it serves; it was compared with its source on `verified_on`, and must be
    again by `verify_by`.
    """

    id: str
    name: str
    number: str  # as the guide prints it, with its spaces
    e164: str | None
    hours: WeeklyHours | None
    emergency: bool
    text: str
    provenance: Provenance
    audience: tuple[str, ...]
    verified_on: date
    verify_by: date
    web: tuple[str, ...] = ()  # addresses, for channels that may show one

    @property
    def code(self) -> str:
        return self.number.replace(" ", "")

    def is_overdue(self, today: date) -> bool:
        """Tell whether the number was not compared with its source in time."""
        return today > self.verify_by


@dataclass(frozen=True)
class Passage:
    """One screen of a topic, in English.

    With a `title` it is a choice on the topic's first screen; without, it is read on to. With
    `yes` and `no` it is a question, and they are the codes that its answers lead to.
    """

    code: str
    title: str | None
    text: str
    yes: str | None
    no: str | None
    provenance: Provenance
    web: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One file in content/topics/; with no passages it is a menu of the topics below its code."""

    id: str
    code: str
    title: str
    also: tuple[str, ...]  # other codes that show it
    see: tuple[str, ...]  # topics that its first screen leads on to
    passages: tuple[Passage, ...]


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
