"""Conversations with two instances of the line and one Redis."""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from rights_line.core.library import Library
from tests.support.clock import TUESDAY
from tests.support.redis_line import ANY_WORD, screen, sessions_at
from tests.support.servers import RedisServer
from tests.support.session_backends import UNLIMITED
from tests.support.sms_line import phone

MAX_SECONDS = 2.0  # the most that a sender may wait for a reply
TEXTS = [ANY_WORD, "POLSKI", "4", "0", "99", "ENGLISH 4", "00"]

Converse = Callable[..., list[str]]


@pytest.fixture
def converse(small_library: Library, redis: RedisServer) -> Converse:
    """Return a function: the replies to one new sender, whose texts two instances get in turn."""
    stores = [sessions_at(redis.url, limits=UNLIMITED) for _ in range(2)]
    instances = itertools.cycle([phone(small_library, sessions) for sessions in stores])
    numbers = itertools.count(40_000_000)

    def replies(*texts: str) -> list[str]:
        sender, found = f"+47{next(numbers)}", []
        for text in texts:
            begun = time.monotonic()
            found.append(next(instances)(text, sender))
            assert time.monotonic() - begun < MAX_SECONDS
        return found

    return replies


def test_conversation_closed_leaves_nothing(converse: Converse) -> None:
    """After 00 a sender gets the same as somebody who never wrote."""
    *_, closed, after = converse(*TEXTS, "4")
    [start] = converse("4")
    assert after == start != closed


def test_two_instances_share_sessions(converse: Converse, small_library: Library) -> None:
    """Either instance knows the language of the sender and gives the same replies."""
    with ThreadPoolExecutor(8) as pool:
        conversations = list(pool.map(lambda _: converse(*TEXTS, "4"), range(16)))
    assert all(replies == conversations[0] for replies in conversations)
    start, polski, four, menu, languages, english, closed, after = conversations[0]
    assert start == after == small_library.start
    assert languages == small_library.listing
    assert menu == polski == screen(small_library, "0", TUESDAY)
    assert len({start, polski, four, languages, english, closed}) == 6
