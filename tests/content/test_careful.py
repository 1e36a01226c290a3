"""The English texts avoid every mistake and contradiction in docs/careful.md."""

import re

import pytest

from rights_line.content.loader import ROOT
from rights_line.core.library import Library

ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\()\|(?![^(]*\))", line.strip().strip("|"))]
    for line in (ROOT / "docs" / "careful.md").read_text().splitlines()
    if re.match(r"\| [EK]\d\d ", line)
]


def english(library: Library) -> dict[str, str]:
    """Return the English text of each screen."""
    return {
        code: f"{row.body}\n{row.links}" for code, row in library.editions["en"].screens.items()
    }


def parts(cell: str) -> list[str]:
    """Return the parts of a cell, which semicolons separate."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def test_table_has_thirty_mistakes_and_seventeen_contradictions() -> None:
    ids = [row[0] for row in ROWS]
    assert ids == [*(f"E{n:02}" for n in range(1, 31)), *(f"K{n:02}" for n in range(1, 18))]
    assert all(len(row) == 5 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_row_finds_its_wording_and_none_of_its_patterns(library: Library, row: list[str]) -> None:
    """Each part of `says` is on one of the screens; no screen matches a part of `never`."""
    _, _, screens, says, never = row
    texts = english(library)
    named = [texts[code] for code in re.findall(r"\d+", screens)]
    unsaid = [
        part
        for part in parts(says)
        if not any(part.casefold() in text.casefold() for text in named)
    ]
    matches = [
        (code, pattern)
        for pattern in parts(never)
        for code, text in texts.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
    assert (unsaid, matches) == ([], [])


def test_patterns_match_wrong_wordings() -> None:
    patterns = {row[0]: parts(row[4]) for row in ROWS}
    wrong = {
        "E02": "UDI, 23 35 16 00, day and night",
        "E09": "116 111 is free",
        "E11": "You will not be punished",
        "E12": "only three hours",
        "E25": "They speak your language",
        "E29": "+47 112",
    }
    for caution, text in wrong.items():
        assert any(re.search(p, text, re.IGNORECASE) for p in patterns[caution]), caution
