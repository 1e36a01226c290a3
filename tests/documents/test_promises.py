"""docs/assurance.md: every promise names a test, and every named test exists."""

import re
import subprocess
import sys

from tests.support.servers import ROOT

ASSURANCE = (ROOT / "docs" / "assurance.md").read_text("utf-8")
TEST_ID = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")


def missing_tests(named: set[str]) -> set[str]:
    """Return the tests that pytest does not collect."""
    files = sorted({test.partition("::")[0] for test in named})
    existing = [file for file in files if (ROOT / file).exists()]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *existing], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    return named - {line.partition("[")[0] for line in done.stdout.splitlines()}


def test_named_tests_exist_and_unknown_ones_are_found() -> None:
    named = {*TEST_ID.findall(ASSURANCE)}
    unknown = {"tests/documents/test_promises.py::test_gone", "tests/test_gone.py::test_gone"}

    assert len(named) > 60
    assert missing_tests(named | unknown) == unknown


def test_promises_name_at_least_one_test() -> None:
    rows = re.findall(r"(?m)^\| (?!promise|---)(.*?) \| (.*) \|$", ASSURANCE)

    assert len(rows) > 40
    assert [promise for promise, tests in rows if not TEST_ID.search(tests)] == []
