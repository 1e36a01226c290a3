"""Read content/concepts.yaml: what people write about, and where each concept leads."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rights_line.content import schema
from rights_line.content.source import Content
from rights_line.content.yaml_file import YamlMapping
from rights_line.core.library import CLOSE, LANGUAGES, MENU
from rights_line.core.vocabulary import Concept, Kind
from rights_line.errors import Problem


class ConceptRow(NamedTuple):
    """A concept, with what writers and measurements need to know of it.

    Attributes:
        concept: what the line needs to know.
        question: what its phrases mean; empty for a topic without a row.
        also: codes of other screens that would be a good answer.
    """

    concept: Concept
    question: str = ""
    also: tuple[str, ...] = ()


def load_concepts(
    document: YamlMapping, content: Content, problems: list[Problem]
) -> dict[str, ConceptRow]:
    """Return the concepts by id: the rows of the file, then each topic without a row.

    Adds every problem found.
    """
    found: list[Problem] = []
    for _, row in document.rows(found):
        found += row.check(schema.CONCEPT, schema.CONCEPT_OPTIONAL)
    problems += found
    if found:
        return {}
    screens = _screens(content)
    problems += _link_problems(document, {*screens.values(), *_codes(content)}, screens)
    rows = {name: _row(name, row, screens) for name, row in document.items()}
    others = (name for name in content.topics if name not in rows)
    return _numbered(rows | {name: _topic(name, screens[name]) for name in others})


def _numbered(rows: Mapping[str, ConceptRow]) -> dict[str, ConceptRow]:
    return {
        name: row._replace(concept=row.concept._replace(position=position))
        for position, (name, row) in enumerate(rows.items())
    }


def _row(name: str, row: YamlMapping, screens: Mapping[str, str]) -> ConceptRow:
    target = row.get("leads_to", "")
    kind = Kind(row.get("kind", "topic"))
    concept = Concept(name, kind, screens.get(target, target), 0)
    return ConceptRow(concept, row["question"], tuple(row.get("also", ())))


def _topic(name: str, code: str) -> ConceptRow:
    return ConceptRow(Concept(name, Kind.TOPIC, code, 0))


def _screens(content: Content) -> dict[str, str]:
    """Return topic id -> code."""
    return {name: topic.code for name, topic in content.topics.items()}


def _codes(content: Content) -> Iterator[str]:
    """Yield the code of every screen that a concept may lead to."""
    yield from (MENU, CLOSE, LANGUAGES)
    for topic in content.topics.values():
        yield from (passage.code for passage in topic.passages)


def _link_problems(
    document: YamlMapping, codes: set[str], screens: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield a problem for each row that leads to no screen, or to one although it is harmless."""
    for name, row in document.items():
        target = row.get("leads_to")
        if (row.get("kind") == Kind.HARMLESS.value) != (target is None):
            summary = f"{name}: leads_to must be left out if kind is harmless, and only then"
            yield row.problem("leads_to", summary, "Add or remove leads_to:")
        for code in filter(None, (target, *row.get("also", ()))):
            if code not in codes and code not in screens:
                summary = f"{name}: expected a topic id or the code of a screen, got {code}"
                yield row.problem(None, summary, "Use an id of content/topics/, or a code")
