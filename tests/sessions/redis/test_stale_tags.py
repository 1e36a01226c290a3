"""A tag in Redis that became stale during a failure is not used, and nobody else is affected."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from rights_line.core.library import Library
from rights_line.sessions import TAG_TTL
from rights_line.sessions.redis.daily_salt import SALT_KEY
from rights_line.sessions.redis.stale_tags import StaleTags
from rights_line.sessions.redis.store import PROBLEM, RedisSessionStore
from tests.support import sms_line
from tests.support.clock import TUESDAY, Clock
from tests.support.held import strings_held
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
from tests.support.sms_line import CHANNEL

OTHERS = [f"+4790000{number}" for number in range(101, 106)]
SENDER = "+4790000106"

phone = partial(sms_line.phone, sender=SENDER)


@pytest.mark.parametrize(
    ("text", "previous"),
    [("POLSKI", "ENGLISH"), ("00", "ENGLISH"), ("POLSKI", ANY_WORD)],
    ids=["another language", "closing", "a first language"],
)
def test_save_redis_pauses_resets_one_sender(
    text: str, previous: str, own_redis: RedisServer, clock: Clock, library: Library
) -> None:
    """Redis pauses for 350 ms while one of six senders chooses a language."""
    send = phone(library, sessions_at(own_redis.url, clock))
    for sender in OTHERS:
        send("POLSKI", sender)
    send(previous)
    salt = own_redis.client.get(SALT_KEY)
    hang(own_redis)
    timer = threading.Timer(0.35, go_on, [own_redis])
    timer.start()
    send(text)
    timer.join()
    clock.now += RECOVERY

    assert [send("4", sender) for sender in OTHERS] == [screen(library, "4", TUESDAY)] * 5
    assert send("4") == library.start, "an outdated tag was used"
    assert own_redis.client.get(SALT_KEY) == salt


def test_open_message_tag_becomes_stale_meanwhile_is_not_used(own_redis: RedisServer) -> None:
    """A second message is read in the same pause in which a tag could not be written."""
    sessions = sessions_at(own_redis.url)
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "en")
    first = sessions.open_message(CHANNEL, SENDER)[0]
    with ThreadPoolExecutor(2) as pool:
        hang(own_redis)
        saved = pool.submit(sessions.save, first, "pl")
        time.sleep(0.15)  # the save times out in 50 ms; this load is answered 50 ms after that
        loaded = pool.submit(sessions.open_message, CHANNEL, SENDER)
        time.sleep(0.1)
        go_on(own_redis)

        assert not saved.result()
        assert loaded.result()[0].tag in (None, "")


@pytest.mark.parametrize("before", [ANY_WORD, "ENGLISH"])
@pytest.mark.parametrize("meanwhile", ["POLSKI", "POLSKI 4", "00"])
def test_language_changed_while_redis_down_is_not_restored(
    before: str, meanwhile: str, relay: Relay, clock: Clock, library: Library
) -> None:
    """Once Redis is back, a code gets the start screen, which asks for a language."""
    send = phone(library, sessions_at(relay.url, clock))
    send(before)
    relay.fault = FAULTS["closed"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
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
    relay.fault = FAULTS["closed"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
    assert send("4") == screen(library, "4", TUESDAY)


def test_stale_tag_other_process_does_not_use_it(
    relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """The process that could not write deletes the tag with its next message, and only once."""
    one, other = (phone(library, sessions_at(url, clock)) for url in (relay.url, redis.url))
    one("ENGLISH")
    relay.fault = FAULTS["closed"]
    one("POLSKI")
    relay.fault = None
    clock.now += RECOVERY
    one(ANY_WORD, OTHERS[0])
    assert other("4") == library.start
    other("POLSKI")
    clock.now += RECOVERY
    assert one("4") == screen(library, "4", TUESDAY)


@pytest.mark.parametrize("meanwhile", ["POLSKI", "00", "STOP"])
def test_save_salt_unknown_marks_tag_stale(
    meanwhile: str, relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """A process that has not reached Redis since it started cannot compute keys."""
    phone(library, sessions_at(redis.url, clock))("ENGLISH")
    send = phone(library, sessions_at(relay.url, clock))
    relay.fault = FAULTS["closed"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
    send(ANY_WORD, OTHERS[0])
    assert send("112") == screen(library, "112", TUESDAY, language="en")
    clock.now += TAG_TTL
    assert send("4") == library.start


def with_stale_tag(relay: Relay, clock: Clock) -> tuple[RedisSessionStore, str]:
    """Return the session store of a process that could not write a tag, and the tag's key."""
    sessions = sessions_at(relay.url, clock)
    session = sessions.open_message(CHANNEL, SENDER)[0]
    sessions.save(session, "en")
    relay.fault = FAULTS["closed"]
    assert not sessions.save(session, "pl")
    relay.fault = None
    assert session.key in strings_held(sessions)
    return sessions, session.key


def test_stale_tag_expires_after_ten_minutes(relay: Relay, clock: Clock) -> None:
    """By then the tag has expired in Redis; the key is removed without a message."""
    sessions, key = with_stale_tag(relay, clock)
    clock.now += TAG_TTL - 1
    sessions.purge_expired_sessions()
    assert key in strings_held(sessions)
    clock.now += 1
    sessions.purge_expired_sessions()
    assert key not in strings_held(sessions)


@pytest.mark.parametrize("is_salt_new", [False, True], ids=["deleted", "the salt is new"])
def test_stale_tag_redis_is_back_is_dropped(
    is_salt_new: bool, relay: Relay, redis: RedisServer, clock: Clock
) -> None:
    """Its key is deleted in Redis, or made with an old salt and never read again."""
    sessions, key = with_stale_tag(relay, clock)
    if is_salt_new:
        redis.client.delete(SALT_KEY)
    clock.now += RECOVERY
    assert sessions.open_message(CHANNEL, OTHERS[0])[0].is_stored
    assert key not in strings_held(sessions)
    assert redis.client.get(key) is None


def test_stale_tag_written_again_is_used(relay: Relay, clock: Clock) -> None:
    sessions, _ = with_stale_tag(relay, clock)
    clock.now += RECOVERY
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "pl")
    assert sessions.open_message(CHANNEL, SENDER)[0].tag == "pl"


def test_stale_tags_too_many_hold_breaker_open(
    relay: Relay, redis: RedisServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis is not used until the tags have expired there."""
    monkeypatch.setattr(RedisSessionStore, "MAX_STALE", 4)
    sessions = sessions_at(relay.url, clock)
    loaded = [sessions.open_message(CHANNEL, sender)[0] for sender in OTHERS]
    for session in loaded:
        sessions.save(session, "en")
    relay.fault = FAULTS["closed"]
    for session in loaded:
        assert not sessions.save(session, "pl")
    relay.fault = None
    clock.now += TAG_TTL - 1
    assert not any(sessions.open_message(CHANNEL, sender)[0].is_stored for sender in OTHERS)
    assert sessions.problems() == [PROBLEM]
    clock.now += 1
    for session in loaded:  # an hour passes in Redis, too
        redis.client.delete(session.key)
    assert [sessions.open_message(CHANNEL, sender)[0].tag for sender in OTHERS] == [None] * 5
    assert sessions.problems() == []


def test_stale_tag_marks_differ_by_process(clock: Clock) -> None:
    """A mark identifies a sender only within the process that made it."""
    one, other = StaleTags(clock, 1), StaleTags(clock, 1)
    assert (
        one.stale_tag_mark(CHANNEL, SENDER)
        == one.stale_tag_mark(CHANNEL, SENDER)
        != other.stale_tag_mark(CHANNEL, SENDER)
    )
