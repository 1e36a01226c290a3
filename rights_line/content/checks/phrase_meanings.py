"""Collect the phrases of all languages by meaning, and find those that have two."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rights_line.content.files.concepts import ConceptRow
from rights_line.content.files.languages import LanguageSource
from rights_line.core.fixed_codes import MENU
from rights_line.core.understanding.text.spelling import Spelling
from rights_line.core.understanding.words import reserved_words
from rights_line.core.understanding.words.vocabulary import Entry
from rights_line.errors import Problem

Meanings = Mapping[str, Sequence[Entry]]


class FoldedPhrases(NamedTuple):
    """The phrases of all languages, and the table that folded them."""

    meanings: Meanings
    spelling: Spelling


# Keys of words.yaml that lead to no screen, so that a reserved word does no harm.
NOT_SENT = ("avoid", "call", "numbers", "joiners", "ages", "my_age", "others", "i_am_from", "units")


def phrase_meanings(
    sources: Iterable[LanguageSource], concepts: Mapping[str, ConceptRow], spelling: Spelling
) -> dict[str, tuple[Entry, ...]]:
    """Return folded phrase -> its meanings: one, unless two lists contradict each other."""
    found: dict[str, tuple[Entry, ...]] = {}
    for concept, _ in concepts.values():
        for source in sources:
            single = (Entry(concept, (source.language.tag,)),)  # shared, as most phrases have it
            # All at once, which is faster than one by one.
            written = "\n".join(source.normalised_words.get(concept.id, ()))
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
    for source in languages.values():
        for key, words in source.normalised_words.items():
            if key not in NOT_SENT:
                leads_home = key in ("everyone", "hello") or _meaning_leads_home(concepts.get(key))
                for number, word in enumerate(words):
                    if reason := reserved_words.reason(word, leads_home):
                        summary = f"{key}: {source.written_words[key][number]} {reason}"
                        yield source.words_file.problem_at_key(key, summary, "Remove the word")
    for word, found in phrases.items():
        if len(found) > 1:
            places = ", ".join(
                f"{entry.concept.id} in {tag}" for entry in found for tag in entry.languages
            )
            fix = "Keep it in one list, and remove it from the others"
            yield Problem("locales", f"{word} must have one meaning, got {places}", fix)


def _meaning_leads_home(row: ConceptRow | None) -> bool:
    return row is not None and row.concept.code == MENU
