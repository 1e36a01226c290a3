"""A YAML mapping with line numbers, and rules that check its values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
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


def text_rule(pattern: str, expected: str, example: str) -> Rule:
    """Return the rule for text that matches a pattern from its first to its last character."""
    whole = re.compile(pattern, re.ASCII)
    return Rule(
        lambda value: isinstance(value, str) and bool(whole.fullmatch(value)), expected, example
    )


def one_of_rule(*values: object) -> Rule:
    """Return the rule for a value out of a fixed set."""
    return Rule(
        lambda value: value in values, f"one of {', '.join(map(str, values))}", str(values[0])
    )


def list_rule(item: Rule, least: int = 0) -> Rule:
    """Return the rule for a list of at least so many items, each of which fulfils a rule."""
    return Rule(
        lambda value: (
            isinstance(value, list) and len(value) >= least and all(map(item.allows, value))
        ),
        f"a list in which each item is {item.expected}",
        f"[{item.example}]",
    )


def mapping_rule(required: Rules) -> Rule:
    """Return the rule for a mapping with these keys."""
    example = ", ".join(f"{key}: {rule.example}" for key, rule in required.items())
    return Rule(
        lambda value: isinstance(value, YamlMapping) and not any(value.problems(required, {})),
        f"a mapping with {', '.join(required)}",
        f"{{{example}}}",
    )


def rows_rule(required: Rules, optional: Rules, least: int = 0) -> Rule:
    """Return the rule for a list of mappings; a wrong key is a problem at its own line."""
    row = replace(mapping_rule(required), allows=lambda value: isinstance(value, YamlMapping))
    return replace(list_rule(row, least), rows=(required, optional))


def pairs_rule(allows: Callable[[str, str], bool], expected: str, example: str) -> Rule:
    """Return the rule for a mapping from texts to texts in which every pair is allowed."""
    return Rule(
        lambda value: (
            isinstance(value, Mapping)
            and all(isinstance(text, str) and allows(key, text) for key, text in value.items())
        ),
        expected,
        example,
    )


DATE = Rule(lambda value: type(value) is dt.date, "a date without quotes", "2026-11-24")
TEXT = text_rule(
    r"\S(?:.*\S)?", "text in quotes, on one line, without spaces around it", '"Call {rosa}."'
)
# The files are public, so they hold no names.
INITIALS = Rule(
    lambda value: isinstance(value, str) and 2 <= len(value) <= 5 and value.isalpha(),
    "the initials of a person, two to five letters",
    "AB",
)
