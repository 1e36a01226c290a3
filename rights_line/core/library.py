"""All texts in all languages, as `library` reads them from the built file."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from rights_line.core import Utterance
from rights_line.core.model import Language
from rights_line.core.screen import Form, Screen
from rights_line.core.understanding.decision import SentenceReader
from rights_line.core.understanding.words.vocabulary import Titles, Vocabulary

ENGLISH = "en"
MULTILINGUAL = "mul"  # ISO 639-2: several languages in one text


@dataclass(frozen=True)
class SpokenEdition:
    """The texts for calls in one language, with every number spelled digit by digit."""

    voice: str = ""  # the provider's name for the text-to-speech voice; empty if there is none
    screens: Mapping[str, Screen] = field(default_factory=dict)  # code -> screen
    # name of SPOKEN_PHRASES -> phrase, if it is translated
    phrases: Mapping[str, str] = field(default_factory=dict)
    # code or name -> address of a recording, if there is one
    recordings: Mapping[str, str] = field(default_factory=dict)

    def say(self, name: str) -> tuple[Utterance, ...]:
        """Return a phrase as a recording or by the voice; nothing if it has neither."""
        text = self.phrases.get(name, "")
        if name in self.recordings:
            return (Utterance("", text, self.recordings[name]),)
        return (Utterance(self.voice, text),) if self.voice and text else ()


# The helplines in one sentence, how to choose from the links, how to be transferred to a helpline.
SPOKEN_PHRASES = (HELPLINES, PRESS, CONNECT) = ("helplines", "press", "connect")


@dataclass(frozen=True)
class Edition:
    """All texts in one language."""

    language: Language
    form: Form
    screens: Mapping[str, Screen]  # code -> screen
    helplines: str  # in one sentence
    speech: SpokenEdition = SpokenEdition()  # the texts for calls
    interpreter: str = ""  # how to ask for an interpreter: above the screens that are in English
    withheld: tuple[str, ...] = ()  # codes of unapproved screens, which show the helplines
    links: Mapping[str, str] = field(default_factory=dict)  # code of a topic -> its line in a list
    stateless_links: Mapping[str, str] = field(default_factory=dict)  # no session: with the word


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
    transfer_codes: tuple[str, ...]  # the screens that offer it


class SessionTexts(NamedTuple):
    """A reply in a session, and without one."""

    text: str
    stateless_text: str


class LanguageList(NamedTuple):
    """The languages by SMS, in two short parts."""

    first: SessionTexts
    rest: SessionTexts


@dataclass(frozen=True)
class SharedTexts:
    """The texts, languages and codes that belong to no edition."""

    languages: Mapping[str, Language]  # tag -> each recognised language, in the order of numbers
    numbers: Mapping[str, str]  # number of a language in the list -> its tag
    unsupported: Mapping[str, SessionTexts]  # tag -> replies, for those without an edition
    default: str  # tag of the edition that shows a helpline before a language is chosen
    start: str  # the start screen, with languages by number
    start_stateless: str  # the same without a session: languages by word
    listing: str  # the helplines, and all languages by number, for USSD pages
    lists: Mapping[str, LanguageList]  # script of the session's language, or "" -> the same by SMS
    helplines: str  # the helplines at the top of the start screen
    fallback: str  # the fallback response, sent after an error
    throttled: str  # the short line, sent to a sender who has reached a rate limit
    goodbye: str  # the neutral reply that ends a session
    write_first: str  # asks for what happened, after a second text without content
    voice: VoicePrompts
    codes: Mapping[str, str]  # digits that may be sent -> code of a screen
    minors: str  # code of the topic for minors; empty without one
    another_minor: str  # code of the screen about a child that one worries about; empty without one
    another_adult: str  # the same about an adult
    own_children: str  # code of the screen about the sender's children; empty without one
    minor_goes_home: str  # the same about a minor who wants to go home, below that for adults
    own_lines: tuple[str, ...]  # lines of our texts, normalised and sorted, to recognise quotes


@dataclass(frozen=True)
class Library(SharedTexts):
    """All editions, and the vocabulary that leads to their screens."""

    editions: Mapping[str, Edition]  # tag -> edition, for each language with texts
    latin_editions: Mapping[str, Edition]  # the same in Latin letters, where people write so
    contact_codes: frozenset[str]  # codes of helplines' screens; each is the helpline's own number
    emergency_codes: frozenset[str]  # codes of the danger screens and of emergency numbers
    urgent_codes: frozenset[str]  # the same, and the doctor's: they have the line of helplines
    minor_codes: frozenset[str]  # codes of all screens for minors
    vocabulary: Vocabulary
    titles: Titles  # the lines of menus
    holidays: Container[date] = frozenset()  # public holidays of the country
    reader: SentenceReader | None = field(default=None, repr=False)  # None: the rules alone read

    @property
    def without_model(self) -> Library:
        """The same, read by the rules alone: the model takes most of the time of a text."""
        return replace(self, reader=None)
