"""The words and phrases that are understood, in lookup tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rights_line.core.understanding.language.language_model import LanguageModel
from rights_line.core.understanding.text.spelling import Spelling
from rights_line.core.understanding.words.ages import Ages
from rights_line.core.understanding.words.courtesy import Courtesy
from rights_line.core.understanding.words.own_letters import OwnLetters
from rights_line.core.understanding.words.phrase_table import PhraseTable
from rights_line.core.understanding.words.slips import SlipTable

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


class Entry(NamedTuple):
    """The meaning of a phrase: the same in all languages that have it."""

    concept: Concept
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words and phrases that are understood, normalised (text/normalise.py)."""

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
    own_letters: Mapping[str, OwnLetters]  # tag -> how it is read in Latin letters
    spelling: Spelling  # folds a text, as all words and phrases above are folded
