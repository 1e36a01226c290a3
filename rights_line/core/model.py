"""The parts of a library that come from files: languages, helplines and topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from rights_line.core.opening_hours import WeeklyHours


@dataclass(frozen=True)
class Language:
    """One row of locales/languages.yaml.

    Attributes:
        tag: language tag (BCP 47).
        number: the number of the language in the list of languages, as digits.
        word: keyword in ASCII capitals, as printed on cards.
        label: name in the list of languages, in GSM-7.
        own_name: name in the language itself.
        norwegian: name in Norwegian, to say to an operator on the phone.
        locale: CLDR locale, for names of languages and weekdays in the tests.
        script: ISO 15924 code.
        direction: `ltr` or `rtl`.
        encoding: `GSM-7` or `UCS-2`, or `folded` for texts that fit GSM-7 after folding.
        fold: letter -> replacement in GSM-7, applied where it saves a segment.
        voice: the provider's name for the text-to-speech voice; empty if there is none.
        weekdays: names of the weekdays from Monday on; empty if there are no texts.
        weekdays_short: the same, abbreviated.
        borrows: tags of languages whose words do not switch a conversation away from this one.
        close_to: tags of languages that its speakers understand. The line does not ask which of
            the two a text is in.
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
    weekdays: Sequence[str] = ()
    weekdays_short: Sequence[str] = ()
    borrows: Sequence[str] = ()
    close_to: Sequence[str] = ()

    @property
    def choice(self) -> str:
        """Return the line for this language in a list to choose from."""
        return f"{self.number} {self.label}"


@dataclass(frozen=True)
class Provenance:
    """The facts of the guide that a text states, and where they come from."""

    facts: tuple[str, ...]  # ids
    citations: tuple[str, ...]  # "Part 5, heading" of the guide, or a file in this repository


@dataclass(frozen=True)
class Move:
    """A number that has changed: the former one, when and by whom that was found, and where."""

    former: str
    on: date
    by: str
    source: str


@dataclass(frozen=True)
class Contact:
    """One helpline in content/contacts.yaml.

    Attributes:
        number: as the guide prints it, with its spaces; the new one if it has moved.
        e164: the same with country code; None for short numbers, which work only in Norway.
        hours: opening hours; None if they are unknown.
        audience: the people whom the helpline serves.
        verified_on: day on which the entry was last compared with its source.
        verify_by: day by which it must be compared again.
        web: web addresses, for channels that may show them.
        moved: how the number changed, until the guide prints the new one.
    """

    id: str
    name: str
    number: str
    e164: str | None
    hours: WeeklyHours | None
    emergency: bool
    text: str
    provenance: Provenance
    audience: tuple[str, ...]
    verified_on: date
    verify_by: date
    web: tuple[str, ...] = ()
    moved: Move | None = None

    @property
    def code(self) -> str:
        """Return the code of the helpline's screen: its number without spaces."""
        return self.number.replace(" ", "")

    def is_overdue(self, today: date) -> bool:
        """Return whether the entry should have been compared with its source by now."""
        return today > self.verify_by


@dataclass(frozen=True)
class Passage:
    """One screen of a topic, in English.

    A passage with a `title` is a choice on the topic's first screen. One without a title continues
    the passage before it. `see` are codes of other topics, or of passages with a title. `yes` and
    `no` are set on a question: the codes that its answers lead to.
    """

    code: str
    title: str | None
    text: str
    see: tuple[str, ...]
    yes: str | None
    no: str | None
    provenance: Provenance
    web: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One file in content/topics/.

    Without passages it is a menu of the topics below its code.
    """

    id: str
    code: str
    title: str
    also: tuple[str, ...]  # other codes for the topic
    passages: tuple[Passage, ...]


class Meaning(NamedTuple):
    """The meaning of a word in one language: the code of a screen."""

    language: str
    code: str
