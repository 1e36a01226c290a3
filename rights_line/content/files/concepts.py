"""Read content/concepts.yaml: what people write about, and where each concept leads."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rights_line.content.files import schema
from rights_line.content.files.content_reader import Content
from rights_line.content.files.yaml_mapping import YamlMapping
from rights_line.core.fixed_codes import ACTS, LANGUAGES, MENU
from rights_line.core.understanding.words.vocabulary import Concept, Kind
from rights_line.errors import Problem


class ConceptRow(NamedTuple):
    """A concept, with what writers need to know of it.

    Attributes:
        concept: what the line needs to know.
        question: what its phrases mean; empty for a topic without a row.
    """

    concept: Concept
    question: str = ""


def concept_file_problems(document: YamlMapping) -> Iterator[Problem]:
    """Yield a problem for each row with a missing, unknown or wrong value."""
    found: list[Problem] = []
    for name, row in document.rows(found):
        yield from row.problems(schema.CONCEPT, schema.CONCEPT_OPTIONAL)
        if (row.get("kind") == Kind.HARMLESS.value) != ("leads_to" not in row):
            summary = f"{name}: leads_to must be left out if kind is harmless, and only then"
            yield row.problem_at_key(None, summary, "Add or remove leads_to:")
    yield from found


def read_concepts(document: YamlMapping, content: Content) -> dict[str, ConceptRow]:
    """Return the concepts by id: the rows of the file, then each topic without a row."""
    contacts = {name: contact.code for name, contact in content.contacts.items()}
    screens = contacts | {name: topic.code for name, topic in content.topics.items()}
    rows = {name: _row(name, row, screens) for name, row in document.items()}
    others = (name for name in content.topics if name not in rows)
    return _numbered(rows | {name: _topic(name, screens[name]) for name in others})


def concept_link_problems(
    concepts: Mapping[str, ConceptRow], content: Content
) -> Iterator[Problem]:
    """Yield a problem for each concept that leads to no screen."""
    screens = {MENU, LANGUAGES, *ACTS, *(topic.code for topic in content.topics.values())}
    screens |= {row.code for topic in content.topics.values() for row in topic.passages}
    screens |= {contact.code for contact in content.contacts.values()}
    for name, row in concepts.items():
        for code in filter(None, (row.concept.code, *row.concept.also, *row.concept.never)):
            if code not in screens:
                summary = f"{name}: expected a topic, a contact or the code of a screen, got {code}"
                fix = "Use an id of content/topics/ or contacts.yaml, or a code"
                yield Problem("content/concepts.yaml", summary, fix)


def _numbered(rows: Mapping[str, ConceptRow]) -> dict[str, ConceptRow]:
    return {
        name: row._replace(concept=row.concept._replace(position=position))
        for position, (name, row) in enumerate(rows.items())
    }


def _row(name: str, row: YamlMapping, screens: Mapping[str, str]) -> ConceptRow:
    target = row.get("leads_to", "")
    kind = Kind(row.get("kind", "topic"))
    concept = Concept(
        name,
        kind,
        screens.get(target, target),
        position=0,
        also=tuple(row.get("also", ())),
        is_certain=row.get("certain", False),
        is_aside=row.get("aside", False),
        never=tuple(row.get("never", ())),
    )
    return ConceptRow(concept, row["question"])


def _topic(name: str, code: str) -> ConceptRow:
    return ConceptRow(Concept(name, Kind.TOPIC, code, 0))
