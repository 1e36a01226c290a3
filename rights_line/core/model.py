"""The parts of the texts that come from files: country, languages, helplines, topics, advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import NamedTuple

from rights_line.core.opening_hours import OpeningPeriod, WeeklyHours


@dataclass(frozen=True)
class Language:
    """One row of locales/languages.yaml."""

    tag: str  # BCP 47
    number: str  # the number of the language in the list of languages, as digits
    word: str  # keyword in ASCII capitals, as printed on cards
    label: str  # name in the list of languages, in GSM-7
    own_name: str  # name in the language itself
    norwegian: str  # name in Norwegian, to say to an operator on the phone
    locale: str  # CLDR locale, for names of languages and weekdays
    script: str  # ISO 15924 code
    direction: str  # `ltr` or `rtl`
    encoding: str  # `GSM-7` or `UCS-2`, or `folded` for texts that fit GSM-7 after folding
    fold: Mapping[str, str] = field(default_factory=dict)  # to GSM-7, where it saves a segment
    voice: str = ""  # the provider's name for the text-to-speech voice; empty if there is none
    weekdays: Sequence[str] = ()  # from Monday on
    weekdays_short: Sequence[str] = ()  # the same, abbreviated
    borrows: Sequence[str] = ()  # languages whose words do not switch a conversation from this
    own_words: Sequence[str] = ()  # those that tell it from the languages whose words it has
    heard_as: str = ""  # tag of the language that its callers hear until it is recorded, or empty
    close_to: Sequence[str] = ()  # languages its speakers understand: the line does not ask which
    english: str = ""  # name in English, on pages for helpers

    @property
    def choice(self) -> str:
        """The line for this language in a list to choose from."""
        return f"{self.number} {self.label}"


@dataclass(frozen=True)
class Provenance:
    """The facts of the guide that a text states, and where they come from."""

    facts: tuple[str, ...] = ()  # ids
    citations: tuple[str, ...] = ()  # "Part 5, heading" of the guide, or a file in this repository


@dataclass(frozen=True)
class Move:
    """A number that has changed: the former one, when and by whom that was found, and where."""

    former: str
    on: date
    by: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One helpline in content/contacts.yaml."""

    id: str
    name: str
    number: str  # as the guide prints it, with its spaces; the new one if it has moved
    e164: str | None  # with country code; None for short numbers, which work only in Norway
    hours: WeeklyHours | None  # None if they are unknown
    emergency: bool = False
    text: str
    provenance: Provenance
    audience: tuple[str, ...]  # the people whom the helpline serves
    see: tuple[str, ...] = ()  # links of its screen, as in Passage
    verified_on: date  # day on which the entry was last compared with its source
    verify_by: date  # day by which it must be compared again
    web: tuple[str, ...] = ()  # web addresses, for channels that may show them
    moved: Move | None = None  # how the number changed, until the guide prints the new one
    languages: tuple[str, ...] = ()  # tags of those that it speaks; empty if they are unknown
    link_from: str = ""  # code of the screen that links to it in these languages alone

    @property
    def code(self) -> str:
        """Return the code of the helpline's screen: its number without spaces."""
        return self.number.replace(" ", "")

    @property
    def periods(self) -> tuple[OpeningPeriod, ...]:
        """Return when it is open; empty if that is always, or unknown."""
        return self.hours.periods if self.hours else ()

    def is_overdue(self, today: date) -> bool:
        return today > self.verify_by


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One screen of a topic, in English.

    A passage with a `title` is a choice on the topic's first screen. One without a title continues
    the passage before it. `see` are codes of other topics, or of passages with a title. `yes` and
    `no` are set on a question: the codes that its answers lead to.
    """

    code: str
    title: str | None = None
    text: str
    see: tuple[str, ...] = ()
    yes: str | None = None
    no: str | None = None
    provenance: Provenance
    web: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One file in content/topics/.

    Without passages it is a menu of the topics below its code.
    """

    id: str
    code: str
    title: str
    also: tuple[str, ...] = ()  # other codes for the topic
    passages: tuple[Passage, ...]


class Helplines(NamedTuple):
    """The ids of the contacts on every first screen and in every fallback response."""

    emergency: str
    adults: str
    minors: str


@dataclass(frozen=True)
class Country:
    """The country of the texts; the header of content/country.yaml explains each field.

    Attributes:
        fixed_holidays: (month, day) of each public holiday with a fixed date.
        movable_holidays: the others, in days after Easter Sunday.
    """

    name: str
    title: str
    languages: tuple[str, ...]
    time_zone: tzinfo
    calling_code: str
    digits: int
    leave_to: str
    helplines: Helplines
    fixed_holidays: tuple[tuple[int, int], ...]
    movable_holidays: tuple[int, ...]

    def e164_number(self, number: str) -> str:
        """Return a number as it is dialed from abroad."""
        return self.calling_code + number.replace(" ", "")


@dataclass(frozen=True)
class Advice:
    """One paragraph; `texts` maps a language tag to its text."""

    texts: dict[str, str]
    provenance: Provenance
    web: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A heading and its paragraphs; `titles` maps a language tag to the heading."""

    id: str
    titles: dict[str, str]
    advice: tuple[Advice, ...]
