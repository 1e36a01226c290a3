"""Read locales/<tag>/review.yaml: who approved, or questioned, which exact string.

An approval refers to a string by its fingerprint, so one changed letter voids it. Approvals of
earlier versions stay in the file. They show which strings lost their approval and which never had
one; `complete` shows the same for the language.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rights_line.content.files import yaml_file
from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.yaml_mapping import (
    DATE,
    INITIALS,
    TEXT,
    Rule,
    Rules,
    YamlMapping,
    one_of_rule,
)
from rights_line.errors import Problem

NATIVE_READER, PRACTITIONER, LAWYER = "native_reader", "practitioner", "lawyer"
ROLES = (NATIVE_READER, PRACTITIONER, LAWYER)
COMPLETE = "complete"


READING: Rules = {
    "role": one_of_rule(*ROLES),
    "by": INITIALS,
    "on": DATE,
}
READING_OPTIONAL: Rules = {
    "msgctxt": TEXT,
    "answer": one_of_rule("unsure", "change"),  # left out: the reader approved the string
    "suggestion": TEXT,
    "note": TEXT,
}
_READINGS = Rule(
    lambda value: (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, YamlMapping) for row in value)
    ),
    "a list of readings",
    "[{role: lawyer, by: AB, on: 2026-11-24}]",
)


@dataclass(frozen=True)
class Approvals:
    """The approvals of one language.

    Attributes:
        readings: fingerprint -> one role, initials, date and msgctxt for each reading.
        complete: the last day on which every string was approved; None if there was no such day.
        problems: why the file cannot be read; its approvals do not count until it is repaired.
    """

    readings: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    complete: date | None = None
    problems: tuple[Problem, ...] = ()

    def readers(self, key: str, role: str) -> set[str]:
        """Return the initials of those who approved the string with this fingerprint in a role."""
        rows = (row for row in self.readings.get(key, ()) if "answer" not in row)
        return {row["by"] for row in rows if row["role"] == role}

    def open_questions(self, key: str) -> list[Mapping[str, Any]]:
        """Return the questions about a string that no later approval of the same role answers."""
        found: list[Mapping[str, Any]] = []
        for row in self.readings.get(key, ()):
            if "answer" in row:
                found.append(row)
            else:
                found = [question for question in found if question["role"] != row["role"]]
        return found


def load(path: Path) -> Approvals:
    """Return the approvals of a language.

    A damaged file does not stop the line: it serves the language as one that is not approved.
    """
    if not path.exists():  # a language without approvals needs no file
        return Approvals()
    problems: list[Problem] = []
    document = yaml_file.load(path, problems)
    problems += _problems(document)
    if problems:
        return Approvals(problems=tuple(problems))
    readings = {key: rows for key, rows in document.items() if key != COMPLETE}
    return Approvals(readings, document.get(COMPLETE))


def fingerprint(text: EnglishString, translation: str) -> str:
    """Return the SHA-256 of a string's msgctxt, msgid and translation."""
    parts = (text.context, text.message, translation)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _problems(document: YamlMapping) -> Iterator[Problem]:
    rules = {key: DATE if key == COMPLETE else _READINGS for key in document}
    yield from document.problems({}, rules)
    for key, rows in document.items():
        if key != COMPLETE and _READINGS.allows(rows):
            for row in rows:
                yield from row.problems(READING, READING_OPTIONAL)
