"""The words that lead to screens, in lookup tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from rights_line.core.model import Meaning

# Shorter words are one typo from common words of other languages: "beaten" from Norwegian "båten".
MIN_FUZZY_LENGTH = 8
# Emergency words take precedence over all others, so they must be longer still.
MIN_FUZZY_EMERGENCY_LENGTH = 9

Meanings = Mapping[str, tuple[Meaning, ...]]


@dataclass(frozen=True)
class Vocabulary:
    """The words and phrases that are understood, normalised (core/understanding/normalise.py).

    Attributes:
        language_words: word or name of a language -> tags of the languages called that.
        keywords: word or phrase -> its meanings, one for each language that has it.
        greetings: the same for greetings and general calls for help; keywords take precedence.
        emergency: the same for emergency phrases, which win anywhere in a text.
        closing: the same for words that end a session if they are the whole text.
        common_words: words that people write in any language.
        long_words: word of one language only -> its meaning; understood with one typing error.
        long_emergency: the same for emergency words.
        scripts: ISO 15924 code of a script other than Latin -> tags of the languages written in
            it, those with an edition first.
    """

    language_words: Mapping[str, tuple[str, ...]]
    keywords: Meanings
    greetings: Meanings
    emergency: Meanings
    closing: Meanings
    common_words: frozenset[str]
    long_words: Mapping[str, Meaning]
    long_emergency: Mapping[str, Meaning]
    scripts: Mapping[str, tuple[str, ...]]
