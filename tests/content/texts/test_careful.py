"""The English texts avoid every mistake and contradiction in docs/careful.md."""

import csv
import re

import pytest

from rights_line.core.library import Library
from rights_line.library import ROOT

TABLE = (ROOT / "tests" / "data" / "careful.tsv").read_text("utf-8").splitlines()
ROWS = [*csv.DictReader(TABLE, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")]


def english(library: Library) -> dict[str, str]:
    """Return the English text of each screen."""
    return {
        code: f"{row.body}\n{row.links}" for code, row in library.editions["en"].screens.items()
    }


def parts(cell: str) -> list[str]:
    """Return the parts of a cell, which semicolons separate."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def codes(cell: str) -> set[str]:
    return set(re.findall(r"\d+", cell))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']} {row['screens']}")
def test_row_finds_its_wording_and_none_of_its_patterns(
    library: Library, row: dict[str, str]
) -> None:
    """Each part of `says` is on every screen named; no screen matches a part of `never`."""
    texts = english(library)
    unsaid = [
        (code, part)
        for code in codes(row["screens"])
        for part in parts(row["says"])
        if part.casefold() not in texts[code].casefold()
    ]
    matches = [
        (code, pattern)
        for pattern in parts(row["never says"])
        for code, text in texts.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
    assert (unsaid, matches) == ([], [])


def test_screen_of_wanting_to_die_names_no_permit_and_no_police(library: Library) -> None:
    """A sender who is ashamed or afraid finds no reason there not to call."""
    assert re.findall("permit|police", english(library)["12"], re.IGNORECASE) == []
