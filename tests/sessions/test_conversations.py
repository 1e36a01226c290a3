"""Conversations with two instances of the line and one Redis, which fails meanwhile."""

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from rights_line.core.conversation.turn import conversation_reply
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from tests.support.clock import TUESDAY
from tests.support.limits import UNLIMITED
from tests.support.redis_line import ANY_WORD, go_on, hang, screen, sessions_at
from tests.support.servers import RedisServer
from tests.support.sms_line import phone
from tests.support.waiting import wait_until

MAX_SECONDS = 2.0  # the most that a sender may wait for a reply
TEXTS = [ANY_WORD, "POLSKI", "4", "0", "99", "ENGLISH 4", "00"]


@pytest.fixture(scope="module")
def library(small_library: Library) -> Library:
    """The small content: replies stay as they are when the texts change."""
    return small_library


class Line:
    """Two instances of the line, which take turns."""

    def __init__(self, library: Library, redis: RedisServer) -> None:
        phones = [phone(library, sessions_at(redis.url, limits=UNLIMITED)) for _ in range(2)]
        self._phones = itertools.cycle(phones)
        self._numbers = itertools.count(40_000_000)

    def new_sender(self) -> str:
        """Return a number that has not written before."""
        return f"+47{next(self._numbers)}"

    def text(self, body: str, sender: str, **more: str) -> str:
        """Send a text, and return the reply, which must come in time."""
        started_at = time.monotonic()
        reply = next(self._phones)(body, sender, **more)
        assert time.monotonic() - started_at < MAX_SECONDS
        return reply

    def replies(self, *texts: str) -> list[str]:
        """Return the replies to one new sender."""
        sender = self.new_sender()
        return [self.text(text, sender) for text in texts]


@pytest.fixture
def line(library: Library, own_redis: RedisServer) -> Line:
    """A line with a Redis that the test can stop."""
    return Line(library, own_redis)


def test_conversation_closed_leaves_nothing(line: Line) -> None:
    """After 00 a sender gets the same as somebody who never wrote."""
    *_, closed, after = line.replies(*TEXTS, "4")
    [start] = line.replies("4")
    assert after == start != closed


def test_two_instances_share_sessions(line: Line, library: Library) -> None:
    """Either instance knows the language of the sender and gives the same replies."""
    with ThreadPoolExecutor(8) as pool:
        conversations = list(pool.map(lambda _: line.replies(*TEXTS, "4"), range(16)))
    assert all(replies == conversations[0] for replies in conversations)
    start, polski, four, menu, languages, english, closed, after = conversations[0]
    assert start == after == library.start
    assert languages == library.listing
    assert menu == polski == screen(library, "0", TUESDAY)
    assert len({start, polski, four, languages, english, closed}) == 6


@pytest.mark.parametrize(
    ("fail", "recover"),
    [(RedisServer.stop, RedisServer.start), (hang, go_on)],
    ids=["killed", "hung"],
)
def test_redis_fails_under_load_replies_continue(
    fail: Callable[[RedisServer], None],
    recover: Callable[[RedisServer], None],
    line: Line,
    library: Library,
    own_redis: RedisServer,
) -> None:
    """Menus have the language word before each code until Redis is back."""
    stateful = [screen(library, code, TUESDAY) for code in ("0", "4")]
    four, _ = conversation_reply(Inbound("sender", "4"), None, library, TUESDAY, False)
    stateless = [screen(library, "0", TUESDAY, has_memory=False), four.text]
    assert "\nPOLSKI 4" in four.text
    assert "\nPOLSKI 4 " in stateless[0]
    pool = ThreadPoolExecutor(8)

    def all_get(expected: list[str]) -> bool:
        conversations = pool.map(lambda _: line.replies("POLSKI", "4"), range(16))
        return all(replies == expected for replies in conversations)

    is_finished = threading.Event()

    def converse() -> list[list[str]]:
        replies = []
        while not is_finished.is_set():
            replies.append(line.replies("POLSKI", "4"))
        return replies

    wait_until(lambda: all_get(stateful))
    with pool:
        conversations = [pool.submit(converse) for _ in range(7)]
        time.sleep(0.1)
        fail(own_redis)
        try:
            wait_until(lambda: line.replies("POLSKI", "4") == stateless)
            is_finished.set()
            for menu, fourth in (replies for each in conversations for replies in each.result()):
                assert menu in (stateful[0], stateless[0])
                assert fourth in (stateful[1], stateless[1])
            wait_until(lambda: all_get(stateless))
            assert line.replies(ANY_WORD, "POLSKI 4", "00")[:2] == [
                library.start_stateless,
                screen(library, "4", TUESDAY, has_memory=False),
            ]
        finally:
            is_finished.set()
            recover(own_redis)
        wait_until(lambda: all_get(stateful))
