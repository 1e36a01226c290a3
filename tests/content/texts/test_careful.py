"""The English texts avoid every mistake and contradiction in docs/careful.md."""

import re

import pytest

from rights_line.content.texts_folder import ROOT
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


def test_table_has_every_mistake_and_contradiction() -> None:
    """Those of the guide, and E31 to E35."""
    ids = list(dict.fromkeys(row[0] for row in ROWS))
    assert ids == [*(f"E{n:02}" for n in range(1, 36)), *(f"K{n:02}" for n in range(1, 18))]
    assert all(len(row) == 5 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2]}")
def test_row_finds_its_wording_and_none_of_its_patterns(library: Library, row: list[str]) -> None:
    """Each part of `says` is on every screen named; no screen matches a part of `never`."""
    _, _, screens, says, never = row
    texts = english(library)
    unsaid = [
        (code, part)
        for code in re.findall(r"\d+", screens)
        for part in parts(says)
        if part.casefold() not in texts[code].casefold()
    ]
    matches = [
        (code, pattern)
        for pattern in parts(never)
        for code, text in texts.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
    assert (unsaid, matches) == ([], [])


def test_patterns_match_wrong_wordings() -> None:
    patterns: dict[str, list[str]] = {}
    for row in ROWS:
        patterns.setdefault(row[0], []).extend(parts(row[4]))
    wrong = {
        "E02": "UDI, 23 35 16 00, day and night",
        "E09": "116 111 is free",
        "E19": "Ask for the menneskehandel group",
        "E24": "Tell the person that ROSA can help",
        "E31": "call ROSA, 22 33 11 60, free",
        "E11": "You will not be punished",
        "E12": "only three hours",
        "E25": "They speak your language",
        "E29": "+47 112",
    }
    for caution, text in wrong.items():
        assert any(re.search(p, text, re.IGNORECASE) for p in patterns[caution]), caution
