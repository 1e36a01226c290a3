"""What everything costs is written down, so that a change in it shows in the diff."""

import json
from pathlib import Path

import pytest

from rights_line.core.library import Library
from rights_line.costs import costs, table, totals
from tests.test_cli import run

GOLDEN = Path(__file__).parent / "data" / "costs.txt"


def test_costs_are_as_written_down(library: Library, request: pytest.FixtureRequest) -> None:
    """A text that grew a segment is seen (--update-costs writes the file anew)."""
    now = "\n".join(table(costs(library))) + "\n"
    if request.config.getoption("--update-costs"):
        GOLDEN.write_text(now)
    assert GOLDEN.read_text() == now


def test_the_command_prints_the_same(library: Library) -> None:
    """`rights-line costs`, as a table and as JSON."""
    rows = costs(library)
    assert run("costs").stdout == GOLDEN.read_text()
    assert json.loads(run("costs", "--json").stdout) == {"screens": rows, "totals": totals(rows)}


def test_every_language_is_within_its_ratio(library: Library) -> None:
    """A Latin script costs at most 1.2 times English after folding, another 2.2 (design 8)."""
    for row in totals(costs(library)):
        encoding = library.languages[row["language"]].encoding
        assert row["ratio"] <= (2.2 if encoding == "UCS-2" else 1.2), row
