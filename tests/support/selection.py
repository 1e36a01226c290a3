"""Markers by folder, and the line at the end of a run about tests that did not run."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
# Folder or file below tests/ -> marker; pyproject.toml says what each marker needs.
MARKERS = {
    "browser": "browser",
    "cards": "print",
    "deploy/test_probe.py": "server",
    "web/test_time.py": "timed",
    "providers": "provider",
    "system": "server",
    "system/test_hostile_texts.py": "timed",
    "system/test_restart.py": "timed",
    "web/test_process.py": "server",
}
# In CI a skipped test fails the run, except for these reasons.
ALLOWED_IN_CI = (
    "compares guide_facts.yaml with the guide, and there is no shared/guide above",
    "no valkey-server is installed",
    "`make deploy-test` runs it",
    "strace may not trace here",
)


@cache
def marker_of(path: Path) -> str | None:
    """Return the marker of a test file, if it needs more than Python and Redis."""
    folders = (path, *path.parents)
    names = [
        MARKERS.get(str(folder.relative_to(TESTS))) for folder in folders if TESTS in folder.parents
    ]
    return next(filter(None, names), None)


def skip_reasons(reports: Iterable[pytest.TestReport]) -> Counter[str]:
    """Count the skipped tests by reason."""
    reasons = (report.longrepr for report in reports)
    return Counter(row[2].removeprefix("Skipped: ") for row in reasons if isinstance(row, tuple))


def forbidden_in_ci(reasons: Iterable[str]) -> list[str]:
    """Return the reasons for which no test may be skipped in CI."""
    return sorted({*reasons} - {*ALLOWED_IN_CI})


def summary(reasons: Counter[str], left_out: Iterable[str]) -> str:
    """Return one line about the tests that did not run, empty if all did."""
    skipped = "; ".join(f"{count} x {reason}" for reason, count in sorted(reasons.items()))
    parts = {"skipped": skipped, "left out": ", ".join(left_out)}
    return ". ".join(f"{name}: {text}" for name, text in parts.items() if text)
