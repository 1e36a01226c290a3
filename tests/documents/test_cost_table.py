"""The cost table of docs/operations.md."""

import json
import re

import pytest

from tests.support.cli import run
from tests.support.servers import ROOT


def test_cost_table_is_what_the_command_computes() -> None:
    """Within a twentieth, so that a changed text does not change the table."""
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", text, re.M)
    table = [[int(cell.replace(",", "")) for cell in row] for row in rows]
    assert [row[0] for row in table] == [100, 1_000, 10_000]

    for texts, *stated in table:
        printed = run("costs", "--json", "--price", "0.65", "--monthly", str(texts)).stdout
        costs = {row["language"]: row["nok"] for row in json.loads(printed)["monthly"]}
        polish, ukrainian = costs["pl"], costs["uk"]
        assert stated == pytest.approx([polish, (polish + ukrainian) / 2, ukrainian], rel=0.05)
