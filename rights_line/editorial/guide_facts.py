"""Read content/guide_facts.yaml: the facts of the guide, their places, the words that tell them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rights_line.content import schema
from rights_line.content.yaml_file import YamlMapping, load_yaml
from rights_line.errors import Problem

PLACED = ("facts", "phones", "web")  # tables whose rows name a part and a line


@dataclass(frozen=True)
class Fact:
    """One fact; `says` holds groups of words, and a text that tells it has a word of each."""

    place: str  # "Part 5, heading", as in `Sourced.sources`
    line: int
    audience: str
    summary: str
    says: tuple[tuple[str, ...], ...]

    def missing(self, text: str) -> list[str]:
        """Return the groups of which a text has no word, each as `"word" or "word"`."""
        return [
            " or ".join(f'"{word}"' for word in group)
            for group in self.says
            if not any(_pattern(word).search(text) for word in group)
        ]


@dataclass(frozen=True)
class Guide:
    """The file: `rows` is its mapping of facts, which knows the line of each."""

    rows: YamlMapping
    facts: dict[str, Fact]
    places: frozenset[str]
    phones: frozenset[str]
    web: frozenset[str]


def load_guide(path: Path, faults: list[Problem]) -> Guide:
    """Return what the file holds, adding every fault found; with any, nothing."""
    found: list[Problem] = []
    document = load_yaml(path, found)
    if not found:
        found += _faults(document)
    faults += found
    if found:
        return Guide(YamlMapping(path), {}, frozenset(), frozenset(), frozenset())
    headings = {part: row["headings"] for part, row in document["parts"].items()}
    return Guide(
        document["facts"],
        {name: _fact(row) for name, row in document["facts"].items()},
        frozenset(f"Part {part}, {name}" for part, names in headings.items() for name in names),
        frozenset(document["phones"]),
        frozenset(document["web"]),
    )


def _fact(row: YamlMapping) -> Fact:
    place = f"Part {row['part']}, {row['heading']}"
    says = tuple(map(tuple, row.get("says", ())))
    return Fact(place, row["line"], row["audience"], row["summary"], says)


def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a word, outside placeholders; `threat*` is any word that begins so."""
    end = "" if word.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<![\w{{]){re.escape(word.removesuffix('*'))}{end}", re.IGNORECASE)


def _faults(document: YamlMapping) -> list[Problem]:
    """Return the faults of the outermost keys, or else of the rows, or else of the places."""
    found = list(document.check(schema.GUIDE, {}))
    if not found:
        found += _row_faults(document)
    if not found:
        for table in PLACED:
            found += _misplaced(document[table], document["parts"])
    return found


def _row_faults(document: YamlMapping) -> list[Problem]:
    found: list[Problem] = []
    for table, (required, optional) in schema.GUIDE_ROWS.items():
        for _, row in document[table].rows(found):
            found += row.check(required, optional)
    for name in document["facts"]:
        if not schema.ID.allows(name):
            found.append(
                document["facts"].problem(
                    name, f"{name!r} must be an id", f"Use {schema.ID.expected}"
                )
            )
    return found


def _misplaced(table: YamlMapping, parts: YamlMapping) -> Iterator[Problem]:
    """Yield a fault for each row whose part does not have its line or its heading."""
    for name, row in table.items():
        part = parts.get(str(row["part"]), YamlMapping(table.path))
        first, last = part.get("lines", (0, 0))
        if not first <= row["line"] <= last:
            problem = f"{name}: part {row['part']} has lines {first} to {last}, got {row['line']}"
            yield row.problem("line", problem, "Correct the line, or the part")
        if "heading" in row and row["heading"] not in part.get("headings", ()):
            problem = f"{name}: part {row['part']} has no heading {row['heading']!r}"
            yield row.problem("heading", problem, "Correct it, or add it to parts")
