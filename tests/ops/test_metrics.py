"""RIGHTS_LINE_METRICS: the health report and the counts of the report, as numbers."""

import socket
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from rights_line.errors import ConfigurationError
from rights_line.ops import counts
from rights_line.ops.monitoring import start_metrics
from tests.support import cli
from tests.support.servers import free_port
from tests.support.worlds import SMALL_ROOT, texts_at

WELL: dict[str, Any] = {"problems": [], "redis": "up", "contacts_overdue": False}
ILL: dict[str, Any] = {"problems": ["a sentence"] * 3, "redis": "down", "contacts_overdue": True}
NAMES = [f"rights_line_{name}" for name in ("problems", "redis_down", "contacts_overdue")]
ANSWERS = 'rights_line_answers{kind="languages",name="pl",quarter="2026-Q4"}'


def scrape(address: str) -> dict[str, float]:
    """Return each sample by its name and labels."""
    with urlopen(f"http://{address}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    rows = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in rows}


@pytest.mark.parametrize(("report", "numbers"), [(WELL, [0, 0, 0]), (ILL, [3, 1, 1])])
def test_health_report_is_shown_as_numbers(report: dict[str, Any], numbers: list[int]) -> None:
    address = f"127.0.0.1:{free_port()}"
    start_metrics(address, lambda: report, "")

    samples = scrape(address)

    assert [samples.pop(name) for name in NAMES] == numbers
    assert samples == {}, "without a file of counts, nothing is counted"


def test_counts_are_those_of_the_file(tmp_path: Path) -> None:
    """A missing or damaged file hides the counts, and not the health."""
    file, address = tmp_path / "counts.json", f"127.0.0.1:{free_port()}"
    start_metrics(address, lambda: WELL, str(file))
    assert ANSWERS not in scrape(address)
    counts.add(file, {("2026-Q4", "languages", "pl"): 20})
    assert scrape(address)[ANSWERS] == 20
    file.write_text("{")
    assert scrape(address).keys() == {*NAMES}


def test_metrics_address_in_use_stops_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=r"RIGHTS_LINE_METRICS.*cannot listen.*9101"):
            start_metrics(f"127.0.0.1:{port}", dict, "")


def test_other_server_says_that_it_counts_nothing(tmp_path: Path) -> None:
    """Its workers would share one address, and a scrape would reach one of them by chance."""
    counting = {
        "RIGHTS_LINE_METRICS": f"127.0.0.1:{free_port()}",
        "RIGHTS_LINE_COUNTS": str(tmp_path / "counts.json"),
    }
    said = "RIGHTS_LINE_METRICS and RIGHTS_LINE_COUNTS: only `rights-line serve` counts anything."
    for environ, expected in ((counting, True), ({}, False)):
        code, output = cli.run_python(
            texts_at(SMALL_ROOT, {"CHANNELS": "try_it", **environ}), "-c", "import app"
        )
        assert code == 0
        assert (said in output) is expected
    assert list(tmp_path.iterdir()) == []
