"""Signatures over the wire, with a real Redis.

The cases are those of the channel's own test, sent over the wire. A refused request must not reach
Redis.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from rights_line.channels import twilio_sms
from rights_line.clock import OSLO
from rights_line.core.library import Library
from rights_line.core.limits import SENDER_LIMIT
from rights_line.sessions.redis_script import SALT_KEY, WINDOW_KEYS
from tests.support import twilio_phone
from tests.support.limits import UNLIMITED_ENVIRON
from tests.support.redis_line import redis_environ
from tests.support.servers import LineServer, RedisServer
from tests.support.signature_matrix import ACCOUNT, MATRIX
from tests.support.twilio_phone import ENVIRON, PATH, fields, reply_text, without_spaces
from tests.support.wire import exchange

FORM = "application/x-www-form-urlencoded"
# Cases with other variables would need a line of their own.
CASES = {name: case for name, case in MATRIX.items() if case.environ in ({}, ACCOUNT)}
# Refused by the server before it reaches the app.
REFUSED_BY_SERVER = {"a signature of 1 MB": 431}


class Answer(NamedTuple):
    """The parts of an answer that a case checks."""

    status_code: int
    data: bytes


class Wire:
    """A client of the line with the interface that `Case.send` needs."""

    def __init__(self, address: str) -> None:
        self._address = address.removeprefix("http://")

    def send(self, target: str, data: str, **options: Any) -> Answer:
        """Send a request with exactly this target."""
        host = options.get("environ_overrides", {}).get("HTTP_HOST", "line.example.org")
        headers = {
            **({"Host": host} if host else {}),
            **{"Connection": "close", "Content-Type": options["content_type"]},
            **{"Content-Length": f"{len(data)}", **options["headers"]},
        }
        lines = [f"{name}: {value}" for name, value in headers.items()]
        top = [f"{options['method']} {target} HTTP/1.1", *lines, "", data]
        answer = exchange(self._address, "\r\n".join(top).encode("latin-1"))
        head, _, body = answer.partition(b"\r\n\r\n")
        return Answer(int(head.split()[1]), body)


@dataclass(frozen=True)
class Line:
    """The line and its Redis."""

    wire: Wire
    redis: RedisServer

    def commands(self) -> int:
        """Return the number of commands that Redis got, without INFO."""
        stats = self.redis.client.info("commandstats")
        return sum(row["calls"] for name, row in stats.items() if name != "cmdstat_info")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The line as the Procfile runs it."""
    folder = tmp_path_factory.mktemp("signatures")
    redis = RedisServer(folder)
    variables = {"OUTPUT": str(folder / "output"), **UNLIMITED_ENVIRON, **ACCOUNT}
    server = LineServer(ENVIRON | redis_environ(redis.url) | variables)
    try:
        redis.start()
        server.start()
        yield Line(Wire(server.address), redis)
        assert server.is_running
    finally:
        server.stop()
        redis.stop()


def sent(line: Line, name: str, number: int) -> Answer:
    """Send a case; each genuine one comes from another sender."""
    case = CASES[name]
    if "From" not in case.fields and case.status == 200:
        case = replace(case, fields={**case.fields, "From": f"+47{41_000_000 + number}"})
    answer: Any = case.send(line.wire)[0]  # type: ignore[arg-type]
    return Answer(*answer)


def test_signature_matrix_holds_over_the_wire(line: Line) -> None:
    """Each case gets its status, and a genuine one the helplines; Redis sees no refused one."""
    wrong: list[tuple[str, int]] = []
    commands = {True: 0, False: 0}  # by whether the request is accepted
    for number, (name, case) in enumerate(CASES.items()):
        expected = REFUSED_BY_SERVER.get(name, case.status)
        before = line.commands()
        answer = sent(line, name, number)
        commands[expected == 200] += line.commands() - before
        silent = expected != 200 or case.machine or case.stop
        if answer.status_code != expected or not (
            silent or "112" in without_spaces(reply_text(answer.data))
        ):
            wrong.append((name, answer.status_code))

    assert wrong == []
    assert commands[False] == 0 < commands[True]
    assert len(CASES) > 150


REPLAYS = 50


def replay_at_once(line: Line, form: dict[str, str]) -> tuple[bytes, Counter[bytes]]:
    """Send a message 51 times; return the first reply, and counts of all replies.

    Redis may hold no more than a tag and a count of the sender, and the tag before the message.
    """
    headers = {"X-Twilio-Signature": twilio_phone.signature(form)}
    options = {"content_type": FORM, "headers": headers, "method": "POST"}

    def replay(_: int) -> Answer:
        return line.wire.send(PATH, urlencode(form), **options)

    before = {SALT_KEY, *line.redis.client.keys()}
    first = replay(0)
    with ThreadPoolExecutor(REPLAYS) as pool:
        answers = [first, *pool.map(replay, range(1, REPLAYS))]
    made = {key for key in line.redis.client.scan_iter() if not key.startswith(WINDOW_KEYS)}
    assert len(made - before) <= 3
    assert {answer.status_code for answer in answers} == {200}
    return first.data, Counter(answer.data for answer in answers)


def test_fifty_simultaneous_replays_share_one_limit(line: Line, library: Library) -> None:
    """At most twenty replies, then one short text, then none.

    On a busy machine a process may time out, and then count for itself and send stateless screens.
    """
    right, seen = replay_at_once(line, fields("POLSKI", "+4741550001"))

    pl, short = library.editions["pl"], twilio_sms.twiml(library.throttled).encode()
    menus = {
        twilio_sms.twiml(kind["0"].texts_at(datetime.now(OSLO), library.holidays).sms).encode()
        for kind in (pl.screens, pl.stateless_screens)
    }
    assert seen.keys() <= {*menus, short, twilio_sms.twiml("").encode()}
    assert right in menus
    assert 1 < seen[right] <= SENDER_LIMIT


def test_fifty_replays_of_emergency_get_helplines(line: Line) -> None:
    _, seen = replay_at_once(line, fields("112", "+4741550002"))
    assert all("112" in reply_text(answer) for answer in seen)
