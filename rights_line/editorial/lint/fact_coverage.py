"""Check that texts tell the facts they claim, and that no fact is forgotten.

A fact that no screen tells must be listed with a reason in content/left_out.yaml.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rights_line.content.files import rules, yaml_file
from rights_line.content.files.content_reader import content_files, read_provenance
from rights_line.content.files.schema import ID
from rights_line.content.files.yaml_file import YamlMapping
from rights_line.editorial.lint.guide_facts import Guide, load_guide_facts
from rights_line.errors import Problem

FACTS = Path("content") / "guide_facts.yaml"
LEFT_OUT = Path("content") / "left_out.yaml"
AUDIENCES = frozenset({"adult_victim", "minor", "concerned_person"})  # not "professional"


@dataclass(frozen=True)
class Statement:
    """One English text, followed by the web addresses of its YAML row."""

    row: YamlMapping
    text: str
    on_screen: bool  # False: shown only to outreach workers, at /outreach

    @property
    def claimed(self) -> tuple[str, ...]:
        return read_provenance(self.row).facts


def fact_coverage_problems(root: Path) -> list[Problem]:
    """Return every problem of the facts, sorted.

    Everything else in content/ must have been validated before.
    """
    problems: list[Problem] = []
    guide = load_guide_facts(root / FACTS, problems)
    left_out = yaml_file.load(root / LEFT_OUT, problems)
    problems += left_out.problems({}, dict.fromkeys(left_out, rules.list_of(ID)))
    if not problems:
        statements = list(_statements(root))
        for statement in statements:
            problems += _claim_problems(statement, guide)
            problems += _place_problems(statement, guide)
        problems += _uncovered(guide, left_out, _covered(guide, statements))
    return sorted(set(problems))


def _covered(guide: Guide, statements: list[Statement]) -> set[str]:
    return {
        name
        for statement in statements
        if statement.on_screen
        for name in statement.claimed
        if (fact := guide.facts.get(name)) and fact.says and not fact.missing_words(statement.text)
    }


def _statements(root: Path) -> Iterator[Statement]:
    for path in content_files(root / "content"):
        document = yaml_file.load(path, [])
        nested = document.get("more", ()) if path.parent.name == "topics" else document.values()
        for row in (document, *nested):
            if "text" in row:
                yield _statement(row, row["text"], on_screen=True)
    for chapter in yaml_file.load(root / "content" / "outreach.yaml", []).values():
        for row in chapter["says"]:
            yield _statement(row, row["en"], on_screen=False)


def _statement(row: YamlMapping, text: str, *, on_screen: bool) -> Statement:
    return Statement(row, " ".join([text, *row.get("web", ())]), on_screen)


def _claim_problems(statement: Statement, guide: Guide) -> Iterator[Problem]:
    for name in statement.claimed:
        fact = guide.facts.get(name)
        if fact is None:
            problem = f"{name} must be a fact of {FACTS}, which has no such id"
            yield statement.row.problem_at_key(
                "facts", problem, "Correct the id, or add the fact there"
            )
        elif not fact.says:
            problem = f"{name} must have says, because a text claims it"
            yield guide.rows.problem_at_key(
                name, problem, "List the words that a text must contain"
            )
        elif missing := fact.missing_words(statement.text):
            lacks = "; ".join(missing)
            problem = f"{name} is claimed but not told: {fact.summary} Missing: {lacks}"
            yield statement.row.problem_at_key(
                "facts", problem, "Tell it, or remove the id from facts"
            )


def _place_problems(statement: Statement, guide: Guide) -> Iterator[Problem]:
    row, citations = statement.row, read_provenance(statement.row).citations
    for name in statement.claimed:
        fact = guide.facts.get(name)
        if fact and fact.place not in citations:
            problem = f"source must name the place of {name}, which is {fact.place}"
            yield row.problem_at_key("source", problem, "Add it")
    for place in citations:
        if place.startswith("Part ") and place not in guide.places:
            problem = f"source must be a place in the guide, got {place}"
            yield row.problem_at_key("source", problem, f"Compare it with parts in {FACTS}")
    yield from _number_problems(row, guide)


def _number_problems(row: YamlMapping, guide: Guide) -> Iterator[Problem]:
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
        yield guide.rows.problem_at_key(
            name, problem.rstrip("."), f"Tell it, or list it in {LEFT_OUT}"
        )
    for reason, names in left_out.items():
        for name in names:
            if name in stated:
                problem, fix = f"{name} is told on a screen", "Remove it from the list"
                yield left_out.problem_at_key(reason, problem, fix)
            elif name not in relevant:
                problem = f"{name} must be a fact for victims, children or worried people"
                fix = "Correct the id, or remove it from the list"
                yield left_out.problem_at_key(reason, problem, fix)
