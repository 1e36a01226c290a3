"""The processor time of GET /healthz beside that of a message, on the real content.

Marked slow, because another process on the machine may delay a run.
"""

import gc
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.redis_line import redis_environ
from tests.support.servers import RedisServer

ENVIRON = {
    **twilio_phone.ENVIRON,
    "CHANNELS": "twilio_sms",
    "RIGHTS_LINE_NUMBER": "+47 59 44 00 00",
    "RIGHTS_LINE_USSD": "*384*7#",  # a problem: no channel serves it
}
ROUNDS, CALLS = 10, 20


def cpu_seconds(call: Callable[..., object], requests: list[dict[str, Any]]) -> float:
    """Return the CPU seconds of this thread that some requests take."""
    begun = time.thread_time()
    for request in requests:
        call(**request)
    return time.thread_time() - begun


@pytest.fixture
def frozen() -> Iterator[Callable[[], None]]:
    """Leave what exists out of garbage collections, as a started line does: one takes 50 ms."""
    yield gc.freeze
    gc.unfreeze()


@pytest.mark.parametrize("where", ["memory", "redis"])
def test_health_check_costs_less_cpu_than_message(
    where: str, redis: RedisServer, frozen: Callable[[], None]
) -> None:
    """A load balancer asks each second; here, there are two problems."""
    more = redis_environ(redis.url) if where == "redis" else {}
    line = create_app({**ENVIRON, **more}).test_client()
    frozen()
    senders = [f"+479{number:07}" for number in range(ROUNDS * CALLS + 1)]
    messages = (twilio_phone.request(twilio_phone.fields("POLSKI 4", sender)) for sender in senders)
    first = line.post(**next(messages))
    assert "22 33 11 60" in twilio_phone.reply_text(first.data)
    assert len(line.get("/healthz").json["problems"]) >= 1  # type: ignore[index]

    health = message = 0.0
    for _ in range(ROUNDS):  # alternately, so that other load affects both
        requests = [next(messages) for _ in range(CALLS)]
        health += cpu_seconds(lambda: line.get("/healthz"), [{}] * CALLS)
        message += cpu_seconds(lambda **request: line.post(**request), requests)

    assert health < message, f"{health / message:.2f} of a message"
