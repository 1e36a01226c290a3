"""Conversations with two instances of the line and one Redis."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rights_line.core.library import Library
from tests.support.clock import TUESDAY
from tests.support.limits import UNLIMITED
from tests.support.redis_line import ANY_WORD, screen, sessions_at
from tests.support.servers import RedisServer
from tests.support.sms_line import phone

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
def line(library: Library, redis: RedisServer) -> Line:
    return Line(library, redis)


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
