"""Read content/outreach.yaml: advice for outreach workers, in the languages of the helplines."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rights_line.content.files import schema
from rights_line.content.files.content_reader import EnglishString, read_provenance
from rights_line.content.files.yaml_mapping import YamlMapping
from rights_line.core.model import Advice, Chapter
from rights_line.errors import Problem


def load(
    document: YamlMapping, languages: Sequence[str], problems: list[Problem]
) -> tuple[Chapter, ...]:
    """Return the chapters, or add every problem found and return nothing."""
    found: list[Problem] = []
    for _, chapter in document.rows(found):
        found += chapter.problems(schema.chapter_rules(languages), {})
    if not found:
        rows = (row for chapter in document.values() for row in chapter["says"])
        found = [problem for row in rows for problem in _number_problems(row, languages)]
    problems += found
    if found:
        return ()
    return tuple(
        Chapter(
            name,
            _texts_by_language(row, languages),
            tuple(_advice(advice, languages) for advice in row["says"]),
        )
        for name, row in document.items()
    )


def strings(document: YamlMapping, languages: Sequence[str]) -> Iterator[EnglishString]:
    """Yield every text in all its languages, for the checks that all texts must pass."""
    for name, chapter in document.items():
        for row in (chapter, *chapter["says"]):
            for language in languages:
                yield EnglishString(name, row[language], row.path, row.lines[language], "")


def _number_problems(row: YamlMapping, languages: Sequence[str]) -> Iterator[Problem]:
    numbers = _numbers(row["en"])
    for language in languages:
        if _numbers(row[language]) != numbers:
            expected = ", ".join(numbers.elements()) or "none"
            summary = f"numbers of {language} must match the English, expected {expected}"
            yield row.problem_at_key(
                language, summary, "Use the same placeholders and digits in both"
            )


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{\w*\}|\d+", text))


def _advice(row: YamlMapping, languages: Sequence[str]) -> Advice:
    texts = _texts_by_language(row, languages)
    return Advice(texts, read_provenance(row), tuple(row.get("web", ())))


def _texts_by_language(row: YamlMapping, languages: Sequence[str]) -> dict[str, str]:
    return {language: row[language] for language in languages}
