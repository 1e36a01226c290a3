"""The rules that values in our YAML files follow, read at the call: `rules.text(...)`."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rights_line.content.yaml_file import Rule, Rules, YamlMapping


def text(pattern: str, expected: str, example: str) -> Rule:
    """Return the rule for text that matches a pattern from its first to its last character."""
    whole = re.compile(pattern, re.ASCII)
    return Rule(
        lambda value: isinstance(value, str) and bool(whole.fullmatch(value)), expected, example
    )


def one_of(*values: object) -> Rule:
    """Return the rule for a value out of a fixed set."""
    return Rule(
        lambda value: value in values, f"one of {', '.join(map(str, values))}", str(values[0])
    )


def list_of(item: Rule, least: int = 0) -> Rule:
    """Return the rule for a list of at least so many items, each of which fulfils a rule."""
    return Rule(
        lambda value: (
            isinstance(value, list) and len(value) >= least and all(map(item.allows, value))
        ),
        f"a list in which each item is {item.expected}",
        f"[{item.example}]",
    )


def mapping(required: Rules) -> Rule:
    """Return the rule for a mapping with these keys."""
    example = ", ".join(f"{key}: {rule.example}" for key, rule in required.items())
    return Rule(
        lambda value: isinstance(value, YamlMapping) and not any(value.problems(required, {})),
        f"a mapping with {', '.join(required)}",
        f"{{{example}}}",
    )


def rows(required: Rules, optional: Rules, least: int = 0) -> Rule:
    """Return the rule for a list of mappings; a wrong key is a problem at its own line."""
    row = replace(mapping(required), allows=lambda value: isinstance(value, YamlMapping))
    return replace(list_of(row, least), rows=(required, optional))


def pairs(allows: Callable[[str, str], bool], expected: str, example: str) -> Rule:
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
TEXT = text(
    r"\S(?:.*\S)?", "text in quotes, on one line, without spaces around it", '"Call {rosa}."'
)
# The files are public, so they hold no names.
INITIALS = Rule(
    lambda value: isinstance(value, str) and 2 <= len(value) <= 5 and value.isalpha(),
    "the initials of a person, two to five letters",
    "AB",
)
