"""Combine every language's words.yaml into the words of library.json."""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree
from rights_line.content.assembly.pages import screen_titles
from rights_line.content.languages import ENGLISH, TONAL, LanguageSource
from rights_line.content.schema import AGES
from rights_line.core.understanding.words import normalise, normalise_lines, vocabulary
from rights_line.core.understanding.words.language_model import words_in_letters
from rights_line.core.understanding.words.scripts import UNSPACED, accents
from rights_line.core.understanding.words.tables import beginnings_of, hash_entries
from rights_line.core.understanding.words.vocabulary import Entry, Kind
from rights_line.library.schema import Known, Phrases, Words

COURTESY = "courtesy"  # the concept of words around what somebody says
# Screens whose words must match exactly: a wrong guess here could harm the sender.
NO_FUZZY = ("police", "under_18")
_SELF = "1"  # in my_age
_PLACEHOLDER = re.compile(r"\{\w+\}")

# Text -> the tags of the languages that have it.
Languages = Mapping[str, tuple[str, ...]]


def build_words(sources: ContentSources, tree: ScreenTree, supported: Container[str]) -> Words:
    """Return the words of all languages; `supported` are the tags of those with an edition."""
    rows, concepts, fold = [*sources.languages.values()], sources.concepts, sources.spelling.fold
    entries = {phrase: found[0] for phrase, found in sources.phrases.items()}
    exact = {concepts[name].concept.code for name in NO_FUZZY if name in concepts}
    names = _by_text(
        (fold(name), row.language.tag)
        for row in rows
        for name in filter(None, map(normalise, row.language_names()))
    )
    scripts = _scripts(rows, supported)
    known, letters = _known_words(sources)

    def phrases(key: str) -> Languages:
        """Return each phrase of a key of words.yaml -> its languages."""
        return _by_text(
            (fold(phrase), row.language.tag)
            for row in rows
            for phrase in row.normalised_words.get(key, ())
        )

    def words(*keys: str) -> tuple[str, ...]:
        return tuple(sorted({*chain.from_iterable(map(phrases, keys))}))

    return Words(
        concepts=tuple(row.concept for row in concepts.values()),
        phrases=_phrases(entries),
        greetings=tuple(
            sorted(text for text, row in entries.items() if row.concept.kind is Kind.GREETING)
        ),
        language_names=_by_languages(names),
        common=words("everyone", "hello"),
        numbers={
            fold(word): digit
            for word, digit in _numbers(rows, known)
            if fold(word) not in names and fold(word) not in entries
        },
        joiners=words("joiners"),
        long=_long_words(entries, (Kind.TOPIC, Kind.GREETING), vocabulary.MIN_FUZZY_LENGTH, exact),
        long_emergency=_long_words(
            entries, (Kind.EMERGENCY,), vocabulary.MIN_FUZZY_EMERGENCY_LENGTH
        ),
        hello=words("hello"),
        courtesy=COURTESY if COURTESY in concepts else "",
        scripts=scripts,
        known=_known(known),
        letters=letters,
        alphabets={tags[0]: script for script, tags in scripts.items() if len(tags) == 1},
        other_languages={
            tag: " ".join(sorted(found)) for tag, found in sources.other_languages.items()
        },
        origins=_by_languages(phrases("i_am_from")),
        my_age=_by_languages(_by_text(_told_ages(rows, fold))),
        swallowed=_by_languages(phrases("swallowed")),
        accents=_accents(sources, entries),
        age_words={fold(normalise(word)): age for word, age in _ages(rows)},
        units=words("units"),
        others=words("others"),
        own_letters=sources.own_letters,
        spelling=sources.spelling,
        titles=screen_titles(tree, sources.languages, fold),
    )


