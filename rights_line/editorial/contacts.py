"""Keep contacts true: list those that are due with questions to ask, and record the answers.

A record is edited by line, so that contacts.yaml keeps its comments and layout.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from rights_line.content import ContentSources, yaml_file
from rights_line.content.content_reader import read_provenance
from rights_line.content.yaml_file import YamlMapping, display_path
from rights_line.core.model import Contact
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

DUE_DAYS = 14  # listed as due this long before their day, because calls take time
VALID_DAYS = 90
_YES_OR_NO = {
    "interpreter": "Can you arrange an interpreter?",
    "free": "Is your help free of charge?",
    "anonymous": "Can a caller stay anonymous?",
}


def lines(sources: ContentSources, today: date, with_all: bool) -> Iterator[str]:
    """Yield the contacts that are due, or all of them, the most urgent first, as lines."""
    last = today + timedelta(days=DUE_DAYS)
    for name, row in sorted(
        sources.contact_rows.items(), key=lambda item: str(item[1]["verify_by"])
    ):
        if with_all or row["verify_by"] <= last or "moved" in row:
            yield from _lines(sources.content.contacts[name], row, today)


def _lines(contact: Contact, row: YamlMapping, today: date) -> Iterator[str]:
    by = f" by {row['verified_by']}" if "verified_by" in row else ""
    due = "overdue since" if contact.is_overdue(today) else "due by"
    yield f"{contact.id}: {contact.name}, {contact.number}"
    yield f"  {due} {contact.verify_by}, last verified on {contact.verified_on}{by}"
    if contact.moved:
        yield f"  {move(contact)}"
    yield from (f"  source: {source}" for source in read_provenance(row).citations)
    if contact.emergency:
        yield "  do not call an emergency number: compare the entry with its source"
    else:
        yield from (f"  ask: {question}" for question in _questions(contact, row))


def move(contact: Contact) -> str:
    """Return how the number of a contact changed; "" if it did not."""
    new = contact.moved
    if not new:
        return ""
    how = f"moved from {new.former} to {contact.number} on {new.on} by {new.by} ({new.source})"
    return f"{how}; tell upstream, and remove `moved` when its `number` is the new one"


def _questions(contact: Contact, row: YamlMapping) -> Iterator[str]:
    """Yield the questions about everything that the line says of a contact."""
    yield f"Is this {contact.name}, and is {contact.number} the number to publish?"
    if hours := row.get("hours"):
        yield f"Are you open {_hours(hours)}? On public holidays as well?"
    if tags := row.get("languages"):
        known = Locale("en").languages
        languages = (str(known.get(tag.replace("-", "_"), tag)) for tag in tags)
        yield f"Do you speak {' and '.join(languages)}?"
    yield from (question for key, question in _YES_OR_NO.items() if row.get(key))
    if web := row.get("web"):
        yield f"Is your web address {' or '.join(web)}?"


def _hours(hours: Any) -> str:
    if hours == "always":
        return "day and night"
    return ", ".join(f"{_days(row['days'])} {row['from']}-{row['to']}" for row in hours)


def _days(days: list[str]) -> str:
    return "-".join(day.title() for day in dict.fromkeys((days[0], days[-1])))


def verify(sources: ContentSources, names: Collection[str], on: date, by: str, today: date) -> date:
    """Record that contacts were verified on a day; return the day on which they are due again.

    Raises:
        ConfigurationError: a name is unknown, the day cannot be right, or the file cannot be edited
            line by line; nothing is written.
        OSError: the file cannot be written.
    """
    document = sources.contact_rows
    path = document.path
    if problems := [row for name in names for row in _problems(document, name, on, today)]:
        raise ConfigurationError(problems)
    due = on + timedelta(days=VALID_DAYS)
    values = {"verified_on": on, "verify_by": due, "verified_by": by}
    written = path.read_bytes().decode().split("\n")
    for name in names:
        _set_values(written, document[name], values)
    text = "\n".join(written)
    if _parsed(path, text) != document | {name: document[name] | values for name in names}:
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


def _parsed(path: Path, text: str) -> object:
    try:
        return yaml_file.parse(path, text)
    except (yaml.YAMLError, ValueError):
        return None


def _set_values(written: list[str], row: YamlMapping, values: Mapping[str, Any]) -> None:
    """Set values on the lines of their keys; a new key follows `verified_on` on its line."""
    for key, value in values.items():
        number = row.lines.get(key, row.lines["verified_on"]) - 1
        line = written[number]
        if key in row.lines:
            written[number] = re.sub(rf"^(\s*{key}:\s*)[^\s#]+", rf"\g<1>{value}", line)
        else:
            indent = line[: len(line) - len(line.lstrip())]
            written[number] += f"\n{indent}{key}: {value}"
