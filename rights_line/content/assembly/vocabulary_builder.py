"""Combine every language's words.yaml into the words of library.json."""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import NamedTuple

from rights_line.content.checks.phrase_meanings import FoldedPhrases
from rights_line.content.files.concepts import ConceptRow
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.content.files.schema import AGES
from rights_line.core.understanding.language.language_model import LanguageModel, words_in_letters
from rights_line.core.understanding.text.normalise import normalise, normalise_lines
from rights_line.core.understanding.text.scripts import UNSPACED
from rights_line.core.understanding.words import reserved_words
from rights_line.core.understanding.words.vocabulary import (
    MIN_FUZZY_EMERGENCY_LENGTH,
    MIN_FUZZY_LENGTH,
    Entry,
    Kind,
)
from rights_line.library.schema import Words

COURTESY = "courtesy"  # the concept of words around what somebody says
EMERGENCY = "danger"  # the topic that emergency words lead to
# Screens whose words must match exactly: a wrong guess here could harm the sender.
NO_FUZZY = ("police", "under_18")
_PLACEHOLDER = re.compile(r"\{\w+\}")


class LanguageSamples(NamedTuple):
    """Texts to recognise languages by, besides the words and the translations.

    Attributes:
        english: the texts in English, which has no catalog.
        others: tag -> frequent words, for languages that the line does not have.
    """

    english: Iterable[str]
    others: Mapping[str, Set[str]]


def build_words(
    languages: Mapping[str, LanguageSource],
    concepts: Mapping[str, ConceptRow],
    phrases: FoldedPhrases,
    samples: LanguageSamples,
    supported: Container[str],
) -> Words:
    """Return the words of all languages, without the titles of screens.

    Args:
        languages: tag -> language.
        concepts: id -> concept.
        phrases: the meanings of the folded phrases, and what folds the other words.
        samples: more texts to recognise languages by.
        supported: the tags of the languages that have an edition.
    """
    sources = list(languages.values())
    fold = phrases.spelling.fold
    entries = {phrase: found[0] for phrase, found in phrases.meanings.items()}
    exact = {concepts[name].concept.code for name in NO_FUZZY if name in concepts}
    names = _language_names(sources, fold)
    scripts = _scripts(languages, supported)
    alphabets = {tags[0]: script for script, tags in scripts.items() if len(tags) == 1}
    known, letters = _language_model_words(sources, concepts, samples.english)

    def words(key: str) -> tuple[str, ...]:
        return tuple(sorted({*map(fold, _words(key, sources))}))

    return Words(
        concepts=tuple(row.concept for row in concepts.values()),
        phrases=_phrases_by_concept(entries),
        language_names=_by_languages(names),
        common=tuple(sorted({*words("everyone"), *words("hello")})),
        numbers={
            fold(word): digit
            for word, digit in _number_words(
                sources, LanguageModel(known.get, {}, alphabets, {}), fold, (names, entries)
            ).items()
        },
        joiners=words("joiners"),
        long=_fuzzy_words(entries, (Kind.TOPIC, Kind.GREETING), MIN_FUZZY_LENGTH, exact),
        long_emergency=_fuzzy_words(entries, (Kind.EMERGENCY,), MIN_FUZZY_EMERGENCY_LENGTH),
        hello=words("hello"),
        courtesy=COURTESY if COURTESY in concepts else "",
        scripts=scripts,
        known=_by_languages(known, " "),
        letters=letters,
        alphabets=alphabets,
        other_languages={tag: " ".join(sorted(found)) for tag, found in samples.others.items()},
        origins=_by_languages(_with_languages("i_am_from", sources, fold)),
        my_age=_by_languages(_with_languages("my_age", sources, fold)),
        age_words=_age_words(sources, fold),
        units=words("units"),
        others=words("others"),
        spelling=phrases.spelling,
    )


def _by_languages(found: Mapping[str, Iterable[str]], separator: str = "\n") -> dict[str, str]:
    """Return languages, joined by spaces -> the texts that all of them have, sorted."""
    groups: dict[str, list[str]] = defaultdict(list)
    for text, tags in found.items():
        groups[" ".join(tags)].append(text)
    return {tags: separator.join(sorted(texts)) for tags, texts in groups.items()}


