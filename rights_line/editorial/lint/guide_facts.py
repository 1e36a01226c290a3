"""Read content/guide_facts.yaml: the facts of the guide and where they stand.

The header of the file explains each key.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from rights_line.content import rules, yaml_file
from rights_line.content.schema import PART
from rights_line.content.yaml_file import Rule, Rules, YamlMapping
from rights_line.errors import ConfigurationError, Problem

FACTS = Path("content") / "guide_facts.yaml"
LINE = Rule(lambda value: type(value) is int, "a line number of the guide's text", "1543")
WORD = rules.text(r"[^\s*].+\S", "words of three letters or more", "lawyer")
PLACE: Rules = {"part": PART, "line": LINE}
FACT: Rules = {
    **PLACE,
    "heading": rules.TEXT,
    "audience": rules.one_of("adult_victim", "minor", "concerned_person", "professional"),
    "summary": rules.TEXT,
}
# Table -> the required and the optional keys of its rows.
TABLES: dict[str, tuple[Rules, Rules]] = {
    "parts": ({"lines": rules.list_of(LINE), "headings": rules.list_of(rules.TEXT)}, {}),
    "facts": (FACT, {"says": rules.list_of(rules.list_of(WORD, least=1), least=1)}),
    "phones": (PLACE, {}),
    "web": (PLACE, {}),
}


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


def load(root: Path) -> Guide:
    """Return the facts of the guide.

    Raises:
        ConfigurationError: with every problem of their file.
    """
    problems: list[Problem] = []
    document = yaml_file.load(root / FACTS, problems)
    if not problems:
        _check(document, problems)
    if problems:
        raise ConfigurationError(problems)
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


def _check(document: YamlMapping, problems: list[Problem]) -> None:
    """Add every problem of the tables and of their rows."""
    for table, (required, optional) in TABLES.items():
        rows = document.get(table)
        if not isinstance(rows, YamlMapping):
            problem = document.problem_at_key(table, f"{table} is missing", "Restore its rows")
            problems.append(problem)
            continue
        for _, row in rows.rows(problems):
            problems += row.problems(required, optional)