def _by_text(rows: Iterable[tuple[str, str]]) -> Languages:
    """Return each text -> its languages, of pairs of a text and the tag of a language."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for text, tag in rows:
        found[text][tag] = None
    return {text: tuple(tags) for text, tags in found.items()}


def _by_languages(found: Languages, separator: str = "\n") -> dict[str, str]:
    """Return languages, joined by spaces -> the texts that all of them have, sorted."""
    groups: dict[str, list[str]] = defaultdict(list)
    for text, tags in found.items():
        groups[" ".join(tags)].append(text)
    return {tags: separator.join(sorted(texts)) for tags, texts in groups.items()}


def _phrases(entries: Mapping[str, Entry]) -> Phrases:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for phrase, (concept, tags) in entries.items():
        groups[concept.id, " ".join(tags)].append(phrase)
    return Phrases(tuple(groups), hash_entries(groups.values()), beginnings_of(entries))


def _known(found: Languages) -> Known:
    groups = _by_languages(found, " ")
    return Known(tuple(groups), hash_entries(text.split() for text in groups.values()))


def _accents(sources: ContentSources, entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return the accents of each word, a line a spelling -> the phrases with them, one a line.

    Only phrases of one language, in which other accents make another word.
    """
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for tag in TONAL & sources.languages.keys():
        row = sources.languages[tag]
        for concept in sources.concepts:
            written = row.written_words.get(concept, ())
            for phrase, text in zip(row.normalised_words.get(concept, ()), written, strict=True):
                folded, marks = sources.spelling.fold(phrase), accents(text)
                is_aligned = len(marks) == len(folded.split())
                if is_aligned and entries[folded].languages == (tag,):
                    found[folded][" ".join(marks)] = None
    groups: dict[str, list[str]] = defaultdict(list)
    for phrase, spellings in found.items():
        groups["\n".join(sorted(spellings))].append(phrase)
    return {spellings: "\n".join(sorted(texts)) for spellings, texts in groups.items()}


def _ages(rows: Iterable[LanguageSource]) -> Iterator[tuple[str, int]]:
    for row in rows:
        for age, line in zip(AGES, row.written_words.get("ages", ()), strict=False):
            for word in line.split("/"):
                yield word, age


def _told_ages(
    rows: Iterable[LanguageSource], fold: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Yield how people tell their age, with each word for themselves in place of 1."""
    for row in rows:
        words = row.normalised_words
        for phrase in words.get("my_age", ()):
            for who in words.get("selves", ()) if _SELF in phrase else ("",):
                yield fold(phrase.replace(_SELF, who)), row.language.tag


def _numbers(rows: Iterable[LanguageSource], known: Languages) -> Iterator[tuple[str, str]]:
    """Yield number words and digits, without words that mean something else in any language."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for digit, word in enumerate(row.normalised_words.get("numbers", ()), start=1):
            found[word][row.language.tag] = str(digit)
    for word, digits in found.items():
        is_clear = len({*digits.values()}) == 1 and digits.keys() >= {*known.get(word, ())}
        if is_clear and not vocabulary.reason(word):
            yield word, next(iter(digits.values()))


def _long_words(
    entries: Mapping[str, Entry],
    kinds: Container[Kind],
    min_length: int,
    exact: Container[str] = (),
) -> tuple[str, ...]:
    """Return the words of some kinds that may be matched with one typo.

    They are long, consist of letters, and belong to one language. Words that lead to a code in
    `exact` are left out.
    """
    return tuple(
        sorted(
            word
            for word, (concept, languages) in entries.items()
            if len(word) >= min_length and word.isalpha() and not UNSPACED.search(word)
            if concept.kind in kinds and concept.code not in exact and len(languages) == 1
        )
    )


def _scripts(rows: Sequence[LanguageSource], supported: Container[str]) -> Languages:
    """Return each script except Latin -> the tags of its languages, supported ones first."""
    languages = sorted((row.language for row in rows), key=lambda row: row.tag not in supported)
    return _by_text((row.script, row.tag) for row in languages if row.script != "Latn")


def _known_words(sources: ContentSources) -> tuple[Languages, dict[str, tuple[str, str]]]:
    """Return each word -> its languages; and the words whose letters tell each language."""
    known: list[tuple[str, str]] = []
    letters = {}
    for tag, row in sources.languages.items():
        keys = (*sources.concepts, "numbers", "joiners")
        phrases = chain.from_iterable(row.normalised_words.get(key, ()) for key in keys)
        english = (text.message for text in sources.texts)
        texts = english if tag == ENGLISH else row.catalog.translations.values()
        words = sorted({*row.common_words.split(), *" ".join(phrases).split()})
        known += ((word, tag) for word in sorted({*words, *_words_in_texts(texts)}))
        latin, other = (" ".join(words_in_letters(words, is_latin)) for is_latin in (True, False))
        letters[tag] = latin, other
    return _by_text(known), letters


def _words_in_texts(texts: Iterable[str]) -> set[str]:
    raw = {*_PLACEHOLDER.sub(" ", "\n".join(texts)).split()}
    words = " ".join(normalise_lines([*raw])).split()
    return {word for word in words if not word.isdecimal()}
