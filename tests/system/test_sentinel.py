"""Redis Sentinel: a master, a replica and three sentinels, with TLS and passwords."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_line.core.library import Library
from tests.support.line_pair import line_pair
from tests.support.redis_topologies import Topology, sentinels
from tests.support.waiting import wait_until

# Messages a second; with LONG=1 as many as two idle cores must answer.
RATE = 200 if os.environ.get("LONG") else 50


@pytest.fixture
def topology(tmp_path: Path) -> Iterator[Topology]:
    """A topology that the test may break."""
    with sentinels(tmp_path) as running:
        yield running


def test_sentinel_failover_under_load_loses_no_reply(
    topology: Topology, library: Library, tmp_path: Path
) -> None:
    """Every reply is right, if without a session until the replica has taken over."""
    master = topology.master()

    def fail_over() -> None:
        master.kill()
        wait_until(lambda: topology.master() is not master, "the failover")

    with line_pair(topology.url(), tmp_path, library) as lines:
        tally = lines.text_during(RATE, fail_over)

    assert lines.problems(tally) == []
    assert tally.outcomes["menu"] > 0, "the load did not notice the failover"
    assert [node.written_files() for node in topology.servers] == [set(), set()]
