"""The cost table of docs/operations.md."""

import re
from decimal import Decimal

import pytest

from rights_line.core.library import Library
from rights_line.editorial.costs import monthly_costs, screen_costs
from tests.support.servers import ROOT


def test_cost_table_is_what_the_command_computes(library: Library) -> None:
    """Within a twentieth, so that a changed text does not change the table."""
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", text, re.M)
    table = [[int(cell.replace(",", "")) for cell in row] for row in rows]
    assert [row[0] for row in table] == [100, 1_000, 10_000]

    screens = screen_costs(library)
    for texts, *stated in table:
        monthly = monthly_costs(screens, Decimal("0.65"), texts)
        costs = {row["language"]: row["nok"] for row in monthly}
        polish, ukrainian = costs["pl"], costs["uk"]
        assert stated == pytest.approx([polish, (polish + ukrainian) / 2, ukrainian], rel=0.05)
