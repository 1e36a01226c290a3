"""Measure the cost of a message in a process of its own, whose state no other test changes.

python -m tests.support.message_cost REDIS_URL FOLDER, a folder with content/ and locales/
"""

import gc
import itertools
import sys
import tracemalloc
from types import FrameType
from typing import Any, NamedTuple
from unittest.mock import patch

from redis import Redis
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from rights_line.sessions import redis_client
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.phones import africastalking_ussd
from tests.support.redis_line import redis_environ

WARM_UP, RUNS = 5, 4  # the least counts: another thread may allocate
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


def _environ(path: str, form: dict[str, str]) -> dict[str, Any]:
    headers = Headers({"X-Twilio-Signature": twilio_phone.signature(form, path)})
    environ = EnvironBuilder(path, method="POST", data=form, headers=headers).get_environ()
    return environ | {"REQUEST_URI": path}


def _last_request(name: str, line: Any) -> dict[str, Any]:
    """Send the texts before the last, and return the request of that."""
    if name == USSD:
        return _environ(africastalking_ussd.PATH, africastalking_ussd.fields("2*4"))
    sender = f"+{next(_senders)}"
    forms = [twilio_phone.fields(text, sender) for text in SMS[name]]
    *before, last = [_environ(twilio_phone.PATH, form) for form in forms]
    for environ in before:
        _answer(line, environ)
    return last


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
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()


def _trips(line: Any, environ: dict[str, Any], redis: Redis) -> int:
    def reads() -> int:
        return int(redis.info("stats")["total_reads_processed"])

    before = reads()
    _answer(line, environ)
    return reads() - before - 1  # the question itself


def _cost(name: str, line: Any, redis: Redis) -> Cost:
    for _ in range(WARM_UP):
        _answer(line, _last_request(name, line))
    runs = range(RUNS)
    return Cost(
        min(_trips(line, _last_request(name, line), redis) for _ in runs),
        min(_calls(line, _last_request(name, line)) for _ in runs),
        min(_octets(line, _last_request(name, line)) for _ in runs),
    )


def main(url: str, folder: str) -> None:
    """Print a row for each message."""
    environ = twilio_phone.ENVIRON | redis_environ(url)
    environ |= {"CHANNELS": "twilio_sms,africastalking_ussd", "RIGHTS_LINE_TEXTS": folder}
    environ |= {"AFRICASTALKING_TOKEN": africastalking_ussd.TOKEN}
    with patch.object(
        redis_client, "_TIMEOUT", 10.0
    ):  # seconds; a slow machine must not change a count
        line = create_app(environ)
    redis = Redis.from_url(url)
    for name in (*SMS, USSD):
        trips, calls, octets = _cost(name, line, redis)
        sys.stdout.write(f"{name:21}{trips:18}{calls:15}{octets:8}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
