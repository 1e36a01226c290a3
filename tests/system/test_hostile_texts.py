"""One sender texts what takes longest; the emergencies of others are answered at once."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from rights_line.clock import OSLO
from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.hostile import HARDEST, RUNS
from tests.support.load import post
from tests.support.redis_line import redis_environ
from tests.support.servers import LineServer, RedisServer

SECONDS = 12
HOSTILE_RATE, RATE = 20, 10  # messages a second
AT_MOST = 0.2  # seconds for 99 of 100 emergencies
Answer = tuple[float, str]  # seconds, reply

EMERGENCY = "I am in danger"
# As an SMS: at most 1,600 UTF-16 code units.
TEXTS = [
    (text * 1600).encode("utf-16-le")[:3200].decode("utf-16-le", "ignore")
    for text in (*HARDEST.values(), *RUNS, *(f"😀 to {run * 1600}" for run in RUNS))
]


@pytest.fixture
def line(redis: RedisServer, tmp_path: Path) -> Iterator[LineServer]:
    """A line with Redis and the real content."""
    environ = twilio_phone.ENVIRON | redis_environ(redis.url)
    server = LineServer(environ | {"OUTPUT": str(tmp_path / "output")})
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_hostile_texts_do_not_delay_emergencies_of_others(
    line: LineServer, library: Library
) -> None:
    screens = library.editions["en"].screens
    started = datetime.now(OSLO)
    with ThreadPoolExecutor(1) as pool:  # another test of this process may run an event loop
        emergencies, hostile = pool.submit(asyncio.run, _text_both(line.address)).result()
    moments = (started, datetime.now(OSLO))
    right = {screens["1"].texts_at(moment, library.holidays).headed.sms for moment in moments}

    assert {reply for _, reply in emergencies} <= right
    assert len(emergencies) == RATE * SECONDS
    assert len(hostile) == HOSTILE_RATE * SECONDS >= len(TEXTS)
    seconds = [taken for taken, _ in emergencies]
    assert statistics.quantiles(seconds, n=100)[98] < AT_MOST, max(seconds)


async def _text_both(address: str) -> tuple[list[Answer], list[Answer]]:
    """Return seconds and reply of each emergency, and of each hostile text."""
    emergencies = [(EMERGENCY, f"+4792{number:06}") for number in range(RATE * SECONDS)]
    texts = itertools.islice(itertools.cycle(TEXTS), HOSTILE_RATE * SECONDS)
    hostile = [(text, twilio_phone.SENDER) for text in texts]
    return await asyncio.gather(
        _text(address, emergencies, RATE), _text(address, hostile, HOSTILE_RATE)
    )


async def _text(address: str, messages: Sequence[tuple[str, str]], rate: int) -> list[Answer]:
    """Send texts of senders at a rate, each on time; return the seconds and replies."""
    begun = time.perf_counter()

    async def send(number: int, text: str, sender: str) -> Answer:
        due = begun + number / rate
        await asyncio.sleep(due - time.perf_counter())
        status, body = await post(address, twilio_phone.fields(text, sender))
        assert status == 200
        return time.perf_counter() - due, twilio_phone.reply_text(body)

    return await asyncio.gather(*(send(number, *row) for number, row in enumerate(messages)))
