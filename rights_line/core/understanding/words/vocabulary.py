"""The words, phrases and titles that are understood, in lookup tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core import ACTS
from rights_line.core.understanding.words import Spelling
from rights_line.core.understanding.words.ages import Ages
from rights_line.core.understanding.words.courtesy import Courtesy
from rights_line.core.understanding.words.language_model import LanguageModel
from rights_line.core.understanding.words.scripts import OwnLetters
from rights_line.core.understanding.words.tables import HashTable, PhraseTable, SlipTable

# Shorter words are one typo from common words of other languages: "beaten" from Norwegian "båten".
MIN_FUZZY_LENGTH = 8
# Emergency words take precedence over all others, so they must be longer still.
MIN_FUZZY_EMERGENCY_LENGTH = 9
# The name of a language counts only as the whole text, so it may be shorter.
MIN_FUZZY_NAME_LENGTH = 7


class Kind(Enum):
    """How the phrases of a concept compete with those of others."""

    EMERGENCY = "emergency"  # wins anywhere in a text
    TOPIC = "topic"
    GREETING = "greeting"  # taken out at both ends of a text; a meaning only if nothing is left
    ACT = "act"  # counts as the whole text only
    HARMLESS = "harmless"  # leads nowhere: hides the shorter phrases inside it


class Concept(NamedTuple):
    """One row of content/concepts.yaml, or a topic."""

    id: str  # the key in words.yaml
    kind: Kind  # how its phrases compete with others
    code: str  # the code of the screen it leads to; empty if it is harmless
    position: int  # its place in the file: the first concept wins among phrases of equal length
    also: tuple[str, ...] = ()  # codes of other screens that would be a good answer
    is_certain: bool = False  # whether its phrases outweigh the sentence model
    is_aside: bool = False  # whether it gives way to anything else that a text names
    never: tuple[str, ...] = ()  # codes of screens that are wrong for whoever means it

    @property
    def is_call(self) -> bool:
        """Whether it is an act that calls for a screen: "he is here"."""
        return self.kind is Kind.ACT and self.code not in ACTS

    @property
    def is_need(self) -> bool:
        """Whether it is a topic or an emergency, and not what people say besides."""
        return self.kind in (Kind.EMERGENCY, Kind.TOPIC)


class Entry(NamedTuple):
    """The meaning of a phrase: the same in all languages that have it."""

    concept: Concept
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words and phrases that are understood, normalised."""

    language_words: PhraseTable[tuple[str, ...]]  # word or name -> tags of languages called that
    long_names: SlipTable[tuple[str, ...]]  # the long ones; understood with one typing error
    phrases: PhraseTable[Entry]  # word or phrase -> its concept, and the languages that have it
    common_words: frozenset[str]  # words that people write in any language
    numbers: Mapping[str, str]  # number word -> digit, if it means nothing else in any language
    joiners: frozenset[str]  # words that stand between two codes, such as "and"
    long_words: SlipTable[Entry]  # of one language only; understood with one typing error
    long_emergency: SlipTable[Entry]  # the same for emergency words
    scripts: Mapping[str, tuple[str, ...]]  # script but Latin -> tags, those with an edition first
    language_model: LanguageModel  # recognises the language of a sentence
    courtesy: Courtesy[Entry]  # words of greeting, help and politeness
    origins: PhraseTable[tuple[str, ...]]  # words before the name of a country -> languages
    ages: Ages  # how people tell their age
    swallowed: Mapping[str, tuple[str, ...]]  # "i took 0", for any number -> languages
    own_letters: Mapping[str, OwnLetters]  # tag -> how it is read in Latin letters
    spelling: Spelling  # folds a text, as all words and phrases above are folded
    accents: HashTable[str]  # phrase -> its spellings, one a line: the accents of each word


# Opt-out words of providers (twilio.com/docs/messaging/tutorials/advanced-opt-out, and STOPP in
# Norway). We obey them if they reach us, and never ask a sender to write one.
OPT_OUT = frozenset(
    "stop stopp stopall unsubscribe end quit cancel revoke optout arret td стоп".split()  # noqa: SIM905
)
YES = "yes"  # subscribes at the provider; in a session it is an answer, too
OTHER_RESERVED = frozenset(["help", "info", "start", YES, "unstop"])
# Sorted, so that a message always names the same one.
_RESERVED = sorted(OPT_OUT | OTHER_RESERVED)
_OPT_OUT = sorted(OPT_OUT)


def reason(word: str, leads_home: bool = False) -> str:
    """Return why a normalised word must not be used as a keyword; empty if it may be.

    A word one letter from a reserved word is rejected, since a typing error would give the
    reserved word. A word that leads to the menu (`leads_home`) may be one letter from HELP, as
    "hjelp" is, because HELP leads there too.
    """
    if word in _RESERVED:
        return "is a reserved word"
    similar = _OPT_OUT if leads_home else _RESERVED
    near = process.extractOne(word, similar, scorer=OSA.distance, score_cutoff=1)
    return f"is one letter from the reserved word {near[0]}" if near else ""


_MIN_SLIP = 4  # letters of a title that is understood with one typing error
# A code has at most eight digits; without the limit, a text of digits takes quadratic time.
_NUMBERED = (
    re.compile(r"(?P<number>\d{1,8}) ?(?P<title>.*)"),
    re.compile(r"(?P<title>.*?) ?(?P<number>\d{1,8})"),
)


class Titles:
    """The titles of all screens, normalised: language -> title -> code.

    Somebody who reads "4 Work" in a menu may answer with the word.
    """

    def __init__(self, codes: Mapping[str, Mapping[str, str]]) -> None:
        self._codes = codes

    def find(self, words: str, language: str | None) -> tuple[str, tuple[str, ...]] | None:
        """Return the code that a text names, and the languages in which it does.

        The number of the line may stand before or after it. In a session its language comes first.
        """
        if found := self._titled(words, language):
            return found
        for numbered in filter(None, (pattern.fullmatch(words) for pattern in _NUMBERED)):
            found = self._titled(numbered["title"], language)
            if found and found[0] == numbered["number"]:
                return found
        return None

    def find_near(self, words: str, language: str | None) -> str:
        """Return the code that a text of a session names with one typing error, or nothing."""
        titles = self._codes.get(language or "", {})
        near = process.extract(
            words, titles.keys(), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        codes = {titles[title] for title, _, _ in near if len(title) >= _MIN_SLIP}
        return codes.pop() if len(codes) == 1 else ""

    def _titled(self, words: str, language: str | None) -> tuple[str, tuple[str, ...]] | None:
        if language and (code := self._codes.get(language, {}).get(words)):
            return code, (language,)
        found = {tag: code for tag, codes in self._codes.items() if (code := codes.get(words))}
        codes = {*found.values()}
        return (codes.pop(), tuple(found)) if len(codes) == 1 else None
