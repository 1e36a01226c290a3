"""The cost of a message in a golden file, so that a diff shows each change. Nothing is timed.

The small texts are served, with a tiny sentence model: a new text or model changes no figure.
"""

import gc
import itertools
import shutil
import sys
import tracemalloc
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest
from werkzeug.test import EnvironBuilder

from rights_line import event_log
from rights_line.content.texts_folder import ROOT
from rights_line.web.app import create_app
from tests.support import africastalking_phone, tiny_model, twilio_phone
from tests.support.redis_line import redis_environ
from tests.support.servers import RedisServer
from tests.support.worlds import texts_at

GOLDEN = Path(__file__).parent.parent / "data" / "message_costs.txt"
HEAD = "message            round trips to Redis   Python calls   bytes"
SLACK = 0.1  # between versions of Python, and of the libraries
WARM_UP, RUNS = 20, 9  # the least counts: another thread may allocate, or a cache grow
# Calls only before Python 3.12.
COMPREHENSIONS = {"<listcomp>", "<dictcomp>", "<setcomp>"}

# What a new sender writes, the last text being measured.
SMS = {
    "keyword by SMS": ("POLSKI",),
    "code in a session": ("POLSKI", "4"),
    "sentence": ("od maja szef nie płaci i mówi że pracodawca to on",),
    "unknown text": ("qwertyuiop asdfghjkl",),
}
USSD = "USSD step"
_senders = itertools.count(4_790_000_001)


class Cost(NamedTuple):
    """The cost of one message.

    Attributes:
        trips: round trips to Redis.
        calls: calls of Python functions.
        octets: the most memory that the message takes at a time.
    """

    trips: int
    calls: int
    octets: int

    def is_near(self, other: "Cost") -> bool:
        """Whether the round trips are the same, and the rest nearly."""
        pairs = zip(self[1:], other[1:], strict=True)
        return self.trips == other.trips and all(abs(a - b) <= SLACK * b for a, b in pairs)


def _environ(path: str, form: dict[str, str]) -> dict[str, Any]:
    headers = {"X-Twilio-Signature": twilio_phone.signature(form, path)}
    environ = EnvironBuilder(
        path, method="POST", data=form, headers=[*headers.items()]
    ).get_environ()
    return environ | {"REQUEST_URI": path}


def _last_request(name: str, line: Any) -> dict[str, Any]:
    """Send the texts before the last, and return the request of that."""
    if name == USSD:
        return _environ(africastalking_phone.PATH, africastalking_phone.fields("2*4"))
    sender = f"+{next(_senders)}"
    forms = [twilio_phone.fields(text, sender) for text in SMS[name]]
    *before, last = [_environ(twilio_phone.PATH, form) for form in forms]
    for environ in before:
        _answer(line, environ)
    return last


@pytest.fixture
def line(small_folder: Path, redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A line that reads sentences."""
    content = small_folder / "content"
    shutil.copy(ROOT / "content" / "decision.yaml", content)
    shutil.copy(tiny_model.PATH, content / "sentence_model.onnx")
    shutil.copy(tiny_model.PATH.with_suffix(".sha256"), content / "sentence_model.sha256")
    monkeypatch.setattr(event_log, "OBSERVERS", [])  # other tests may have added some
    environ = twilio_phone.ENVIRON | redis_environ(redis.url)
    environ |= {"CHANNELS": "twilio_sms,africastalking_ussd"}
    environ |= {"AFRICASTALKING_TOKEN": africastalking_phone.TOKEN}
    return create_app(texts_at(small_folder, environ))


def _answer(line: Any, environ: dict[str, Any]) -> None:
    statuses: list[str] = []
    body = b"".join(line(environ, lambda status, *_: statuses.append(status)))
    assert statuses == ["200 OK"]
    assert b"<Message>" in body or body.startswith(b"CON ")


def _calls(line: Any, environ: dict[str, Any]) -> int:
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_name not in COMPREHENSIONS

    sys.setprofile(count)
    try:
        _answer(line, environ)
    finally:
        sys.setprofile(None)
    return calls


def _octets(line: Any, environ: dict[str, Any]) -> int:
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        _answer(line, environ)
        _, peak = tracemalloc.get_traced_memory()
        return int(peak)
    finally:
        tracemalloc.stop()
        gc.enable()


def _trips(line: Any, environ: dict[str, Any], redis: RedisServer) -> int:
    before = redis.client.info("stats")["total_reads_processed"]
    _answer(line, environ)
    after: int = redis.client.info("stats")["total_reads_processed"]
    return int(after - before - 1)  # the question itself


def _cost(name: str, line: Any, redis: RedisServer) -> Cost:
    for _ in range(WARM_UP):
        _answer(line, _last_request(name, line))
    runs = range(RUNS)
    return Cost(
        min(_trips(line, _last_request(name, line), redis) for _ in runs),
        min(_calls(line, _last_request(name, line)) for _ in runs),
        min(_octets(line, _last_request(name, line)) for _ in runs),
    )


def _golden_costs() -> dict[str, Cost]:
    rows = (row.rsplit(maxsplit=3) for row in GOLDEN.read_text().splitlines()[1:])
    return {name: Cost(*map(int, cost)) for name, *cost in rows}


def test_costs_of_messages_match_the_golden_file(
    line: Any, redis: RedisServer, request: pytest.FixtureRequest
) -> None:
    """Within a tenth; --update-costs writes those that differ more anew."""
    known = _golden_costs()
    found = {name: _cost(name, line, redis) for name in (*SMS, USSD)}
    differ = {
        name: cost
        for name, cost in found.items()
        if name not in known or not cost.is_near(known[name])
    }
    if differ and request.config.getoption("--update-costs"):
        rows = [f"{name:21}{a:18}{b:15}{c:8}" for name, (a, b, c) in (known | differ).items()]
        GOLDEN.write_text("\n".join([HEAD, *rows, ""]))
        return
    assert differ == {}, {name: (cost, known.get(name)) for name, cost in differ.items()}
