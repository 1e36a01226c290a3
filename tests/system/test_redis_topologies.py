"""Redis with Sentinel: the doctor, and what a message costs while no server answers."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rights_line.ops import Findings
from rights_line.ops.redis_checks import check_redis
from rights_line.sessions import PREFIX
from rights_line.sessions.redis_client import FAILURES, Commands, redis_client_factory
from tests.support.redis_topologies import SHIPPED, Topology, sentinels
from tests.support.waiting import wait_until

# Seconds that a failing Redis may cost a message on a busy machine; 0.8 on an idle one.
AT_MOST = 3.0


@pytest.fixture(scope="module")
def topology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    """A topology that works again after each test."""
    with sentinels(tmp_path_factory.mktemp("topology")) as running:
        yield running


def test_doctor_with_shipped_files_finds_no_problem(topology: Topology) -> None:
    """Nor with the permissions of each user."""
    report = Findings(check_redis(topology.url(), topology.url("doctor")))

    assert report.problems == []
    assert len(report.manual) == 1, report.manual


def test_message_while_all_servers_hang_is_short(topology: Topology) -> None:
    """Twenty messages at the same time, on open connections and on new ones."""
    commands = Commands(redis_client_factory(topology.url()))

    def ask(_: int) -> tuple[bool, float]:
        begun = time.monotonic()
        try:
            commands.execute("SET", f"{PREFIX}test", "pl", "EX", 60)
        except FAILURES:
            return False, time.monotonic() - begun
        return True, time.monotonic() - begun

    def ask_often() -> list[tuple[bool, float]]:
        with ThreadPoolExecutor(20) as pool:
            return list(pool.map(ask, range(20)))

    wait_until(lambda: all(works for works, _ in ask_often()))
    nodes = [*topology.servers, *topology.sentinels]
    try:
        for node in nodes:
            node.send_signal(signal.SIGSTOP)
        on_open = ask_often()
        commands.close_idle()
        on_new = ask_often()
    finally:
        for node in nodes:
            node.send_signal(signal.SIGCONT)

    assert not any(works for works, _ in on_open + on_new)
    assert max(seconds for _, seconds in on_open + on_new) < AT_MOST
    wait_until(lambda: all(works for works, _ in ask_often()))


def test_shipped_users_are_the_same_in_each_topology() -> None:
    """The permissions of line, doctor and drill are those of a single server."""
    shipped = (SHIPPED / "users.acl").read_text("utf-8")
    assert (SHIPPED / "replicated.acl").read_text("utf-8").startswith(shipped)
