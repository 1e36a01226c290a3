"""Conversations with gunicorn: two processes and one Redis, which fails meanwhile."""

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

MAX_SECONDS = 2.0  # the most that a sender may wait for a reply


class Line:
    """The line under gunicorn, with two processes and a Redis that tests can stop."""

    def __init__(self, address: str, redis: RedisServer) -> None:
        self.redis = redis
        self._address = address
        self._numbers = iter(range(40_000_000, 50_000_000))

    def new_sender(self) -> str:
        """Return a number that has not written before."""
        return f"+47{next(self._numbers)}"

    def post(self, form: dict[str, str]) -> bytes:
        """Send a message and return the response, which must be a 200 in time."""
        sent = twilio_phone.request(form)
        headers = {**sent["headers"], "Content-Type": sent["content_type"]}
        url = self._address + sent["path"]
        started_at = time.monotonic()
        message = urllib.request.Request(url, sent["data"].encode(), headers)
        with urllib.request.urlopen(message, timeout=10) as answer:
            assert answer.status == 200
            body: bytes = answer.read()
        assert time.monotonic() - started_at < MAX_SECONDS
        return body

    def text(self, body: str, sender: str) -> bytes:
        """Send a text."""
        return self.post(twilio_phone.fields(body, sender))

    def replies(self, *texts: str) -> list[str]:
        """Return the texts of the replies to one new sender."""
        return [twilio_phone.reply_text(answer) for answer in self.responses(*texts)]

    def responses(self, *texts: str) -> list[bytes]:
        """Return the bodies of the responses to one new sender."""
        sender = self.new_sender()
        return [self.text(text, sender) for text in texts]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One line for all tests of this module; each test leaves Redis running."""
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
def pool() -> Iterator[ThreadPoolExecutor]:
    """Sixteen threads, so that both processes have work."""
    with ThreadPoolExecutor(16) as pool:
        yield pool


TEXTS = [ANY_WORD, "POLSKI", "4", "0", "99", "ENGLISH 4", "00"]


def test_conversation_closed_leaves_nothing(line: Line) -> None:
    """After 00 a sender gets the same bytes as somebody who never wrote."""
    *_, closed, after = line.responses(*TEXTS, "4")
    (start,) = line.responses("4")
    assert after == start
    assert closed != start


def test_two_processes_share_sessions(
    line: Line, pool: ThreadPoolExecutor, library: Library
) -> None:
    """Either process knows the language of the sender and gives the same replies."""
    conversations = list(pool.map(lambda _: line.responses(*TEXTS, "4"), range(32)))
    assert all(responses == conversations[0] for responses in conversations)
    start, polski, four, menu, languages, english, closed, after = conversations[0]
    assert start == after
    assert twilio_phone.reply_text(languages) == library.listing
    assert menu == polski
    assert len({start, polski, four, languages, english, closed}) == 6
    assert twilio_phone.reply_text(start) == library.start


REPLAYS = {
    "any word": ([], ANY_WORD),
    "the word of a language": ([], "POLSKI"),
    "a code": (["POLSKI"], "4"),
    "a word and a code": (["POLSKI"], "ENGLISH 4"),
    "the menu": (["POLSKI"], "0"),
    "languages": (["POLSKI"], "99"),
    "closing": (["POLSKI"], "00"),
    "stop": (["POLSKI"], "STOP"),
}


@pytest.mark.parametrize(("before", "text"), REPLAYS.values(), ids=REPLAYS)
def test_duplicate_deliveries_at_once_get_one_reply(
    before: list[str], text: str, line: Line, pool: ThreadPoolExecutor
) -> None:
    """As many deliveries as one sender gets full replies (docs/design.md, D11)."""
    sender = line.new_sender()
    for previous in before:
        line.text(previous, sender)
    form = twilio_phone.fields(text, sender)
    assert len(set(pool.map(line.post, [form] * (SENDER_LIMIT - len(before))))) == 1


@pytest.mark.parametrize(
    ("fail", "recover"),
    [(RedisServer.stop, RedisServer.start), (hang, go_on)],
    ids=["killed", "hung"],
)
def test_redis_fails_under_load_replies_continue(
    fail: Callable[[RedisServer], None],
    recover: Callable[[RedisServer], None],
    line: Line,
    pool: ThreadPoolExecutor,
    library: Library,
) -> None:
    """Menus have the language word before each code until Redis is back."""
    now = datetime.now(OSLO)
    word = library.editions["pl"].language.word
    stateful = [screen(library, "0", now), screen(library, "4", now)]
    stateless = [screen(library, "0", now, has_memory=False), library.start_stateless]
    assert f"\n{word} 4 " in stateless[0]

    def all_get(expected: list[str]) -> bool:
        return all(
            replies == expected
            for replies in pool.map(lambda _: line.replies(word, "4"), range(16))
        )

    wait_until(lambda: all_get(stateful))
    is_finished = threading.Event()

    def converse() -> list[list[str]]:
        replies = []
        while not is_finished.is_set():
            replies.append(line.replies(word, "4"))
        return replies

    conversations = [pool.submit(converse) for _ in range(8)]
    time.sleep(0.2)
    fail(line.redis)
    try:
        time.sleep(0.5)
        is_finished.set()
        for menu, four in (replies for each in conversations for replies in each.result()):
            assert menu in (stateful[0], stateless[0])
            assert four in (stateful[1], stateless[1])
        assert all_get(stateless)
        assert line.replies(ANY_WORD, f"{word} 4", "00")[:2] == [
            library.start_stateless,
            screen(library, "4", now, has_memory=False),
        ]
    finally:
        is_finished.set()
        recover(line.redis)
    wait_until(lambda: all_get(stateful))
