"""The vocabulary of the library: languages, helplines, topics and their provenance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from rights_line.core.opening_hours import WeeklyHours


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


class Meaning(NamedTuple):
    """What a word means: a screen, in the language it was written in."""

    language: str
    code: str
