"""Make a Library of the content of library.json."""

from collections.abc import Mapping
from functools import cache
from sys import intern

from rights_line.core import ACTS
from rights_line.core.library import Library
from rights_line.core.understanding.decision import SentenceReader
from rights_line.core.understanding.sentence_model import SentenceModel
from rights_line.core.understanding.words import vocabulary
from rights_line.core.understanding.words.ages import Ages
from rights_line.core.understanding.words.courtesy import Courtesy
from rights_line.core.understanding.words.language_model import LanguageModel
from rights_line.core.understanding.words.scripts import OwnLetters
from rights_line.core.understanding.words.tables import HashTable, PhraseTable, SlipTable
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind, Titles, Vocabulary
from rights_line.library.schema import Built, ByLanguages, Decision, Phrases, Words


def library_of(built: Built, model: SentenceModel | None = None) -> Library:
    """Return the library; without a model the rules alone read."""
    return Library(
        **vars(built.shared),
        editions=built.editions,
        latin_editions=built.latin_editions,
        contact_codes=frozenset(built.codes.contact),
        emergency_codes=frozenset(built.codes.emergency),
        urgent_codes=frozenset(built.codes.urgent),
        minor_codes=frozenset(built.codes.minor),
        vocabulary=_vocabulary(built.words),
        titles=Titles(built.words.titles),
        holidays=built.holidays,
        reader=reader_of(built, model),
    )


def _vocabulary(words: Words) -> Vocabulary:
    concepts = {concept.id: concept for concept in words.concepts}
    names = _by_text(words.language_names)
    others = {tag: frozenset(text.split()) for tag, text in words.other_languages.items()}
    phrases = _phrases(words.phrases, concepts)
    known = HashTable([*map(_tags, words.known.languages)], words.known.entries)
    return Vocabulary(
        language_words=PhraseTable.of(names),
        long_names=SlipTable(
            {
                name: tags
                for name, tags in names.items()
                if len(name) >= vocabulary.MIN_FUZZY_NAME_LENGTH
            }
        ),
        phrases=phrases,
        common_words=frozenset(words.common),
        numbers=words.numbers,
        joiners=frozenset(words.joiners),
        long_words=SlipTable(phrases.values(words.long)),
        long_emergency=SlipTable(phrases.values(words.long_emergency)),
        scripts=words.scripts,
        language_model=LanguageModel(
            lambda word: known.get(word) or (), words.letters, words.alphabets, others
        ),
        courtesy=_courtesy(words, phrases, concepts),
        origins=PhraseTable.of(_by_text(words.origins)),
        ages=Ages(_by_text(words.my_age), words.age_words, words.units, words.others),
        swallowed=_by_text(words.swallowed),
        own_letters={tag: OwnLetters(found) for tag, found in words.own_letters.items()},
        spelling=words.spelling,
        accents=HashTable.of(
            {
                phrase: spellings
                for spellings, text in words.accents.items()
                for phrase in text.split("\n")
            }
        ),
    )


def _phrases(found: Phrases, concepts: Mapping[str, Concept]) -> PhraseTable[Entry]:
    entries = [Entry(concepts[name], _tags(joined)) for name, joined in found.meanings]
    return PhraseTable(HashTable(entries, found.entries), found.beginnings)


def _courtesy(
    words: Words, phrases: PhraseTable[Entry], concepts: Mapping[str, Concept]
) -> Courtesy[Entry]:
    """Return the phrases of greetings, thanks and goodbye, and the greetings of any language."""
    found = phrases.values(words.greetings)
    if words.courtesy:
        found |= dict.fromkeys(words.hello, Entry(concepts[words.courtesy], ()))
    answered = frozenset(text for text, entry in found.items() if entry.concept.code in ACTS)
    return Courtesy(found, words.spelling.fold, answered)


def reader_of(built: Built, model: SentenceModel | None) -> SentenceReader | None:
    """Return what reads sentences; None if the rules alone do."""
    decision = built.decision
    if model is None or decision is None:
        return None
    concepts = {concept.id: concept for concept in built.words.concepts}
    learnt = [_label_meaning(label, concepts, decision) for label in model.labels]
    known = {concept.id for concept in learnt}
    kinds = (Kind.TOPIC, Kind.EMERGENCY)
    urgent = built.codes.urgent  # offered as they are: "In danger" does not say "Want to die"
    new = [row for row in built.words.concepts if row.id not in known and row.kind in kinds]
    return SentenceReader(
        model,
        (*learnt, *new),
        decision.weights,
        decision.costs,
        decision.unsure,
        {code: topic for code, topic in decision.topic_of.items() if code not in urgent},
        frozenset(built.codes.minor),
    )


def _label_meaning(label: str, concepts: Mapping[str, Concept], decision: Decision) -> Concept:
    """Return the meaning of a label: a concept's id, a code of a screen, or `none`."""
    if found := concepts.get(decision.topics.get(label, label)):
        return found
    kind = Kind.TOPIC if label.isdecimal() else Kind.HARMLESS
    return Concept(label, kind, label if kind is Kind.TOPIC else "", 0)


def _by_text(found: ByLanguages) -> dict[str, tuple[str, ...]]:
    """Return each text -> the languages that have it."""
    texts: dict[str, tuple[str, ...]] = {}
    for tags, joined in found.items():
        texts |= dict.fromkeys(joined.split("\n"), _tags(tags))
    return texts


@cache  # thousands of phrases have the same languages
def _tags(joined: str) -> tuple[str, ...]:
    return tuple(map(intern, joined.split()))
