"""Read what people write: concepts.yaml, spelling.yaml and own_letters.yaml.

Their headers explain the keys. The phrases of all languages are collected by meaning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rights_line.content import rules, schema, yaml_file
from rights_line.content.content_reader import Content
from rights_line.content.languages import LanguageSource
from rights_line.content.schema import BOOLEAN
from rights_line.content.yaml_file import Rule, Rules, YamlMapping, record
from rights_line.core import MENU
from rights_line.core.understanding.words import Spelling, normalise, vocabulary
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind
from rights_line.errors import Problem

# Folded phrase -> its meanings: one, unless two lists contradict each other.
Meanings = Mapping[str, Sequence[Entry]]

_SCREEN = rules.text(r"\d{1,6}", "digits in quotes", '"41"')
CONCEPT: Rules = {"question": rules.TEXT}
CONCEPT_OPTIONAL: Rules = {
    "leads_to": rules.text(
        r"[a-z0-9_]+", "the id of a topic, a contact or an answer, or a code in quotes", "work"
    ),
    **dict.fromkeys(("also", "never"), rules.list_of(_SCREEN)),
    "names": rules.list_of(rules.TEXT),
    "kind": rules.one_of("emergency", "topic", "greeting", "act", "harmless"),
    "certain": BOOLEAN,
    "aside": BOOLEAN,
}
_WORD = Rule(lambda value: isinstance(value, str) and value.split() == [value], "one word", "nahi")
SPELLING: Rules = {
    "letters": rules.pairs(
        lambda row, letters: len(letters) in (0, len(row)),
        "a mapping from letters to as many others, or to none",
        "{ሠሡ: ሰሱ}",
    ),
    "endings": rules.TEXT,
    "words": rules.pairs(
        lambda word, usual: _WORD.allows(word) and _WORD.allows(usual),
        "a mapping from a word to its usual spelling",
        "{nhi: nahi}",
    ),
    "prefixes": rules.list_of(_WORD),
    "suffixes": rules.list_of(_WORD),
}
_PAIRS = rules.text(r"\S+=\S*( \S+=\S*)*", "pairs of letters with = and spaces", "sh=ш ch=ч")
OWN_LETTERS: Rules = {"letters": _PAIRS}
OWN_LETTERS_OPTIONAL: Rules = {"syllables": _PAIRS}
REACH = "reach"  # the key for how people ask to reach a service, with 0 in place of its name
_VOWELS = (("e",), ("u",), ("i",), ("a", "aa"), ("ie", "ee"), ("",), ("o",))  # of a syllable


class ConceptRow(NamedTuple):
    """A concept, with what writers need to know of it."""

    concept: Concept
    question: str = ""  # what its phrases mean; empty for a topic without a row
    names: tuple[str, ...] = ()  # of a service, normalised; every language asks how to reach it


def concept_rows(folder: Path, problems: list[Problem]) -> YamlMapping:
    """Return the rows of concepts.yaml, adding every problem found."""
    document = yaml_file.load(folder / "concepts.yaml", problems)
    for name, row in document.rows(problems):
        problems += row.problems(CONCEPT, CONCEPT_OPTIONAL)
        if (row.get("kind") == Kind.HARMLESS.value) != ("leads_to" not in row):
            summary = f"{name}: leads_to must be left out if kind is harmless, and only then"
            problems.append(row.problem_at_key(None, summary, "Add or remove leads_to:"))
    return document


def concepts(document: YamlMapping, content: Content) -> dict[str, ConceptRow]:
    """Return the concepts by id: the rows of the file, then each topic without a row."""
    screens = {name: row.code for name, row in content.contacts.items()}
    screens |= {name: row.code for name, row in content.topics.items()}
    others = {name: {"leads_to": name} for name in content.topics if name not in document}
    return {
        name: _concept_row(name, row, screens, position)
        for position, (name, row) in enumerate((document | others).items())
    }


def _concept_row(
    name: str, row: Mapping[str, Any], screens: Mapping[str, str], position: int
) -> ConceptRow:
    target = row.get("leads_to", "")
    concept = record(
        Concept,
        row,
        id=name,
        kind=Kind(row.get("kind", "topic")),
        code=screens.get(target, target),
        position=position,
        is_certain=row.get("certain", False),
        is_aside=row.get("aside", False),
    )
    return ConceptRow(concept, row.get("question", ""), (*map(normalise, row.get("names", ())),))


def meanings(
    sources: Iterable[LanguageSource], concepts: Mapping[str, ConceptRow], spelling: Spelling
) -> dict[str, tuple[Entry, ...]]:
    """Return folded phrase -> its meanings."""
    found: dict[str, tuple[Entry, ...]] = {}
    for concept, _, names in concepts.values():
        for source in sources:
            words = source.normalised_words
            single = (Entry(concept, (source.language.tag,)),)  # shared, as most phrases have it
            reach = (row.replace("0", name) for row in words.get(REACH, ()) for name in names)
            # All at once, which is faster than one by one.
            written = "\n".join((*words.get(concept.id, ()), *reach))
            for phrase in spelling.fold(written).split("\n") if written else ():
                if found.setdefault(phrase, single) is not single:
                    found[phrase] = _merge(found[phrase], single[0])
    return found


def _merge(entries: tuple[Entry, ...], other: Entry) -> tuple[Entry, ...]:
    """Add a meaning to those of a phrase, or its language to the meaning that is there."""
    concept, (tag,) = other
    for number, (known, languages) in enumerate(entries):
        if (known.code, known.kind) == (concept.code, concept.kind):
            tags = languages if tag in languages else (*languages, tag)
            return (*entries[:number], Entry(known, tags), *entries[number + 1 :])
    return (*entries, other)


def meaning_problems(
    languages: Mapping[str, LanguageSource], concepts: Mapping[str, ConceptRow], phrases: Meanings
) -> Iterator[Problem]:
    """Yield a problem for each word that is reserved, nearly reserved, or ambiguous."""
    home = {"everyone", "hello"}
    home |= {name for name, row in concepts.items() if row.concept.code == MENU}
    for source in languages.values():
        for key, words in source.normalised_words.items():
            for number, word in enumerate(words if key not in schema.UNSENT_WORDS else ()):
                if reason := vocabulary.reason(word, leads_home=key in home):
                    summary = f"{key}: {source.written_words[key][number]} {reason}"
                    yield source.words_file.problem_at_key(key, summary, "Remove the word")
    for word, found in phrases.items():
        if len(found) > 1:
            places = ", ".join(
                f"{entry.concept.id} in {tag}" for entry in found for tag in entry.languages
            )
            fix = "Keep it in one list, and remove it from the others"
            yield Problem("locales", f"{word} must have one meaning, got {places}", fix)


def spelling(folder: Path, problems: list[Problem]) -> Spelling:
    """Return the table of spellings of locales/; a folder without the file folds nothing."""
    table = yaml_file.load_optional(folder / "spelling.yaml", problems)
    if not table.follows({}, SPELLING, problems):
        return Spelling()
    letters = {
        letter: standing[place] if standing else ""
        for row, standing in table.get("letters", {}).items()
        for place, letter in enumerate(row)
    }
    return record(Spelling, table, letters=letters)


def own_letters(folder: Path, problems: list[Problem]) -> dict[str, Mapping[str, str]]:
    """Return tag -> Latin letters -> own letters, of locales/; empty without the file."""
    table = yaml_file.load_optional(folder / "own_letters.yaml", problems)
    return {
        tag: dict(_syllables(row.get("syllables", "")), **_pairs(row["letters"]))
        for tag, row in table.rows(problems)
        if row.follows(OWN_LETTERS, OWN_LETTERS_OPTIONAL, problems)
    }


def _pairs(text: str) -> dict[str, str]:
    return {latin: letters for latin, _, letters in (pair.partition("=") for pair in text.split())}


def _syllables(text: str) -> Iterator[tuple[str, str]]:
    """Yield each consonant with each vowel, and the letter for both."""
    for consonant, letters in _pairs(text).items():
        for vowels, letter in zip(_VOWELS, letters, strict=False):
            yield from ((consonant + vowel, letter) for vowel in vowels)
