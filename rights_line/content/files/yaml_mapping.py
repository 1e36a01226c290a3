"""A YAML mapping with line numbers, and the check of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rights_line.errors import Problem

_MAX_QUOTED = 80  # characters of a wrong value that a message shows


@dataclass(frozen=True)
class Rule:
    """A condition for a value, with the words that explain it to an editor.

    Attributes:
        allows: whether a value fulfils the condition.
        expected: what the value must be, as in "expected digits in quotes".
        example: a valid value as it is written in YAML.
        rows: of a list of mappings, the rules of their required and of their optional keys.
    """

    allows: Callable[[Any], bool]
    expected: str
    example: str
    rows: tuple[Rules, Rules] = ({}, {})


Rules = dict[str, Rule]


class YamlMapping(dict[str, Any]):
    """A YAML mapping that knows its file, its line and the line of each key."""

    def __init__(self, path: Path, line: int = 1) -> None:
        super().__init__()
        self.path = path
        self.line = line
        self.lines: dict[str, int] = {}

    def problem_at_key(self, key: str | None, summary: str, fix: str) -> Problem:
        """Return a problem at the line of a key, or of the mapping if the key is missing."""
        line = self.lines.get(key or "", self.line)
        return Problem(f"{display_path(self.path)}:{line}", summary, fix)

    def rows(self, problems: list[Problem]) -> Iterator[tuple[str, YamlMapping]]:
        """Yield each key whose value is a mapping; add a problem for every other key."""
        for key, row in self.items():
            if isinstance(row, YamlMapping):
                yield key, row
            else:
                summary = f"{key}: expected a mapping, got {shortened_value(row)}"
                problems.append(self.problem_at_key(key, summary, "Write keys and values below it"))

    def problems(self, required: Rules, optional: Rules) -> Iterator[Problem]:
        """Yield a problem for each key that is missing, unknown or has a wrong value."""
        rules = {**required, **optional}
        for key in required.keys() - self.keys():
            yield self.problem_at_key(key, f"{key} is missing", f"Add {key}: {rules[key].example}")
        for key, value in self.items():
            if key not in rules:
                known = ", ".join(sorted(rules))
                yield self.problem_at_key(key, f"{key} is not a known key", f"Use one of: {known}")
            elif not rules[key].allows(value):
                summary = f"{key}: expected {rules[key].expected}, got {shortened_value(value)}"
                yield self.problem_at_key(key, summary, f"Example: {key}: {rules[key].example}")
            elif any(rules[key].rows):
                for row in value:
                    yield from row.problems(*rules[key].rows)


def display_path(path: Path) -> str:
    """Return a path as messages show it, starting at content/ or locales/."""
    parts = path.parts
    starts = [place for place, part in enumerate(parts) if part in ("content", "locales")]
    return "/".join(parts[starts[-1] :] if starts else parts[-1:])


def shortened_value(value: object) -> str:
    """Return a wrong value for a message, with its type unless it is text."""
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    text = text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}..."
    if isinstance(value, str):
        return text
    return f"{text} ({'mapping' if isinstance(value, YamlMapping) else type(value).__name__})"
