"""Check that texts tell the facts they claim, and that no fact is forgotten.

A fact that no screen tells must be listed with a reason in content/left_out.yaml.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rights_line.content import rules, yaml_file
from rights_line.content.content_reader import content_files, read_provenance
from rights_line.content.schema import ID
from rights_line.content.yaml_file import YamlMapping
from rights_line.editorial.lint import guide_facts
from rights_line.editorial.lint.guide_facts import FACTS, Guide
from rights_line.errors import Problem

LEFT_OUT = Path("content") / "left_out.yaml"
AUDIENCES = frozenset({"adult_victim", "minor", "concerned_person"})  # not "professional"


@dataclass(frozen=True)
class Statement:
    """One English text: that of a screen, or "en" for outreach workers, at /outreach."""

    row: YamlMapping
    key: Literal["text", "en"]

    @property
    def text(self) -> str:
        """The text, followed by the web addresses of its row."""
        return " ".join([self.row[self.key], *self.row.get("web", ())])

    @property
    def claimed(self) -> tuple[str, ...]:
        return read_provenance(self.row).facts


def problems(root: Path) -> list[Problem]:
    """Return every problem of the facts, sorted.

    Everything else in content/ must have been validated before.

    Raises:
        ConfigurationError: the facts of the guide cannot be read.
    """
    guide, found = guide_facts.load(root), list[Problem]()
    left_out = yaml_file.load(root / LEFT_OUT, found)
    found += left_out.problems({}, dict.fromkeys(left_out, rules.list_of(ID)))
    if not found:
        statements = list(_statements(root))
        for statement in statements:
            found += _claim_problems(statement, guide)
            found += _place_problems(statement.row, guide)
        found += _uncovered(guide, left_out, _covered(guide, statements))
    return sorted(set(found))


def _covered(guide: Guide, statements: list[Statement]) -> set[str]:
    """Return the facts that screens tell; people who text never see /outreach."""
    return {
        name
        for statement in statements
        if statement.key == "text"
        for name in statement.claimed
        if (fact := guide.facts.get(name)) and fact.says and not fact.missing_words(statement.text)
    }


def _statements(root: Path) -> Iterator[Statement]:
    for path in content_files(root / "content"):
        document = yaml_file.load(path, [])
        nested = document.get("more", ()) if path.parent.name == "topics" else document.values()
        for row in (document, *nested):
            if "text" in row:
                yield Statement(row, "text")
    for chapter in yaml_file.load(root / "content" / "outreach.yaml", []).values():
        for row in chapter["says"]:
            yield Statement(row, "en")


def _claim_problems(statement: Statement, guide: Guide) -> Iterator[Problem]:
    row, citations = statement.row, read_provenance(statement.row).citations
    for name in statement.claimed:
        fact = guide.facts.get(name)
        if fact is None:
            problem = f"{name} must be a fact of {FACTS}, which has no such id"
            yield row.problem_at_key("facts", problem, "Correct the id, or add the fact there")
            continue
        if not fact.says:
            problem = f"{name} must have says, because a text claims it"
            fix = "List the words that a text must contain"
            yield guide.rows.problem_at_key(name, problem, fix)
        elif missing := "; ".join(fact.missing_words(statement.text)):
            problem = f"{name} is claimed but not told: {fact.summary} Missing: {missing}"
            yield row.problem_at_key("facts", problem, "Tell it, or remove the id from facts")
        if fact.place not in citations:
            problem = f"source must name the place of {name}, which is {fact.place}"
            yield row.problem_at_key("source", problem, "Add it")


def _place_problems(row: YamlMapping, guide: Guide) -> Iterator[Problem]:
    """Yield a problem for each place, number and address that is not in the guide."""
    for place in read_provenance(row).citations:
        if place.startswith("Part ") and place not in guide.places:
            problem = f"source must be a place in the guide, got {place}"
            yield row.problem_at_key("source", problem, f"Compare it with parts in {FACTS}")
    if "number" in row and row["number"] not in guide.phones:
        problem = f"number must be one that the guide prints, got {row['number']}"
        yield row.problem_at_key("number", problem, f"Compare it with phones in {FACTS}")
    for address in row.get("web", ()):
        if address.removeprefix("www.") not in guide.web:
            problem = f"web must be an address that the guide prints, got {address}"
            yield row.problem_at_key("web", problem, f"Compare it with web in {FACTS}")


def _uncovered(guide: Guide, left_out: YamlMapping, stated: set[str]) -> Iterator[Problem]:
    relevant = {name: fact for name, fact in guide.facts.items() if fact.audience in AUDIENCES}
    listed = {name for names in left_out.values() for name in names}
    for name in relevant.keys() - stated - listed:
        fact = relevant[name]
        problem = f"no screen tells {name} ({fact.place}, line {fact.line}): {fact.summary}"
        fix = f"Tell it, or list it in {LEFT_OUT}"
        yield guide.rows.problem_at_key(name, problem.rstrip("."), fix)
    for reason, names in left_out.items():
        for name in names:
            if name in stated:
                problem, fix = f"{name} is told on a screen", "Remove it from the list"
                yield left_out.problem_at_key(reason, problem, fix)
            elif name not in relevant:
                problem = f"{name} must be a fact for victims, children or worried people"
                fix = "Correct the id, or remove it from the list"
                yield left_out.problem_at_key(reason, problem, fix)
