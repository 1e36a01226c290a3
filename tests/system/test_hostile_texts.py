"""One sender texts what takes longest; others are answered, and their emergencies at once."""

import asyncio
import itertools
import random
import statistics
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from rights_line.clock import OSLO
from rights_line.core.library import Library
from rights_line.core.limits import SENDER_LIMIT
from rights_line.core.screen import Head
from tests.support import twilio_phone
from tests.support.hostile import HARDEST, RUNS
from tests.support.load import post
from tests.support.phones import telegram
from tests.support.redis_line import redis_environ
from tests.support.servers import LineServer, RedisServer, running_line

# Words of several languages and scripts, with slips, and of none.
ROBOT_WORDS = "he hits me nie dostaelm wyplatty qwertyuiop мне не платят شغل 我没有钱 😀 pasaport"
EMERGENCY = "I am in danger"
ROBOT_LENGTH = 4096  # UTF-16 code units, as Telegram counts
Answer = tuple[float, str]  # seconds, reply

# A robot that writes to the bot of Telegram, beside texts of which one in four is an emergency.
ROBOT_RATE, TEXT_RATE, SECONDS = 15, 20, 6  # messages a second
AT_MOST = 1.0  # seconds for 99 of 100 emergencies
OTHERS = ("POLSKI 4", "my boss did not pay me this month", "hei", EMERGENCY)


def cut(text: str, units: int) -> str:
    """Return the beginning of a text, of so many UTF-16 code units."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


@pytest.fixture
def line(redis: RedisServer) -> Iterator[LineServer]:
    """A line with Redis and the real content."""
    environ = twilio_phone.ENVIRON | telegram.ENVIRON | redis_environ(redis.url)
    with running_line(environ | {"CHANNELS": "twilio_sms,telegram"}) as server:
        yield server


def test_robot_with_long_texts_delays_no_emergency_of_others(
    line: LineServer, library: Library
) -> None:
    """Its texts are of as many characters as Telegram allows, and take longest to read."""
    requests, started = _robot_texts(line.address), datetime.now(OSLO)
    with ThreadPoolExecutor(len(requests)) as pool, ThreadPoolExecutor(1) as phones:
        others = phones.submit(asyncio.run, _text(line.address, _mixed_texts(), TEXT_RATE))
        replies = [*pool.map(_send_robot_text, itertools.count(), requests)]

    assert sum("112" in reply for reply in replies) > SENDER_LIMIT
    texts = others.result()
    assert all(reply for _, reply in texts)
    emergencies = texts[len(OTHERS) - 1 :: len(OTHERS)]
    assert {reply for _, reply in emergencies} <= _danger_screens(library, started)
    seconds = [taken for taken, _ in emergencies]
    assert statistics.quantiles(seconds, n=100)[98] < AT_MOST, max(seconds)


def _danger_screens(library: Library, started: datetime) -> set[str]:
    """Return the danger screen as it was sent at a moment, and as it is sent now."""
    edition = library.editions["en"]
    moments = (started, datetime.now(OSLO))
    return {
        edition.screens["1"]
        .texts_at(edition.form, moment, library.holidays)
        .headed(Head.HELPLINES)
        .sms
        for moment in moments
    }


def _mixed_texts() -> list[tuple[str, str]]:
    texts = itertools.cycle(OTHERS)
    return [(next(texts), f"+4793{number:06}") for number in range(TEXT_RATE * SECONDS)]


def _robot_texts(address: str) -> list[urllib.request.Request]:
    """Return requests with every second text of random words, and the others of the hardest."""
    source, hardest = random.Random(33), itertools.cycle([*HARDEST.values(), *RUNS])
    texts = [
        " ".join(source.choices(ROBOT_WORDS.split(), k=ROBOT_LENGTH))
        if number % 2
        else next(hardest) * ROBOT_LENGTH
        for number in range(ROBOT_RATE * SECONDS)
    ]
    return [_robot_text(address, cut(text, ROBOT_LENGTH)) for text in texts]


def _robot_text(address: str, text: str) -> urllib.request.Request:
    sent = telegram.post(telegram.update(telegram.fields(text)))
    headers = {**sent["headers"], "Content-Type": sent["content_type"]}
    return urllib.request.Request(address + sent["path"], sent["data"], headers)


def _send_robot_text(number: int, request: urllib.request.Request) -> str:
    """Send one text when it is due, and return the answer."""
    time.sleep(number / ROBOT_RATE)
    with urllib.request.urlopen(request, timeout=15) as answer:
        return str(answer.read().decode())


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
