"""Read content/outreach.yaml: advice for outreach workers, in English and Norwegian."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rights_line.content.files import schema
from rights_line.content.files.content_reader import EnglishString, provenance_of
from rights_line.content.files.yaml_mapping import YamlMapping
from rights_line.core.model import Provenance
from rights_line.errors import Problem

OUTREACH_LANGUAGES = ("en", "nb")


@dataclass(frozen=True)
class Advice:
    """One paragraph; `texts` maps a language tag to its text."""

    texts: dict[str, str]
    provenance: Provenance
    web: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A heading and its paragraphs; `titles` maps a language tag to the heading."""

    id: str
    titles: dict[str, str]
    advice: tuple[Advice, ...]


def load_outreach(document: YamlMapping, problems: list[Problem]) -> tuple[Chapter, ...]:
    """Return the chapters, or add every problem found and return nothing."""
    found: list[Problem] = []
    for _, chapter in document.rows(found):
        found += _problems(chapter)
    problems += found
    if found:
        return ()
    return tuple(
        Chapter(name, _by_language(row), tuple(map(_advice, row["says"])))
        for name, row in document.items()
    )


def outreach_strings(document: YamlMapping) -> Iterator[EnglishString]:
    """Yield every text in both languages, for the checks that all texts must pass."""
    for name, chapter in document.items():
        for row in (chapter, *chapter["says"]):
            for language in OUTREACH_LANGUAGES:
                yield EnglishString(name, row[language], row.path, row.lines[language], "")


def _problems(chapter: YamlMapping) -> Iterator[Problem]:
    found = list(chapter.check(schema.CHAPTER, {}))
    for row in () if found else chapter["says"]:
        found += row.check(schema.ADVICE, schema.ADVICE_OPTIONAL)
        if not found and (numbers := _numbers(row["en"])) != _numbers(row["nb"]):
            expected = ", ".join(numbers.elements()) or "none"
            summary = f"numbers of nb must match the English, expected {expected}"
            found.append(row.problem("nb", summary, "Use the same placeholders and digits in both"))
    yield from found


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{\w*\}|\d+", text))


def _advice(row: YamlMapping) -> Advice:
    return Advice(_by_language(row), provenance_of(row), tuple(row.get("web", ())))


def _by_language(row: YamlMapping) -> dict[str, str]:
    return {language: row[language] for language in OUTREACH_LANGUAGES}
