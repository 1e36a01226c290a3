"""docs/adr/: each decision is short, and names the tests that hold it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import ROOT

LONGEST = 16  # lines, without those of tables
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
HELD = re.compile(r"Held by: `(.*)`")


def problems(text: str) -> Iterator[str]:
    """Yield what is wrong with the text of a decision."""
    lines = [line for line in text.splitlines() if line]
    prose = [line for line in lines if not line.startswith("|")]
    if any(line.startswith("Superseded by [ADR ") for line in prose):
        if len(prose) > 4:
            yield f"superseded, with {len(prose)} lines"
        return
    if len(prose) > LONGEST:
        yield f"{len(prose)} lines"
    if not (held := HELD.fullmatch(lines[-1])):
        yield "no last line with the tests that hold it"
        return
    yield from (name for name in held[1].split("`, `") if not is_test(ROOT / name))


def is_test(path: Path) -> bool:
    """Whether a path leads to a file of tests."""
    return path.name.startswith("test_") and path.is_file()


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_decision_is_short_and_names_its_tests(path: Path) -> None:
    assert list(problems(path.read_text("utf-8"))) == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in ADRS] == [*range(1, len(ADRS) + 1)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# 1. A\n\nWhy.", "no last line with the tests that hold it"),
        ("# 1. A\n\nHeld by: `tests/test_gone.py`", "tests/test_gone.py"),
        ("# 1. A\n\nHeld by: `README.md`", "README.md"),
        ("# 1. A\n\nHeld by: `tests/test_imports.py`, `tests/gone.py`", "tests/gone.py"),
        ("a\n" * LONGEST + "Held by: `tests/test_imports.py`", "17 lines"),
        ("# 1. A\n\nSuperseded by [ADR 2](0002.md).\na\nb\nc", "superseded, with 5 lines"),
    ],
)
def test_problem_of_a_decision_is_found(text: str, problem: str) -> None:
    assert list(problems(text)) == [problem]
