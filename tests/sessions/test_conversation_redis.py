"""Conversations with the real server: two processes, one Redis, which fails in the middle."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from rights_line.core.library import Library
from rights_line.core.opening_hours import OSLO
from rights_line.core.rate_limit import SENDER_LIMIT
from tests.support import twilio_phone
from tests.support.redis_line import ANY_WORD, go_on, hang, redis_environ, screen
from tests.support.servers import RedisServer, gunicorn
from tests.support.waiting import wait_until

LONGEST = 2.0  # seconds that a person may wait for an answer


class Line:
    """The line under gunicorn, with two processes and a Redis that can be made to fail."""

    def __init__(self, address: str, redis: RedisServer) -> None:
        self.redis = redis
        self._address = address
        self._numbers = iter(range(40_000_000, 50_000_000))

    def stranger(self) -> str:
        """Return a number that nobody has seen."""
        return f"+47{next(self._numbers)}"

    def post(self, form: dict[str, str]) -> bytes:
        """Send a message, which is answered with 200 and in time, and return the answer."""
        sent = twilio_phone.request(form)
        headers = {**sent["headers"], "Content-Type": sent["content_type"]}
        url = self._address + sent["path"]
        begun = time.monotonic()
        message = urllib.request.Request(url, sent["data"].encode(), headers)
        # Anything but 2xx raises.
        with urllib.request.urlopen(message, timeout=10) as answer:
            assert answer.status == 200
            body: bytes = answer.read()
        assert time.monotonic() - begun < LONGEST
        return body

    def text(self, body: str, sender: str) -> bytes:
        """Send a text."""
        return self.post(twilio_phone.fields(body, sender))

    def say(self, *texts: str) -> list[str]:
        """Return what one stranger reads."""
        return [twilio_phone.reply_text(answer) for answer in self.walk(*texts)]

    def walk(self, *texts: str) -> list[bytes]:
        """Return what one stranger hears."""
        sender = self.stranger()
        return [self.text(text, sender) for text in texts]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A line for all tests of this module; each leaves its Redis running."""
    folder = tmp_path_factory.mktemp("line")
    redis = RedisServer(folder)
    redis.start()
    environ = {
        **twilio_phone.ENVIRON,
        **redis_environ(redis.url),
        **{"OUTPUT": str(folder / "output"), "WEB_CONCURRENCY": "2"},
    }
    with gunicorn(environ) as (address, _):
        yield Line(address, redis)
    redis.stop()


@pytest.fixture(scope="module")
def crowd() -> Iterator[ThreadPoolExecutor]:
    """Sixteen people at once: both processes have work."""
    with ThreadPoolExecutor(16) as pool:
        yield pool


WALK = [ANY_WORD, "POLSKI", "4", "0", "99", "ENGLISH 4", "00"]


def test_after_the_end_nothing_is_known(line: Line) -> None:
    """Who texts 4 after 00 gets, byte for byte, what somebody never seen before gets."""
    *_, closed, after = line.walk(*WALK, "4")
    (start,) = line.walk("4")
    assert after == start
    assert closed != start


def test_two_processes_have_one_memory(
    line: Line, crowd: ThreadPoolExecutor, library: Library
) -> None:
    """Whichever process gets a message, it knows the language, and says the same."""
    walks = list(crowd.map(lambda _: line.walk(*WALK, "4"), range(32)))
    assert all(walk == walks[0] for walk in walks)
    start, polski, four, menu, languages, english, closed, after = walks[0]
    assert start == after
    assert twilio_phone.reply_text(languages) == library.listing
    assert menu == polski
    assert len({start, polski, four, languages, english, closed}) == 6
    assert twilio_phone.reply_text(start) == library.start


REPLAYS = {
    "any word": ([], ANY_WORD),
    "a language's word": ([], "POLSKI"),
    "a code": (["POLSKI"], "4"),
    "a word and a code": (["POLSKI"], "ENGLISH 4"),
    "the menu": (["POLSKI"], "0"),
    "languages": (["POLSKI"], "99"),
    "the end": (["POLSKI"], "00"),
    "stop": (["POLSKI"], "STOP"),
}


@pytest.mark.parametrize(("before", "text"), REPLAYS.values(), ids=REPLAYS)
def test_a_message_sent_again(
    before: list[str], text: str, line: Line, crowd: ThreadPoolExecutor
) -> None:
    """A provider that sends one message again and again, at once, gets one answer.

    As often as one person is answered in full (design D11).
    """
    sender = line.stranger()
    for earlier in before:
        line.text(earlier, sender)
    form = twilio_phone.fields(text, sender)
    assert len(set(crowd.map(line.post, [form] * (SENDER_LIMIT - len(before))))) == 1


@pytest.mark.parametrize(
    ("fail", "mend"),
    [(RedisServer.stop, RedisServer.start), (hang, go_on)],
    ids=["killed", "hung"],
)
def test_redis_fails_in_the_middle(
    fail: Callable[[RedisServer], None],
    mend: Callable[[RedisServer], None],
    line: Line,
    crowd: ThreadPoolExecutor,
    library: Library,
) -> None:
    """Answers go on, with the language's word beside each code; then memory is back."""
    now = datetime.now(OSLO)
    word = library.editions["pl"].language.word
    remembered = [screen(library, "0", now), screen(library, "4", now)]
    forgotten = [screen(library, "0", now, has_memory=False), library.start_stateless]
    assert f"\n{word} 4 " in forgotten[0]

    def all_hear(expected: list[str]) -> bool:
        return all(
            heard == expected for heard in crowd.map(lambda _: line.say(word, "4"), range(16))
        )

    wait_until(lambda: all_hear(remembered))
    over = threading.Event()

    def talk() -> list[list[str]]:
        heard = []
        while not over.is_set():
            heard.append(line.say(word, "4"))
        return heard

    talks = [crowd.submit(talk) for _ in range(8)]
    time.sleep(0.2)
    fail(line.redis)
    try:
        time.sleep(0.5)
        over.set()
        for menu, four in (heard for each in talks for heard in each.result()):
            assert menu in (remembered[0], forgotten[0])
            assert four in (remembered[1], forgotten[1])
        assert all_hear(forgotten)
        assert line.say(ANY_WORD, f"{word} 4", "00")[:2] == [
            library.start_stateless,
            screen(library, "4", now, has_memory=False),
        ]
    finally:
        over.set()
        mend(line.redis)
    wait_until(lambda: all_hear(remembered))
