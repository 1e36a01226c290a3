"""Read contacts, topics and phrases from content/, and list their texts for translators."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rights_line.content import schema
from rights_line.content.yaml_file import YamlMapping, record
from rights_line.core.model import Contact, Country, Move, Passage, Provenance, Topic
from rights_line.core.opening_hours import OpeningPeriod, WeeklyHours
from rights_line.errors import Problem


@dataclass(frozen=True)
class Content:
    """The English texts of content/; `phrases` are translated, `fixed` is sent as it is."""

    country: Country
    contacts: dict[str, Contact]
    topics: dict[str, Topic]
    phrases: dict[str, str]
    fixed: dict[str, str]

    def topic_codes(self, name: str) -> tuple[str, ...]:
        """Return the codes of a topic, that of its first screen first; none without the topic."""
        topic = self.topics.get(name)
        return tuple(passage.code for passage in topic.passages) if topic else ()


def load(country: Country, documents: list[YamlMapping], problems: list[Problem]) -> Content:
    """Return the texts of content/, empty if there is any problem; adds every problem found.

    `documents` are the files in the order of `content_files`.
    """
    contacts, phrases, *topics = documents
    for _, row in contacts.rows(problems):
        if row.follows(schema.CONTACT, schema.CONTACT_OPTIONAL, problems):
            problems += _number_problems(country, row)
    for _, row in phrases.rows(problems):
        problems += row.problems({}, schema.PHRASE_OPTIONAL)
    for topic in filter(None, topics):  # an empty one could not be read, which was reported
        problems += _topic_problems(topic)
    if problems:
        return Content(country, {}, {}, {}, {})
    return Content(
        country,
        {name: _read_contact(country, name, row) for name, row in contacts.items()},
        {topic.path.stem: _read_topic(topic) for topic in topics},
        {name: row["text"] for name, row in phrases.items() if "text" in row},
        {name: row["fixed"] for name, row in phrases.items() if "fixed" in row},
    )


def content_files(folder: Path) -> list[Path]:
    """Return the files of content/: contacts, phrases, then the topics by name."""
    topics = sorted((folder / "topics").glob("*.yaml"))
    return [folder / "contacts.yaml", folder / "phrases.yaml", *topics]


def _topic_problems(topic: YamlMapping) -> Iterator[Problem]:
    required = {**schema.TOPIC, **(schema.PROVENANCE if "text" in topic else {})}
    yield from topic.problems(required, schema.TOPIC_OPTIONAL)
    if "more" in topic and "text" not in topic:
        summary = "more requires text, which is missing"
        yield topic.problem_at_key("more", summary, "Add text:, the first screen")


def _number_problems(country: Country, row: YamlMapping) -> Iterator[Problem]:
    """Yield a problem if a contact displays one number and dials, or has moved to, a wrong one."""
    number, dialed, length = row["number"], row.get("e164"), country.digits
    expected = country.e164_number(number)
    if dialed and (dialed != expected or len(dialed) != len(country.calling_code) + length):
        digits = f'"{country.calling_code}" and the {length} digits of number ({number})'
        summary, fix = f'e164 must be {digits}, got "{dialed}"', "Compare both with the source"
        yield row.problem_at_key("e164", summary, f"{fix}; short numbers have no e164")
    if "moved" not in row:
        return
    to = row["moved"]["to"].replace(" ", "")
    if to == number.replace(" ", ""):
        summary = f"moved leads to the number that is there already, {number}"
        yield row.problem_at_key("moved", summary, "Remove moved")
    elif bool(dialed) != (len(to) == length):
        summary = f"moved must lead to a number of the same kind as {number}, got {to}"
        fix = f"Write {length} digits for a number with e164, fewer for a short one"
        yield row.problem_at_key("moved", summary, fix)


def _read_contact(country: Country, name: str, row: YamlMapping) -> Contact:
    moved = row.get("moved")
    number = moved["to"] if moved else row["number"]
    return record(
        Contact,
        row,
        id=name,
        number=number,
        e164=country.e164_number(number) if "e164" in row else None,
        hours=_read_hours(country, row.get("hours")),
        provenance=read_provenance(row),
        moved=record(Move, moved, former=row["number"]) if moved else None,
    )


def _read_hours(country: Country, value: Any) -> WeeklyHours | None:
    if value is None:
        return None
    if value == "always":
        return WeeklyHours()
    return WeeklyHours(tuple(_read_period(row) for row in value), country.time_zone)


def _read_period(row: YamlMapping) -> OpeningPeriod:
    days = frozenset(schema.DAYS.index(day) for day in row["days"])
    return OpeningPeriod(days, dt.time.fromisoformat(row["from"]), dt.time.fromisoformat(row["to"]))


def _read_topic(document: YamlMapping) -> Topic:
    rows = (row for row in (document, *document.get("more", ())) if "text" in row)
    passages = tuple(map(_read_passage, rows))
    return record(Topic, document, id=document.path.stem, passages=passages)


def _read_passage(row: YamlMapping) -> Passage:
    return record(Passage, row, provenance=read_provenance(row), **row.get("answers", {}))


def read_provenance(row: YamlMapping) -> Provenance:
    """Return the facts that a row states, and where they come from."""
    citations = tuple(map(_read_citation, row.get("source", ())))
    return Provenance(tuple(row.get("facts", ())), citations)


def _read_citation(source: YamlMapping) -> str:
    if "part" in source:
        return f"Part {source['part']}, {source['heading']}"
    if "outside" in source:
        return f"Outside the guide: {source['outside']} (seen {source['seen']})"
    return str(source["service"])
