"""docs/assurance.md and docs/dpia.md: every promise and risk names a test that exists."""

import ast
import re

from tests.support.servers import ROOT

ASSURANCE = (ROOT / "docs" / "assurance.md").read_text("utf-8")
TEST_ID = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")


def missing_tests(named: set[str]) -> set[str]:
    """Return the tests that their files do not define."""
    files = {test.partition("::")[0] for test in named}
    return named - {test for file in files for test in defined_tests(file)}


def defined_tests(file: str) -> list[str]:
    """Return the id of each test function of a file, without parameters."""
    if not (ROOT / file).exists():
        return []
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return [f"{file}::{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_named_tests_exist_and_unknown_ones_are_found() -> None:
    named = {*TEST_ID.findall(ASSURANCE)}
    unknown = {"tests/documents/test_promises.py::test_gone", "tests/test_gone.py::test_gone"}

    assert len(named) > 60
    assert missing_tests(named | unknown) == unknown


def test_risks_name_tests_that_exist() -> None:
    text = (ROOT / "docs" / "dpia.md").read_text("utf-8")
    table = text.partition("## 5.")[2].partition("## 6.")[0]
    rows = re.findall(r"(?m)^\| (?!risk|---)(.*?) \| (.*?) \|", table)

    assert len(rows) > 9
    assert [risk for risk, measure in rows if not TEST_ID.search(measure)] == []
    assert missing_tests({*TEST_ID.findall(text)}) == set()


def test_promises_name_at_least_one_test() -> None:
    promises = ASSURANCE.partition("## Faults that were run")[0]
    rows = re.findall(r"(?m)^\| (?!promise|---)(.*?) \| (.*) \|$", promises)

    assert len(rows) > 40
    assert [promise for promise, tests in rows if not TEST_ID.search(tests)] == []
