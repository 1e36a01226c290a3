"""The costs of screens are in a golden file, so that a diff shows each change."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rights_line.content.loader import ContentSources
from rights_line.core.library import Library
from rights_line.editorial import costs
from rights_line.editorial.costs import monthly_costs, screen_costs
from rights_line.editorial.lint import lint_texts
from tests.support.cli import run
from tests.support.worlds import SMALL_ROOT

GOLDEN = Path(__file__).parent.parent / "data" / "costs.txt"
LANGUAGES = ("en", "pl", "ar")  # the source, Latin letters without marks, UCS-2


def test_costs_table_matches_the_golden_file(
    library: Library, request: pytest.FixtureRequest
) -> None:
    """Of three languages; --update-costs writes the file anew."""
    rows = [row for row in screen_costs(library) if row["language"] in LANGUAGES]
    written = "\n".join(costs.tables(rows)) + "\n"
    if request.config.getoption("--update-costs"):
        GOLDEN.write_text(written)
    assert GOLDEN.read_text() == written


def test_costs_command_prints_the_table(small_library: Library) -> None:
    printed = run("costs", where=SMALL_ROOT).stdout
    assert printed.splitlines() == [*costs.tables(screen_costs(small_library))]


MONTH = ("costs", "--price", "0.65", "--monthly", "1000")


def test_monthly_costs_have_average_and_most_expensive_screen() -> None:
    rows = [
        {"language": tag, "segments": segments}
        for tag, segments in (("en", 1), ("en", 2), ("en", 2), ("ar", 5))
    ]
    assert monthly_costs(rows, Decimal("0.65"), 1000) == [
        {
            **{"language": "en", "segments": 1.67, "nok": 1083.33},
            **{"most_segments": 2, "most_nok": 1300.0},
        },
        {
            **{"language": "ar", "segments": 5, "nok": 3250.0},
            **{"most_segments": 5, "most_nok": 3250.0},
        },
    ]
    assert list(costs.monthly_table(rows, Decimal("0.65"), 1000)) == [
        "1000 texts a month, each answered by one screen, at NOK 0.65 a segment",
        "",
        "                average screen   most expensive screen",
        "language     SMS           NOK       SMS           NOK",
        "en          1.67       1083.33         2       1300.00",
        "ar          5.00       3250.00         5       3250.00",
    ]


def test_costs_command_with_price_prints_monthly_costs(small_library: Library) -> None:
    """As a table and as JSON, with a row for each language."""
    rows = screen_costs(small_library)
    expected = monthly_costs(rows, Decimal("0.65"), 1000)
    assert {row["language"] for row in expected} == {row["language"] for row in rows}
    printed = run(*MONTH, where=SMALL_ROOT).stdout
    assert printed.splitlines() == [*costs.monthly_table(rows, Decimal("0.65"), 1000)]
    report = json.loads(run(*MONTH, "--json", where=SMALL_ROOT).stdout)
    assert report == {"screens": rows, "totals": costs.totals(rows), "monthly": expected}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--price", "0.65"), "--price and --monthly must be given together."),
        (("--monthly", "1000"), "--price and --monthly must be given together."),
        (("--price", "0", "--monthly", "9"), "0.0 is not in the range x>0"),
        (("--price", "1", "--monthly", "1e3"), "'1e3' is not a valid integer range"),
    ],
)
def test_costs_command_invalid_price_is_refused(arguments: tuple[str, ...], message: str) -> None:
    """Standard output stays empty."""
    result = run("costs", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


def test_costs_of_each_language_stay_within_its_ratio(
    sources: ContentSources, library: Library
) -> None:
    """At most 1.2 times English in Latin script, 2.4 times in others.

    A short edition has long screens alone: 2.5, five segments where English has two. A language
    with a translation that waits marks links to English screens, which takes more.
    """
    for row in costs.totals(screen_costs(library)):
        if any(lint_texts.waiting_translations(sources, row["language"])):
            continue
        language = sources.languages[row["language"]]
        others = 2.4 if language.texts == "full" else 2.5
        assert row["ratio"] <= (others if language.language.encoding == "UCS-2" else 1.2), row
