"""Read the tables that stand alone: country.yaml, decision.yaml and outreach.yaml.

The header of each file explains its keys.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from rights_line.content import rules, yaml_file
from rights_line.content.catalogs import EnglishString
from rights_line.content.content_reader import Content, read_provenance
from rights_line.content.schema import ID, PROVENANCE, TAGS, WEB
from rights_line.content.yaml_file import Rule, Rules, YamlMapping, record
from rights_line.core.model import Advice, Chapter, Country, Helplines
from rights_line.core.understanding.choice import Costs, Unsure
from rights_line.core.understanding.evidence import Weights
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.schema import Decision

DECISION_FILE = "decision.yaml"


def _is_time_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


COUNTRY: Rules = {
    "name": rules.TEXT,
    "title": rules.TEXT,
    "languages": Rule(
        lambda value: TAGS.allows(value) and "en" in value,
        "a list of language tags, with en among them",
        "[nb, en]",
    ),
    "time_zone": Rule(_is_time_zone, "a time zone", "Europe/Oslo"),
    "calling_code": rules.text(r"\+[1-9]\d{0,2}", "a country calling code in quotes", '"+47"'),
    "digits": Rule(lambda value: value in range(5, 13), "a number from 5 to 12", "8"),
    "leave_to": rules.text(r"https://\S+", "an address with https://", "https://www.yr.no/"),
    "helplines": rules.mapping(dict.fromkeys(Helplines._fields, ID)),
    "public_holidays": rules.mapping(
        {
            "fixed": rules.list_of(
                rules.text(r"(0[1-9]|1[0-2])-([0-2]\d|3[01])", "month-day in quotes", '"05-17"')
            ),
            "after_easter": rules.list_of(
                Rule(lambda value: type(value) is int, "a number of days", "39")
            ),
        }
    ),
}
_POSITIVE = Rule(
    lambda value: type(value) in (int, float) and value >= 0, "a number of 0 or more", "1.5"
)
DECISION: Rules = {
    "costs": rules.mapping(dict.fromkeys(Costs._fields, _POSITIVE)),
    "weights": rules.mapping(dict.fromkeys(Weights._fields, _POSITIVE)),
    "unsure": rules.mapping(dict.fromkeys(Unsure._fields, _POSITIVE)),
}


def country(folder: Path) -> Country:
    """Return the country of a folder content/.

    Raises:
        ConfigurationError: with every problem in the file. The other files cannot be checked then.
    """
    problems: list[Problem] = []
    row = yaml_file.load(folder / "country.yaml", problems)
    if problems or not row.follows(COUNTRY, {}, problems):
        raise ConfigurationError(problems)
    holidays = row["public_holidays"]
    return record(
        Country,
        row,
        time_zone=ZoneInfo(row["time_zone"]),
        helplines=Helplines(**row["helplines"]),
        fixed_holidays=tuple((int(day[:2]), int(day[3:])) for day in holidays["fixed"]),
        movable_holidays=tuple(holidays["after_easter"]),
    )


def decision(folder: Path, content: Content, problems: list[Problem]) -> Decision | None:
    """Return how sentences are decided on; None without the file, or if it has problems."""
    path = folder / DECISION_FILE
    if not path.exists():
        return None
    row = yaml_file.load(path, problems)
    if not row.follows(DECISION, {}, problems):
        return None
    topics = content.topics.items()
    return Decision(
        Costs(**row["costs"]),
        Weights(**row["weights"]),
        Unsure(**row["unsure"]),
        topics={topic.code: name for name, topic in topics},
        topic_of={each.code: topic.code for _, topic in topics for each in topic.passages},
    )


def outreach(
    document: YamlMapping, languages: Sequence[str], problems: list[Problem]
) -> tuple[Chapter, ...]:
    """Return the chapters, none if there is any problem; adds every problem found."""
    texts = dict.fromkeys(languages, rules.TEXT)  # side by side in a chapter and in its rows
    chapter_rules = {**texts, "says": rules.rows({**texts, **PROVENANCE}, {"web": WEB})}
    for _, chapter in document.rows(problems):
        if chapter.follows(chapter_rules, {}, problems):
            for row in chapter["says"]:
                problems += _number_problems(row, languages)
    if problems:
        return ()
    return tuple(
        Chapter(
            name,
            {language: row[language] for language in languages},
            tuple(_advice(advice, languages) for advice in row["says"]),
        )
        for name, row in document.items()
    )


def outreach_strings(document: YamlMapping, languages: Sequence[str]) -> Iterator[EnglishString]:
    """Yield every text in all its languages, for the checks that all texts must pass."""
    for name, chapter in document.items():
        for row in (chapter, *chapter["says"]):
            for language in languages:
                yield EnglishString(name, row[language], row.path, row.lines[language], "")


def _number_problems(row: YamlMapping, languages: Sequence[str]) -> Iterator[Problem]:
    numbers = _numbers(row["en"])
    for language in languages:
        if _numbers(row[language]) != numbers:
            expected = ", ".join(numbers) or "none"
            summary = f"numbers of {language} must match the English, expected {expected}"
            yield row.problem_at_key(
                language, summary, "Use the same placeholders and digits in both"
            )


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|\d+", text))


def _advice(row: YamlMapping, languages: Sequence[str]) -> Advice:
    texts = {language: row[language] for language in languages}
    return record(Advice, row, texts=texts, provenance=read_provenance(row))
