"""Read content/guide_facts.yaml: the facts of the guide and where they stand.

The header of the file explains each key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rights_line.content.files import yaml_file
from rights_line.content.files.schema import ID, PART
from rights_line.content.files.yaml_mapping import (
    TEXT,
    Rule,
    Rules,
    YamlMapping,
    list_rule,
    one_of_rule,
    text_rule,
)
from rights_line.errors import Problem

LINE = Rule(
    lambda value: type(value) is int and value > 0, "a line number of the guide's text", "1543"
)
LINE_RANGE = Rule(
    lambda value: list_rule(LINE).allows(value) and len(value) == 2 and value[0] < value[1],
    "the first and last line of the part",
    "[65, 599]",
)
WORD = text_rule(r"[^\s*].+\S", "words of three letters or more", "lawyer")
WORD_GROUPS = list_rule(list_rule(WORD, least=1), least=1)
GUIDE: Rules = dict.fromkeys(
    ("parts", "facts", "phones", "web"),
    Rule(
        lambda value: isinstance(value, YamlMapping) and bool(value),
        "at least one row",
        "{<key>: {...}}",
    ),
)
GUIDE_PART: Rules = {"lines": LINE_RANGE, "headings": list_rule(TEXT)}
GUIDE_PLACE: Rules = {"part": PART, "line": LINE}
GUIDE_FACT: Rules = {
    **GUIDE_PLACE,
    "heading": TEXT,
    "audience": one_of_rule("adult_victim", "minor", "concerned_person", "professional"),
    "summary": text_rule(
        r"\S.{1,158}[.?]",
        "one sentence of at most 160 characters that ends with a full stop",
        '"ROSA answers day and night."',
    ),
}
# Table -> the required and the optional keys of its rows.
GUIDE_ROWS: dict[str, tuple[Rules, Rules]] = {
    "parts": (GUIDE_PART, {}),
    "facts": (GUIDE_FACT, {"says": WORD_GROUPS}),
    "phones": (GUIDE_PLACE, {}),
    "web": (GUIDE_PLACE, {}),
}
TABLES_WITH_PLACES = ("facts", "phones", "web")  # their rows name a part and a line of the guide


@dataclass(frozen=True)
class Fact:
    """One fact of the guide.

    A text tells the fact if it contains at least one word of each group in `says`.
    """

    place: str  # "Part 5, heading", as in `Provenance.citations`
    line: int
    audience: str
    summary: str
    says: tuple[tuple[str, ...], ...]

    def missing_words(self, text: str) -> list[str]:
        """Return the groups of `says` that a text lacks, each as `"word" or "word"`."""
        return [
            " or ".join(f'"{word}"' for word in group)
            for group in self.says
            if not any(_word_pattern(word).search(text) for word in group)
        ]


@dataclass(frozen=True)
class Guide:
    """The parsed file; `rows` is the YAML of its facts, which knows the line of each."""

    rows: YamlMapping
    facts: dict[str, Fact]
    places: frozenset[str]
    phones: frozenset[str]
    web: frozenset[str]


def load_guide_facts(path: Path, problems: list[Problem]) -> Guide:
    """Read the file, adding its problems to a list; with any, return an empty guide."""
    found: list[Problem] = []
    document = yaml_file.load(path, found)
    if not found:
        found += _problems(document)
    problems += found
    if found:
        return Guide(YamlMapping(path), {}, frozenset(), frozenset(), frozenset())
    headings = {part: row["headings"] for part, row in document["parts"].items()}
    return Guide(
        document["facts"],
        {name: _guide_fact(row) for name, row in document["facts"].items()},
        frozenset(f"Part {part}, {name}" for part, names in headings.items() for name in names),
        frozenset(document["phones"]),
        frozenset(document["web"]),
    )


def _guide_fact(row: YamlMapping) -> Fact:
    place = f"Part {row['part']}, {row['heading']}"
    says = tuple(map(tuple, row.get("says", ())))
    return Fact(place, row["line"], row["audience"], row["summary"], says)


def _word_pattern(word: str) -> re.Pattern[str]:
    """Return a pattern for a whole word outside placeholders.

    A final * matches any ending: `threat*` matches "threatened".
    """
    end = "" if word.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<![\w{{]){re.escape(word.removesuffix('*'))}{end}", re.IGNORECASE)


def _problems(document: YamlMapping) -> list[Problem]:
    """Return the problems of the keys; without any, of the rows; then of the places."""
    found = list(document.problems(GUIDE, {}))
    if not found:
        found += _row_problems(document)
    if not found:
        for table in TABLES_WITH_PLACES:
            found += _place_problems(document[table], document["parts"])
    return found


def _row_problems(document: YamlMapping) -> list[Problem]:
    found: list[Problem] = []
    for table, (required, optional) in GUIDE_ROWS.items():
        for _, row in document[table].rows(found):
            found += row.problems(required, optional)
    for name in document["facts"]:
        if not ID.allows(name):
            problem = f"{name!r} must be an id"
            found.append(document["facts"].problem_at_key(name, problem, f"Use {ID.expected}"))
    return found


def _place_problems(table: YamlMapping, parts: YamlMapping) -> Iterator[Problem]:
    for name, row in table.items():
        part = parts.get(str(row["part"]), YamlMapping(table.path))
        first, last = part.get("lines", (0, 0))
        if not first <= row["line"] <= last:
            problem = f"{name}: part {row['part']} has lines {first} to {last}, got {row['line']}"
            yield row.problem_at_key("line", problem, "Correct the line, or the part")
        if "heading" in row and row["heading"] not in part.get("headings", ()):
            problem = f"{name}: part {row['part']} has no heading {row['heading']!r}"
            yield row.problem_at_key("heading", problem, "Correct it, or add it to parts")
