"""Read locales/<tag>/review.yaml: who approved which exact string.

An approval names a string by its fingerprint, so that one changed letter voids it. The approvals of
earlier versions stay in the file: they tell a string that lost its approval from one that never had
any, and `complete` tells the same of a language.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rights_line.content import yaml_file
from rights_line.content.source import SourceString
from rights_line.content.yaml_file import DATE, TEXT, Rule, Rules, load_yaml, one_of
from rights_line.errors import Problem

NATIVE_READER, PRACTITIONER, LAWYER = "native_reader", "practitioner", "lawyer"
ROLES = (NATIVE_READER, PRACTITIONER, LAWYER)
COMPLETE = "complete"


def is_initials(value: object) -> bool:
    """Tell whether a value is two to five letters: the file is public, and a name is not needed."""
    return isinstance(value, str) and 2 <= len(value) <= 5 and value.isalpha()


def initials(value: str) -> str:
    """Read the initials of a reader; argparse shows the name of this function when it fails."""
    if not is_initials(value):
        raise ValueError
    return value


READING: Rules = {
    "role": one_of(*ROLES),
    "by": Rule(is_initials, "Write the initials of the reader, two to five letters"),
    "on": DATE,
}
READING_MAY: Rules = {"msgctxt": TEXT}
_READINGS = Rule(
    lambda value: (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, yaml_file.YamlMapping) for row in value)
    ),
    "Write - {role: ..., by: initials, on: date}",
)


@dataclass(frozen=True)
class Approvals:
    """The approvals of one language.

    Attributes:
        readings: fingerprint -> a role, initials, a date and a msgctxt for each reading.
        complete: the last day on which every string was approved; None if there was no such day.
    """

    readings: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    complete: date | None = None

    def roles(self, key: str) -> set[str]:
        """Return the roles that have approved the string with a fingerprint."""
        return {reading["role"] for reading in self.readings.get(key, ())}


def load_approvals(path: Path, faults: list[Problem]) -> Approvals:
    """Return the approvals of a language, adding every fault found."""
    if not path.exists():  # nobody has approved anything yet
        return Approvals()
    document = load_yaml(path, faults)
    found = list(_faults(document))
    faults += found
    if found:
        return Approvals()
    readings = {key: rows for key, rows in document.items() if key != COMPLETE}
    return Approvals(readings, document.get(COMPLETE))


def fingerprint(text: SourceString, said: str) -> str:
    """Return the name of an exact string: of its msgctxt, its msgid and its translation."""
    return hashlib.sha256("\0".join([text.context, text.message, said]).encode()).hexdigest()


def _faults(document: yaml_file.YamlMapping) -> Iterator[Problem]:
    for key, rows in document.items():
        if key == COMPLETE:
            if not DATE.allows(rows):
                yield document.problem(key, f"{key} is not right: {rows!r}", DATE.remedy)
        elif not _READINGS.allows(rows):
            yield document.problem(key, "is not a list of readings", _READINGS.remedy)
        else:
            for row in rows:
                yield from row.check(READING, READING_MAY)
