"""The words and phrases that are understood, in lookup tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rights_line.core.understanding.language.language_model import LanguageModel
from rights_line.core.understanding.text.spelling import Spelling
from rights_line.core.understanding.words.phrase_table import PhraseTable
from rights_line.core.understanding.words.slips import SlipTable

# Shorter words are one typo from common words of other languages: "beaten" from Norwegian "båten".
MIN_FUZZY_LENGTH = 8
# Emergency words take precedence over all others, so they must be longer still.
MIN_FUZZY_EMERGENCY_LENGTH = 9


class Kind(Enum):
    """How the phrases of a concept compete with those of others."""

    EMERGENCY = "emergency"  # wins anywhere in a text
    TOPIC = "topic"
    GREETING = "greeting"  # counts if the text has no topic
    CLOSING = "closing"  # counts as the whole text only
    HARMLESS = "harmless"  # leads nowhere: hides the shorter phrases inside it


class Concept(NamedTuple):
    """One row of content/concepts.yaml, or a topic.

    Attributes:
        id: the key in words.yaml.
        kind: how its phrases compete with others.
        code: the code of the screen it leads to; empty if it is harmless.
        position: its place in the file: the first concept wins among phrases of equal length.
        also: codes of other screens that would be a good answer.
    """

    id: str
    kind: Kind
    code: str
    position: int
    also: tuple[str, ...] = ()


class Entry(NamedTuple):
    """The meaning of a phrase: the same in all languages that have it."""

    concept: Concept
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words and phrases that are understood, normalised (core/understanding/text/normalise.py).

    Attributes:
        language_words: word or name of a language -> tags of the languages called that.
        phrases: word or phrase -> its concept, and the languages that have it.
        closing: the same for words that end a conversation if they are the whole text.
        common_words: words that people write in any language.
        numbers: number word -> digit, if it means nothing else in any language.
        joiners: words that stand between two codes, such as "and".
        long_words: word of one language only -> its meaning; understood with one typing error.
        long_emergency: the same for emergency words.
        scripts: ISO 15924 code of a script other than Latin -> tags of the languages written in
            it, those with an edition first.
        language_model: recognises the language of a sentence.
        spelling: folds a text, as all words and phrases above are folded.
    """

    language_words: PhraseTable[tuple[str, ...]]
    phrases: PhraseTable[Entry]
    closing: Mapping[str, Entry]
    common_words: frozenset[str]
    numbers: Mapping[str, str]
    joiners: frozenset[str]
    long_words: SlipTable[Entry]
    long_emergency: SlipTable[Entry]
    scripts: Mapping[str, tuple[str, ...]]
    language_model: LanguageModel
    spelling: Spelling
