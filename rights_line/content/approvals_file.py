"""Read and write locales/<tag>/review.yaml: who approved, or questioned, which exact string.

An approval refers to a string by its fingerprint, so one changed letter voids it. Approvals of
earlier versions stay in the file. They show which strings lost their approval and which never had
one; `complete` shows the same for the language.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from rights_line.content import rules, yaml_file
from rights_line.content.catalogs import EnglishString
from rights_line.content.yaml_file import Rules
from rights_line.errors import Problem

try:
    from yaml import CSafeDumper as SafeDumper  # libyaml, about five times faster
except ImportError:
    from yaml import SafeDumper  # type: ignore[assignment]

NATIVE_READER, PRACTITIONER, LAWYER = "native_reader", "practitioner", "lawyer"
ROLES = (NATIVE_READER, PRACTITIONER, LAWYER)
FILE = "review.yaml"
_COMPLETE = "complete"
_HEADER = (
    "# Who approved, or questioned, which exact string, by fingerprint; written by\n"
    "# `rights-line approve` and `rights-line import`.\n"
)


READING: Rules = {
    "role": rules.one_of(*ROLES),
    "by": rules.INITIALS,
    "on": rules.DATE,
}
READING_OPTIONAL: Rules = {
    "msgctxt": rules.TEXT,
    "answer": rules.one_of("unsure", "change"),  # left out: the reader approved the string
    "suggestion": rules.TEXT,
    "note": rules.TEXT,
}
_READINGS = replace(
    rules.rows(READING, READING_OPTIONAL, least=1),
    expected="a list of readings",
    example="[{role: lawyer, by: AB, on: 2026-11-24}]",
)


class _Dumper(SafeDumper):
    """Writes no YAML aliases: equal dates are written out each time."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(frozen=True)
class Approvals:
    """The approvals of one language."""

    # fingerprint -> one role, initials, date and msgctxt for each reading
    readings: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    complete: date | None = None  # the last day on which every string was approved
    problems: tuple[Problem, ...] = ()  # if there are any, nothing of the file counts

    def readers(self, key: str, role: str) -> set[str]:
        """Return the initials of those who approved the string with this fingerprint in a role."""
        rows = (row for row in self.readings.get(key, ()) if "answer" not in row)
        return {row["by"] for row in rows if row["role"] == role}

    def roles_without_reader(self, roles: Sequence[str], key: str) -> list[str]:
        """Return the roles without a reader. Two roles need two people: one counts in the first."""
        readers = [self.readers(key, role) for role in roles]
        missing = [role for role, initials in zip(roles, readers, strict=True) if not initials]
        people = set().union(*readers)
        return missing or [*roles[len(people) :]]

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
    problems += document.problems({}, dict.fromkeys(document, _READINGS) | {_COMPLETE: rules.DATE})
    if problems:
        return Approvals(problems=tuple(problems))
    readings = {key: rows for key, rows in document.items() if key != _COMPLETE}
    return Approvals(readings, document.get(_COMPLETE))


def encode(approvals: Approvals) -> bytes:
    """Return approvals as YAML, as `load` reads it."""
    rows: dict[str, object] = {_COMPLETE: approvals.complete} if approvals.complete else {}
    rows |= {key: [*map(dict, given)] for key, given in sorted(approvals.readings.items())}
    # default_flow_style=None writes each reading in braces on one line, so that diffs stay short.
    written = yaml.dump(
        rows,
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=None,
        width=200,
        allow_unicode=True,
    )
    return (_HEADER + written).encode()


def fingerprint(text: EnglishString, translation: str) -> str:
    """Return the SHA-256 of a string's msgctxt, msgid and translation."""
    parts = (text.context, text.message, translation)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
