"""Redis Sentinel: a master, a replica and three sentinels, with TLS and passwords.

The doctor finds no problem, a failover loses no reply, and servers that hang cost little.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count, cycle

import pytest

from rights_line.clock import OSLO
from rights_line.core.library import Library
from rights_line.ops import Findings
from rights_line.ops.redis_checks import check_redis
from rights_line.sessions import PREFIX
from rights_line.sessions.redis_client import FAILURES, Commands, redis_client_factory
from tests.support import twilio_phone
from tests.support.load import LoadGenerator, post
from tests.support.redis_line import redis_environ, screen
from tests.support.redis_topologies import SHIPPED, Topology, sentinels
from tests.support.servers import LineServer, running_line
from tests.support.waiting import wait_until

# Messages a second; with LONG=1 as many as two idle cores must answer.
RATE = 200 if os.environ.get("LONG") else 50
BEFORE = 5.0  # seconds of load before the failover
PAUSE = 2  # seconds; a person takes longer to read a reply and write the next text
LAST_REPLIES = 60.0  # seconds
RECOVERY = 10.0  # seconds until both instances share sessions again
# Seconds that a failing Redis may cost a message on a busy machine; 0.8 on an idle one.
AT_MOST = 3.0

_senders = count()


@pytest.fixture(scope="module")
def topology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    """A topology that answers after each test; the failover takes its first master."""
    with sentinels(tmp_path_factory.mktemp("topology")) as running:
        yield running


def test_doctor_with_shipped_files_finds_no_problem(topology: Topology) -> None:
    """Nor with the permissions of each user."""
    report = Findings(check_redis(topology.url(), topology.url("doctor")))

    assert report.problems == []
    assert len(report.manual) == 1, report.manual


@pytest.fixture
def lines(topology: Topology) -> Iterator[list[LineServer]]:
    """Two instances of the line over the Redis."""
    environ = twilio_phone.ENVIRON | redis_environ(topology.url())
    with running_line(environ) as one, running_line(environ) as other:
        yield [one, other]


def share_sessions(lines: list[LineServer], library: Library) -> bool:
    """Whether each instance knows the language that a sender told the other one."""
    return all(_knows_language(told, asked, library) for told, asked in (lines, lines[::-1]))


def _knows_language(told: LineServer, asked: LineServer, library: Library) -> bool:
    sender, word = f"+4791{next(_senders):06}", library.languages["pl"].word
    with ThreadPoolExecutor(1) as pool:  # Playwright runs an event loop in this thread
        for line, text in ((told, word), (asked, "41")):
            message = post(line.address, twilio_phone.fields(text, sender))
            _, body = pool.submit(asyncio.run, message).result()
    return twilio_phone.reply_text(body) == screen(library, "41", datetime.now(OSLO))


def test_sentinel_failover_under_load_loses_no_reply(
    topology: Topology, lines: list[LineServer], library: Library
) -> None:
    """Every reply is right, if without a session until the replica has taken over.

    Each message of a sender goes to the other instance than the one before. While the machine is
    overloaded, Redis may be too slow for one instance alone, and a language chosen there is unknown
    to the other (docs/deploy.md), so that a number may get a wrong reply.
    """
    wait_until(lambda: share_sessions(lines, library), "both instances")
    master, addresses = topology.master(), cycle(line.address for line in lines)
    load = LoadGenerator(lambda: next(addresses), library, PAUSE)
    with ThreadPoolExecutor(1) as pool:
        texting = pool.submit(load.text, RATE, 3600)
        try:
            time.sleep(BEFORE)
            master.kill()
            wait_until(lambda: topology.master() is not master, "the failover")
            begun = time.monotonic()
            wait_until(lambda: share_sessions(lines, library), "Redis in use again")
            seconds = time.monotonic() - begun
        finally:
            load.over.set()
        tally = texting.result(LAST_REPLIES)

    assert tally.right + tally.outcomes["wrong"] == tally.outcomes.total(), tally.outcomes
    assert tally.jams or (tally.outcomes["wrong"] == 0 and seconds < RECOVERY), (
        tally.outcomes,
        seconds,
    )
    assert tally.outcomes["menu"] > 0, "the load did not notice the failover"
    assert [node.written_files() for node in topology.servers] == [set(), set()]


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
