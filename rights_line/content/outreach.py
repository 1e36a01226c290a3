"""Read content/outreach.yaml: what outreach workers are told, in English and in Norwegian."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rights_line.content import schema
from rights_line.content.source import SourceString, provenance_of
from rights_line.content.yaml_file import YamlMapping
from rights_line.core.model import Provenance
from rights_line.errors import Problem

BOTH = ("en", "nb")


@dataclass(frozen=True)
class Advice:
    """One paragraph; its texts are by language."""

    texts: dict[str, str]
    provenance: Provenance
    web: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """Some paragraphs below a heading."""

    id: str
    titles: dict[str, str]
    advice: tuple[Advice, ...]


def load_outreach(document: YamlMapping, faults: list[Problem]) -> tuple[Chapter, ...]:
    """Return the chapters, adding every fault found; with any, nothing."""
    found: list[Problem] = []
    for _, chapter in document.rows(found):
        found += _problems(chapter)
    faults += found
    if found:
        return ()
    return tuple(
        Chapter(name, _both(row), tuple(map(_advice, row["says"])))
        for name, row in document.items()
    )


def texts(document: YamlMapping) -> Iterator[SourceString]:
    """Yield every text in both languages, for those who look for faults in texts."""
    for name, chapter in document.items():
        for row in (chapter, *chapter["says"]):
            for language in BOTH:
                yield SourceString(name, row[language], row.path, row.lines[language], "")


def _problems(chapter: YamlMapping) -> Iterator[Problem]:
    found = list(chapter.check(schema.CHAPTER, {}))
    for row in () if found else chapter["says"]:
        found += row.check(schema.ADVICE, schema.ADVICE_OPTIONAL)
        if not found and _numbers(row["en"]) != _numbers(row["nb"]):
            problem = "the numbers are not those of the English"
            found.append(row.fault("nb", problem, "Write the same"))
    yield from found


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{\w*\}|\d+", text))


def _advice(row: YamlMapping) -> Advice:
    return Advice(_both(row), provenance_of(row), tuple(row.get("web", ())))


def _both(row: YamlMapping) -> dict[str, str]:
    return {language: row[language] for language in BOTH}