def _phrases_by_concept(entries: Mapping[str, Entry]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, Iterable[str]]] = defaultdict(dict)
    for phrase, (concept, tags) in entries.items():
        found[concept.id][phrase] = tags
    return {name: _by_languages(phrases) for name, phrases in found.items()}


def _age_words(sources: Sequence[LanguageSource], fold: Callable[[str], str]) -> dict[str, int]:
    return {
        fold(normalise(word)): number
        for source in sources
        for number, line in zip(AGES, source.written_words.get("ages", ()), strict=False)
        for word in line.split("/")
    }


def _with_languages(
    key: str, sources: Iterable[LanguageSource], fold: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a key -> the languages that have them."""
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        for phrase in dict.fromkeys(map(fold, source.normalised_words.get(key, ()))):
            found[phrase] = (*found.get(phrase, ()), source.language.tag)
    return found


def _words(key: str, sources: Iterable[LanguageSource]) -> Iterator[str]:
    for source in sources:
        yield from source.normalised_words.get(key, ())


def _language_names(
    sources: Iterable[LanguageSource], fold: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """Return the name of a language -> the tags of all languages with that name."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for source in sources:
        for name in filter(None, map(normalise, source.language_names())):
            found[fold(name)][source.language.tag] = None
    return {name: tuple(tags) for name, tags in found.items()}


def _number_words(
    sources: Iterable[LanguageSource],
    model: LanguageModel,
    fold: Callable[[str], str],
    taken: Iterable[Container[str]],
) -> dict[str, str]:
    """Return number word -> digit, without words that mean something else in any language."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for source in sources:
        for digit, word in enumerate(source.normalised_words.get("numbers", ()), start=1):
            found[word][source.language.tag] = str(digit)
    return {
        word: next(iter(digits.values()))
        for word, digits in found.items()
        if len({*digits.values()}) == 1 and digits.keys() >= {*model.languages_of_word(word)}
        if not any(fold(word) in table for table in taken) and not reserved_words.reason(word)
    }


def _fuzzy_words(
    entries: Mapping[str, Entry],
    kinds: Container[Kind],
    min_length: int,
    exact: Container[str] = (),
) -> tuple[str, ...]:
    """Return the words of some kinds that may be matched with one typo.

    They are long, consist of letters, and belong to one language. Words that lead to a code in
    `exact` are left out.
    """
    words = (
        word
        for word, entry in entries.items()
        if len(word) >= min_length
        and word.isalpha()
        and len(entry.languages) == 1
        and entry.concept.kind in kinds
        and entry.concept.code not in exact
        and not UNSPACED.search(word)
    )
    return tuple(sorted(words))


def _scripts(
    languages: Mapping[str, LanguageSource], supported: Container[str]
) -> dict[str, tuple[str, ...]]:
    """Return each script except Latin -> the tags of its languages, supported ones first."""
    found: dict[str, list[str]] = defaultdict(list)
    for tag, source in sorted(languages.items(), key=lambda pair: pair[0] not in supported):
        found[source.language.script].append(tag)
    found.pop("Latn", None)
    return {script: tuple(tags) for script, tags in found.items()}


def _language_model_words(
    sources: Iterable[LanguageSource], concepts: Mapping[str, ConceptRow], english: Iterable[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, str]]]:
    """Return each word -> its languages; and the words whose letters tell each language."""
    known: dict[str, tuple[str, ...]] = {}
    letters = {}
    for source in sources:
        tag = source.language.tag
        keys = (*concepts, "numbers", "joiners")
        phrases = chain.from_iterable(source.normalised_words.get(key, ()) for key in keys)
        texts = english if tag == ENGLISH else source.translations.values()
        words = sorted({*source.common_words.split(), *" ".join(phrases).split()})
        for word in sorted({*words, *_words_in_texts(texts)}):
            known[word] = (*known.get(word, ()), tag)
        latin, other = (" ".join(words_in_letters(words, is_latin)) for is_latin in (True, False))
        letters[tag] = latin, other
    return known, letters


def _words_in_texts(texts: Iterable[str]) -> set[str]:
    """Return the words of texts, normalised."""
    raw = {*_PLACEHOLDER.sub(" ", "\n".join(texts)).split()}
    words = " ".join(normalise_lines([*raw])).split()
    return {word for word in words if not word.isdecimal()}
