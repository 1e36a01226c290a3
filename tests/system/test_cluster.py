"""Redis Cluster: three masters and a replica, with TLS and passwords."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_line.core.library import Library
from rights_line.sessions import PREFIX
from rights_line.sessions.redis.client import Commands, redis_client_factory
from tests.support.line_pair import line_pair
from tests.support.redis_topologies import SLOT, Topology, begin_move, cluster, move_slot
from tests.support.waiting import wait_until

# Messages a second; with LONG=1 as many as two idle cores must answer.
RATE = 200 if os.environ.get("LONG") else 50


@pytest.fixture
def topology(tmp_path: Path) -> Iterator[Topology]:
    """A cluster that the test may break."""
    with cluster(tmp_path) as running:
        yield running


def test_cluster_slot_moved_under_load_loses_no_reply(
    topology: Topology, library: Library, tmp_path: Path
) -> None:
    """The slot of the line's keys moves to another node and back, in small steps."""
    master, other = topology.servers[:2]

    def move() -> None:
        move_slot(master, other, pause=0.05)
        move_slot(other, master, pause=0.05)

    with line_pair(topology.url(), tmp_path, library) as lines:
        tally = lines.text_during(RATE, move)

    assert lines.problems(tally) == []


def test_cluster_failover_under_load_loses_no_reply(
    topology: Topology, library: Library, tmp_path: Path
) -> None:
    """Every reply is right, if without a session until the replica has taken over."""
    master, *_, replica = topology.servers

    def fail_over() -> None:
        master.kill()
        wait_until(replica.holds_slot, "the failover")

    with line_pair(topology.url(), tmp_path, library) as lines:
        tally = lines.text_during(RATE, fail_over)

    assert lines.problems(tally) == []
    assert tally.outcomes["menu"] > 0, "the load did not notice the failover"
    assert all(node.written_files() == {"nodes.conf"} for node in topology.servers)


def test_cluster_client_follows_the_slot(topology: Topology) -> None:
    """A new key goes to the target as soon as the move begins, and later keys follow."""
    master, other = topology.servers[:2]
    commands = Commands(redis_client_factory(topology.url("line")))
    begin_move(master, other)

    for number in range(3):
        commands.execute("SET", f"{PREFIX}{number}", "pl", "EX", 60)
    assert other.run("CLUSTER COUNTKEYSINSLOT", SLOT) == 3
    move_slot(master, other)
    commands.execute("DEL", f"{PREFIX}0")

    assert other.run("CLUSTER COUNTKEYSINSLOT", SLOT) == 2
    assert master.run("CLUSTER COUNTKEYSINSLOT", SLOT) == 0
