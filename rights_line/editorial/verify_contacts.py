"""Record in contacts.yaml that contacts were verified; the file keeps its comments and layout."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from rights_line.content.files import yaml_file
from rights_line.content.files.yaml_mapping import YamlMapping, display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial.replace_files import replace_files
from rights_line.errors import ConfigurationError, Problem

VALID_DAYS = 90


def verify_contacts(
    sources: ContentSources, names: Collection[str], on: date, by: str, today: date
) -> date:
    """Record that contacts were verified on a day; return the day on which they are due again.

    Raises:
        ConfigurationError: a name is unknown, the day cannot be right, or the file cannot be edited
            line by line; nothing is written.
        OSError: the file cannot be written.
    """
    path = sources.contacts_file
    document = yaml_file.load(path, [])
    if problems := [row for name in names for row in _problems(document, name, on, today)]:
        raise ConfigurationError(problems)
    due = on + timedelta(days=VALID_DAYS)
    values = {"verified_on": on, "verify_by": due, "verified_by": by}
    lines = path.read_bytes().decode().split("\n")
    for name in names:
        _set_verified_values(lines, document[name], values)
    text = "\n".join(lines)
    if _parse_verified_file(path, text) != {
        **document,
        **{name: document[name] | values for name in names},
    }:
        fix = "Write verified_on and verify_by yourself, or put each on a line of its own"
        raise ConfigurationError([Problem(display_path(path), "cannot be edited by line", fix)])
    replace_files({path: text.encode()})
    return due


def _problems(document: YamlMapping, name: str, on: date, today: date) -> Iterator[Problem]:
    if name not in document:
        yield Problem(name, "is not a contact", f"Use one of: {', '.join(document)}")
    elif not document[name]["verified_on"] <= on <= today:
        last = document[name]["verified_on"]
        problem = f"must be verified between {last}, the last time, and {today}, got {on}"
        yield Problem(name, problem, "Correct --on")


def _parse_verified_file(path: Path, text: str) -> object:
    try:
        return yaml_file.parse(path, text)
    except (yaml.YAMLError, ValueError):
        return None


def _set_verified_values(lines: list[str], row: YamlMapping, values: Mapping[str, Any]) -> None:
    """Set values on the lines of their keys; a new key follows `verified_on` on its line."""
    for key, value in values.items():
        if key in row.lines:
            number = row.lines[key] - 1
            lines[number] = re.sub(rf"^(\s*{key}:\s*)[^\s#]+", rf"\g<1>{value}", lines[number])
        else:
            number = row.lines["verified_on"] - 1
            indent = re.match(r"\s*", lines[number])
            lines[number] += f"\n{indent[0] if indent else ''}{key}: {value}"
