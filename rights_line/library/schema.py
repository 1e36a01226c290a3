"""The content of library.json: finished texts and words, the data of pages, and their state.

Texts of one language stand once: a reply joins the parts of a screen (`core/screen.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rights_line.core.library import Edition, SharedTexts
from rights_line.core.model import Chapter, Contact, Country
from rights_line.core.opening_hours import PublicHolidays
from rights_line.core.screen import Phrase
from rights_line.core.understanding.choice import Costs, Unsure
from rights_line.core.understanding.evidence import Weights
from rights_line.core.understanding.words import Spelling
from rights_line.core.understanding.words.tables import LENGTHS, Beginnings, check_entries
from rights_line.core.understanding.words.vocabulary import Concept
from rights_line.settings import Serve

# Languages, joined by spaces -> texts that all of them have, one a line.
ByLanguages = Mapping[str, str]


@dataclass(frozen=True)
class Codes:
    """Codes of screens with rules of their own; the fields are named as in `Library`."""

    contact: tuple[str, ...]
    emergency: tuple[str, ...]
    urgent: tuple[str, ...]
    minor: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """All phrases, as `PhraseTable` reads them."""

    meanings: tuple[tuple[str, str], ...]  # id of a concept, and tags of languages, with spaces
    entries: bytes  # of `hash_entries`
    beginnings: Beginnings

    def __post_init__(self) -> None:
        check_entries(self.entries, len(self.meanings))
        for lengths in self.beginnings:
            check_entries(lengths, len(LENGTHS))


@dataclass(frozen=True)
class Known:
    """The words that tell a language, as `HashTable` reads them."""

    languages: tuple[str, ...]  # tags, with spaces
    entries: bytes

    def __post_init__(self) -> None:
        check_entries(self.entries, len(self.languages))


@dataclass(frozen=True)
class Words:
    """What people may write, normalised and with one spelling."""

    concepts: tuple[Concept, ...]
    phrases: Phrases
    greetings: tuple[str, ...]  # phrases of words around what somebody says
    language_names: ByLanguages
    common: tuple[str, ...]  # words that people write in any language
    numbers: Mapping[str, str]  # number word -> digit
    joiners: tuple[str, ...]
    long: tuple[str, ...]  # phrases that are understood with one typing error ...
    long_emergency: tuple[str, ...]  # ... and those of emergencies
    hello: tuple[str, ...]  # greetings of any language
    courtesy: str  # id of the concept of those; empty without one
    scripts: Mapping[str, tuple[str, ...]]
    known: Known
    letters: Mapping[str, tuple[str, str]]  # tag -> words in Latin and in other letters
    alphabets: Mapping[str, str]
    other_languages: Mapping[str, str]  # tag -> words that tell it, between spaces
    origins: ByLanguages
    my_age: ByLanguages
    age_words: Mapping[str, int]
    units: tuple[str, ...]
    others: tuple[str, ...]
    own_letters: Mapping[str, Mapping[str, str]]  # tag -> Latin letters -> those of the language
    spelling: Spelling
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # tag -> title -> code
    swallowed: ByLanguages = field(default_factory=dict)
    accents: Mapping[str, str] = field(default_factory=dict)  # spellings -> phrases, one a line


@dataclass(frozen=True)
class Decision:
    """How sentences are decided on, with the sentence model."""

    costs: Costs
    weights: Weights
    unsure: Unsure
    topics: Mapping[str, str] = field(default_factory=dict)  # code of a topic -> its id
    topic_of: Mapping[str, str] = field(default_factory=dict)  # code of a sub-screen -> its topic


@dataclass(frozen=True)
class Pages:
    """The texts of web pages and cards that belong to no screen."""

    country: Country
    contacts: Mapping[str, Contact]
    outreach: tuple[Chapter, ...]
    phrases: Mapping[str, Mapping[str, Phrase]]  # tag -> name -> sentence of a page
    card_phrases: Mapping[str, Mapping[str, Phrase]]  # tag -> name -> sentence that may be printed
    say: str  # what to say on the phone, in the languages of the helplines
    dial: str  # that a code may be dialled
    named_codes: Mapping[str, tuple[str, ...]]  # code of a screen -> codes that it says to send
    answers: Mapping[str, tuple[str, ...]]  # code of a screen -> codes of its links to yes and no
    safety: tuple[str, ...]  # codes of the screens about a safe phone, and about who sees this
    topics: Mapping[str, str]  # id of a topic -> English title
    texts: Mapping[str, str]  # tag -> `full`, `short` or `started`


@dataclass(frozen=True)
class State:
    """The state of the texts: what /healthz says of them."""

    languages: Mapping[str, str]  # tag -> `approved`, `partial` or `draft`
    problems: tuple[str, ...]
    waiting: tuple[str, ...]  # sentences about translations that are missing
    lacking: Mapping[str, tuple[str, ...]]  # tag -> msgctxts that lost their approval


@dataclass(frozen=True)
class Choices:
    """The settings that the texts were built with."""

    serve: Serve
    languages: tuple[str, ...] = ()
    audio_url: str = ""
    operator: str = ""


@dataclass(frozen=True)
class Built:
    """The content of library.json."""

    format: Literal[3]  # a line reads no other
    built_for: Choices
    state: State
    shared: SharedTexts
    codes: Codes
    editions: Mapping[str, Edition]
    latin_editions: Mapping[str, Edition]
    holidays: PublicHolidays
    words: Words
    decision: Decision | None
    model: str  # the SHA-256 of the sentence model; empty if the rules alone read
    pages: Pages
