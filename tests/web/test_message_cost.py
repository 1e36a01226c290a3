"""The cost of a message in a golden file, so that a diff shows each change. Nothing is timed.

The small texts are served, with a tiny sentence model: a new text or model changes no figure.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rights_line.library import ROOT
from tests.support import tiny_model
from tests.support.message_cost import Cost
from tests.support.servers import RedisServer

GOLDEN = Path(__file__).parent.parent / "data" / "message_costs.txt"
HEAD = "message            round trips to Redis   Python calls   bytes"
CALLS_SLACK = 0.1  # Python 3.13 makes 4 % more calls than 3.11 ...
BYTES_SLACK = 0.15  # ... and takes 10 % fewer bytes


def is_near(cost: Cost, other: Cost) -> bool:
    """Return whether the round trips are the same, and the rest nearly."""
    return (
        cost.trips == other.trips
        and abs(cost.calls - other.calls) <= CALLS_SLACK * other.calls
        and abs(cost.octets - other.octets) <= BYTES_SLACK * other.octets
    )


def costs_by_message(table: str) -> dict[str, Cost]:
    rows = (row.rsplit(maxsplit=3) for row in table.splitlines() if row != HEAD)
    return {name.strip(): Cost(*map(int, cost)) for name, *cost in rows}


@pytest.fixture
def folder_with_model(small_folder: Path) -> Path:
    """The small texts, with a model that reads sentences."""
    content = small_folder / "content"
    shutil.copy(ROOT / "content" / "decision.yaml", content)
    shutil.copy(tiny_model.PATH, content / "sentence_model.onnx")
    shutil.copy(tiny_model.PATH.with_suffix(".sha256"), content / "sentence_model.sha256")
    return small_folder


def test_costs_of_messages_match_the_golden_file(
    folder_with_model: Path, redis: RedisServer, request: pytest.FixtureRequest
) -> None:
    """Nearly; --update-costs writes the file anew if a row differs more."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.support.message_cost", redis.url, str(folder_with_model)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    found, known = map(costs_by_message, (printed, GOLDEN.read_text()))
    is_as_known = found.keys() == known.keys() and all(
        is_near(cost, known[name]) for name, cost in found.items()
    )
    if not is_as_known and request.config.getoption("--update-costs"):
        GOLDEN.write_text(f"{HEAD}\n{printed}")
        return
    assert is_as_known, f"{found} instead of {known}"
