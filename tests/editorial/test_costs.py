"""What everything costs is written down, so that a change in it shows in the diff."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rights_line.core.library import Library
from rights_line.editorial.costs import costs, monthly, monthly_table, table, totals
from tests.support.cli import run

GOLDEN = Path(__file__).parent.parent / "data" / "costs.txt"


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


MONTH = ("costs", "--price", "0.65", "--monthly", "1000")


def test_a_month_costs_what_its_replies_cost() -> None:
    """The average of all screens, and the most expensive one, at a price and for so many texts."""
    rows = [
        {"language": tag, "segments": segments}
        for tag, segments in (("en", 1), ("en", 2), ("en", 2), ("ar", 5))
    ]
    assert monthly(rows, Decimal("0.65"), 1000) == [
        {
            **{"language": "en", "segments": 1.67, "nok": 1083.33},
            **{"most_segments": 2, "most_nok": 1300.0},
        },
        {
            **{"language": "ar", "segments": 5, "nok": 3250.0},
            **{"most_segments": 5, "most_nok": 3250.0},
        },
    ]
    assert list(monthly_table(rows, Decimal("0.65"), 1000)) == [
        "1000 texts a month, each answered by one screen, at NOK 0.65 a segment",
        "",
        "                average screen   most expensive screen",
        "language     SMS           NOK       SMS           NOK",
        "en          1.67       1083.33         2       1300.00",
        "ar          5.00       3250.00         5       3250.00",
    ]


def test_the_command_prints_a_month(library: Library) -> None:
    """`rights-line costs --price --monthly`, a row for each language, as a table and as JSON."""
    rows = costs(library)
    expected = monthly(rows, Decimal("0.65"), 1000)
    assert {row["language"] for row in expected} == {row["language"] for row in rows}
    assert run(*MONTH).stdout == "\n".join(monthly_table(rows, Decimal("0.65"), 1000)) + "\n"
    report = json.loads(run(*MONTH, "--json").stdout)
    assert report == {"screens": rows, "totals": totals(rows), "monthly": expected}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--price", "0.65"), "--price and --monthly must be given together."),
        (("--monthly", "1000"), "--price and --monthly must be given together."),
        (("--price", "0", "--monthly", "9"), 'must be a price above 0, such as 0.65, got "0"'),
        (("--price", "0,65", "--monthly", "9"), 'such as 0.65, got "0,65"'),
        (("--price", "1", "--monthly", "1e3"), 'must be a whole number above 0, got "1e3"'),
    ],
)
def test_a_month_that_cannot_be_priced(arguments: tuple[str, ...], message: str) -> None:
    """It is said what must hold; nothing is printed that could be taken for a price."""
    result = run("costs", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


def test_every_language_is_within_its_ratio(library: Library) -> None:
    """A Latin script costs at most 1.2 times English after folding, another 2.2 (design 8)."""
    for row in totals(costs(library)):
        encoding = library.languages[row["language"]].encoding
        assert row["ratio"] <= (2.2 if encoding == "UCS-2" else 1.2), row
