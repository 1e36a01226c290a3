"""After an outage in which somebody chose a language, a new salt hides every tag from before."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from rights_line.core.library import Library
from rights_line.sessions.redis_script import SALT_KEY
from tests.support import sms_line
from tests.support.clock import TUESDAY, Clock
from tests.support.redis_line import (
    ANY_WORD,
    FAULTS,
    RECOVERY,
    Relay,
    go_on,
    hang,
    screen,
    sessions_at,
)
from tests.support.servers import RedisServer

OTHER = "+4790000101"
SENDER = "+4790000106"

phone = partial(sms_line.phone, sender=SENDER)


@contextmanager
def outage(relay: Relay, clock: Clock) -> Iterator[None]:
    """Let Redis fail during the block, and be used again after it."""
    relay.fault = FAULTS["closed"]
    yield
    relay.fault = None
    clock.now += RECOVERY


@pytest.mark.parametrize(
    ("text", "previous"),
    [("POLSKI", "ENGLISH"), ("00", "ENGLISH"), ("POLSKI", ANY_WORD)],
    ids=["another language", "closing", "a first language"],
)
def test_language_chosen_while_redis_pauses_is_asked_again(
    text: str, previous: str, own_redis: RedisServer, clock: Clock, library: Library
) -> None:
    """Redis pauses for 350 ms, and may still write the tag afterwards: everybody chooses again."""
    send = phone(library, sessions_at(own_redis.url, clock))
    send("POLSKI", OTHER)
    send(previous)
    salt = own_redis.client.get(SALT_KEY)
    hang(own_redis)
    timer = threading.Timer(0.35, go_on, [own_redis])
    timer.start()
    send(text)
    timer.join()
    clock.now += RECOVERY

    assert [send("4"), send("4", OTHER)] == [library.start] * 2, "a tag from before was used"
    assert own_redis.client.get(SALT_KEY) != salt
    send("ENGLISH")
    assert send("4") == screen(library, "4", TUESDAY, language="en")


@pytest.mark.parametrize("before", [ANY_WORD, "ENGLISH"])
@pytest.mark.parametrize("meanwhile", ["POLSKI", "POLSKI 4", "00"])
def test_language_changed_while_redis_down_is_not_restored(
    before: str, meanwhile: str, relay: Relay, clock: Clock, library: Library
) -> None:
    """Once Redis is back, a code gets the start screen, which asks for a language."""
    send = phone(library, sessions_at(relay.url, clock))
    send(before)
    with outage(relay, clock):
        send(meanwhile)
    assert send("4") == library.start
    send("ENGLISH")
    assert send("4") == screen(library, "4", TUESDAY, language="en")


@pytest.mark.parametrize("meanwhile", ["4", "112", "Liked “Norge/Norway info”"])
def test_language_unchanged_while_redis_down_is_kept(
    meanwhile: str, relay: Relay, clock: Clock, library: Library
) -> None:
    """Codes, numbers of helplines and automatic texts choose no language."""
    send = phone(library, sessions_at(relay.url, clock))
    send("POLSKI")
    with outage(relay, clock):
        send(meanwhile)
    assert send("4") == screen(library, "4", TUESDAY)


def test_tags_under_the_old_salt_are_found_by_no_process(
    relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """Nor by another process; the salt is replaced only once."""
    one, other = (phone(library, sessions_at(url, clock)) for url in (relay.url, redis.url))
    one("ENGLISH")
    with outage(relay, clock):
        one("POLSKI")
    one(ANY_WORD, OTHER)
    assert other("4") == library.start
    other("POLSKI")
    clock.now += RECOVERY
    assert one("4") == screen(library, "4", TUESDAY)


@pytest.mark.parametrize("meanwhile", ["POLSKI", "00", "STOP"])
def test_language_chosen_before_a_process_reached_redis_is_asked_again(
    meanwhile: str, relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """It knows no salt, and so not even the keys."""
    phone(library, sessions_at(redis.url, clock))("ENGLISH")
    send = phone(library, sessions_at(relay.url, clock))
    with outage(relay, clock):
        send(meanwhile)
    assert send("4") == library.start
