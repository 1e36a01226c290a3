"""Rules that values in YAML files must fulfil."""

import datetime as dt
import re

from rights_line.content.files.yaml_mapping import Rule, Rules, YamlMapping


def text_rule(pattern: str, expected: str, example: str) -> Rule:
    """Return the rule for text that matches a pattern from its first to its last character."""
    whole = re.compile(pattern, re.ASCII)
    return Rule(
        lambda value: isinstance(value, str) and bool(whole.fullmatch(value)), expected, example
    )


def list_rule(item: Rule) -> Rule:
    """Return the rule for a list in which every item fulfils a rule."""
    return Rule(
        lambda value: isinstance(value, list) and all(map(item.allows, value)),
        f"a list in which each item is {item.expected}",
        f"[{item.example}]",
    )


def one_of_rule(*values: object) -> Rule:
    """Return the rule for a value out of a fixed set."""
    return Rule(
        lambda value: value in values, f"one of {', '.join(map(str, values))}", str(values[0])
    )


def mapping_rule(required: Rules, optional: Rules | None = None) -> Rule:
    """Return the rule for a mapping with these keys."""
    example = ", ".join(f"{key}: {rule.example}" for key, rule in required.items())
    return Rule(
        lambda value: (
            isinstance(value, YamlMapping) and not any(value.problems(required, optional or {}))
        ),
        f"a mapping with {', '.join(required)}",
        f"{{{example}}}",
    )


DATE = Rule(lambda value: type(value) is dt.date, "a date without quotes", "2026-11-24")
TEXT = text_rule(
    r"\S(?:.*\S)?", "text in quotes, on one line, without spaces around it", '"Call {rosa}."'
)


def _is_initials(value: object) -> bool:
    return isinstance(value, str) and 2 <= len(value) <= 5 and value.isalpha()


# The files are public, so they hold no names.
INITIALS = Rule(_is_initials, "the initials of a person, two to five letters", "AB")
