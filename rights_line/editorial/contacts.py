"""Keep contacts true: list those that are due with questions to ask, and record the answers."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from babel import Locale

from rights_line.content.files import yaml_file
from rights_line.content.files.content_reader import read_provenance
from rights_line.content.files.yaml_mapping import YamlMapping
from rights_line.content.loader import ContentSources
from rights_line.core.model import Contact

DUE_DAYS = 14  # listed as due this long before their day, because calls take time
_YES_OR_NO = {
    "interpreter": "Can you arrange an interpreter?",
    "free": "Is your help free of charge?",
    "anonymous": "Can a caller stay anonymous?",
}

ContactRow = dict[str, Any]


def contact_rows(sources: ContentSources, today: date, with_all: bool) -> list[ContactRow]:
    """Return the contacts that are due, or all of them, the most urgent first."""
    document = yaml_file.load(sources.contacts_file, [])
    last = today + timedelta(days=DUE_DAYS)
    rows = [
        _row(sources.content.contacts[name], row, today)
        for name, row in document.items()
        if with_all or row["verify_by"] <= last or "moved" in row
    ]
    return sorted(rows, key=lambda row: str(row["verify_by"]))


def _row(contact: Contact, row: YamlMapping, today: date) -> ContactRow:
    return {
        "id": contact.id,
        "name": contact.name,
        "number": contact.number,
        "moved": contact_move_sentence(contact) if contact.moved else None,
        "sources": list(read_provenance(row).citations),
        "verified_on": row["verified_on"].isoformat(),
        "verified_by": row.get("verified_by"),
        "verify_by": row["verify_by"].isoformat(),
        "is_overdue": today > row["verify_by"],
        "questions": [] if contact.emergency else list(_questions(contact, row)),
    }


def contact_move_sentence(contact: Contact) -> str:
    """Return how the number of a contact changed; "" if it did not."""
    move = contact.moved
    if not move:
        return ""
    how = f"moved from {move.former} to {contact.number} on {move.on} by {move.by} ({move.source})"
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
    return ", ".join(f"{'-'.join(_days(row['days']))} {row['from']}-{row['to']}" for row in hours)


def _days(days: list[str]) -> list[str]:
    return [day.title() for day in dict.fromkeys((days[0], days[-1]))]


def contact_lines(rows: Collection[ContactRow]) -> Iterator[str]:
    """Yield contacts as lines to print."""
    for row in rows:
        by = f" by {row['verified_by']}" if row["verified_by"] else ""
        due = "overdue since" if row["is_overdue"] else "due by"
        yield f"{row['id']}: {row['name']}, {row['number']}"
        yield f"  {due} {row['verify_by']}, last verified on {row['verified_on']}{by}"
        if row["moved"]:
            yield f"  {row['moved']}"
        yield from (f"  source: {source}" for source in row["sources"])
        yield from (f"  ask: {question}" for question in row["questions"])
        if not row["questions"]:
            yield "  do not call an emergency number: compare the entry with its source"
