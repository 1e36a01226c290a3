"""Combine every language's words.yaml into lookup tables of normalised words."""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import NamedTuple

from rights_line.content.checks.phrase_meanings import FoldedPhrases
from rights_line.content.files.concepts import ConceptRow
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.content.files.schema import AGES
from rights_line.core.fixed_codes import ACTS
from rights_line.core.understanding.language.language_model import LanguageModel, LanguageWords
from rights_line.core.understanding.text.normalise import normalise, normalise_lines
from rights_line.core.understanding.text.scripts import UNSPACED
from rights_line.core.understanding.words.ages import Ages
from rights_line.core.understanding.words.courtesy import Courtesy
from rights_line.core.understanding.words.phrase_table import PhraseTable
from rights_line.core.understanding.words.reserved_words import reserved_word_reason
from rights_line.core.understanding.words.slips import SlipTable
from rights_line.core.understanding.words.vocabulary import (
    MIN_FUZZY_EMERGENCY_LENGTH,
    MIN_FUZZY_LENGTH,
    MIN_FUZZY_NAME_LENGTH,
    Entry,
    Kind,
    Vocabulary,
)

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


def build_vocabulary(
    languages: Mapping[str, LanguageSource],
    concepts: Mapping[str, ConceptRow],
    phrases: FoldedPhrases,
    samples: LanguageSamples,
    supported: Container[str],
) -> Vocabulary:
    """Return the vocabulary of all languages.

    Args:
        languages: tag -> language.
        concepts: id -> concept.
        phrases: the meanings of the folded phrases, and what folds the other words.
        samples: more texts to recognise languages by.
        supported: the tags of the languages that have an edition.
    """
    sources = list(languages.values())
    fold = phrases.spelling.fold_spelling
    entries = {phrase: found[0] for phrase, found in phrases.meanings.items()}
    exact = {concepts[name].concept.code for name in NO_FUZZY if name in concepts}
    names = _language_words(sources, fold)
    scripts = _vocabulary_scripts(languages, supported)
    alphabets = {tags[0]: script for script, tags in scripts.items() if len(tags) == 1}
    model = LanguageModel(
        _language_model_words(sources, concepts, samples.english), alphabets, samples.others
    )
    return Vocabulary(
        language_words=PhraseTable(names),
        long_names=SlipTable(
            {name: tags for name, tags in names.items() if len(name) >= MIN_FUZZY_NAME_LENGTH}
        ),
        phrases=PhraseTable(entries),
        common_words=frozenset(
            fold(word) for key in ("everyone", "hello") for word in _vocabulary_words(key, sources)
        ),
        numbers={
            fold(word): digit
            for word, digit in _number_words(sources, model, fold, (names, entries)).items()
        },
        joiners=frozenset(map(fold, _vocabulary_words("joiners", sources))),
        long_words=_fuzzy_words(entries, (Kind.TOPIC, Kind.GREETING), MIN_FUZZY_LENGTH, exact),
        long_emergency=_fuzzy_words(entries, (Kind.EMERGENCY,), MIN_FUZZY_EMERGENCY_LENGTH),
        scripts=scripts,
        language_model=model,
        courtesy=_courtesy(entries, sources, concepts, fold),
        origins=PhraseTable(_with_languages("i_am_from", sources, fold)),
        ages=_ages(sources, fold),
        spelling=phrases.spelling,
    )


def _courtesy(
    entries: Mapping[str, Entry],
    sources: Iterable[LanguageSource],
    concepts: Mapping[str, ConceptRow],
    fold: Callable[[str], str],
) -> Courtesy[Entry]:
    """Return the phrases of greetings, thanks and goodbye, and the greetings of any language."""
    found = {text: entry for text, entry in entries.items() if entry.concept.kind is Kind.GREETING}
    if COURTESY in concepts:
        hello = Entry(concepts[COURTESY].concept, ())
        found |= {fold(word): hello for word in _vocabulary_words("hello", sources)}
    answered = frozenset(text for text, entry in found.items() if entry.concept.code in ACTS)
    return Courtesy(found, fold, answered)


def _ages(sources: Sequence[LanguageSource], fold: Callable[[str], str]) -> Ages:
    numbers = {
        fold(normalise(word)): number
        for source in sources
        for number, line in zip(AGES, source.written_words.get("ages", ()), strict=False)
        for word in line.split("/")
    }
    units = {*map(fold, _vocabulary_words("units", sources))}
    others = map(fold, _vocabulary_words("others", sources))
    return Ages(_with_languages("my_age", sources, fold), numbers, units, others)


def _with_languages(
    key: str, sources: Iterable[LanguageSource], fold: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a key -> the languages that have them."""
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        for phrase in {*map(fold, source.normalised_words.get(key, ()))}:
            found[phrase] = (*found.get(phrase, ()), source.language.tag)
    return found


def _vocabulary_words(key: str, sources: Iterable[LanguageSource]) -> Iterator[str]:
    for source in sources:
        yield from source.normalised_words.get(key, ())


def _language_words(
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
        if not any(fold(word) in table for table in taken) and not reserved_word_reason(word)
    }


def _fuzzy_words(
    entries: Mapping[str, Entry],
    kinds: Container[Kind],
    min_length: int,
    exact: Container[str] = (),
) -> SlipTable[Entry]:
    """Return the words of some kinds that may be matched with one typo.

    They are long, consist of letters, and belong to one language. Words that lead to a code in
    `exact` are left out.
    """
    words = {
        word: entry
        for word, entry in entries.items()
        if len(word) >= min_length
        and word.isalpha()
        and len(entry.languages) == 1
        and entry.concept.kind in kinds
        and entry.concept.code not in exact
        and not UNSPACED.search(word)
    }
    return SlipTable(words)


def _vocabulary_scripts(
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
) -> Iterator[LanguageWords]:
    """Yield the words of each language, one after the other to need less memory."""
    for source in sources:
        tag = source.language.tag
        keys = (*concepts, "numbers", "joiners")
        phrases = chain.from_iterable(source.normalised_words.get(key, ()) for key in keys)
        texts = english if tag == ENGLISH else source.translations.values()
        words = {*source.common_words.split(), *" ".join(phrases).split()}
        yield LanguageWords(tag, words, _words_in_texts(texts))


def _words_in_texts(texts: Iterable[str]) -> set[str]:
    """Return the words of texts, normalised."""
    raw = {*_PLACEHOLDER.sub(" ", "\n".join(texts)).split()}
    words = " ".join(normalise_lines([*raw])).split()
    return {word for word in words if not word.isdecimal()}
