"""A Redis that fails: the operator sees it, and no sender is answered from an outdated tag."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from rights_line.core.library import Library
from rights_line.sessions import PREFIX, TAG_TTL
from rights_line.sessions.breaker import Breaker
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import PROBLEM, RedisSessionStore
from rights_line.sessions.stale_tags import StaleTags
from tests.support import sms_line, twilio_phone
from tests.support.clock import TUESDAY, Clock
from tests.support.log import written
from tests.support.redis_line import (
    ANY_WORD,
    FAULTS,
    RECOVERY,
    SECRET,
    Relay,
    go_on,
    hang,
    screen,
)
from tests.support.redis_states import DEGRADED
from tests.support.servers import RedisServer
from tests.support.sms_line import CHANNEL, client_of
from tests.support.waiting import wait_until

FIVE = [f"+4790000{number}" for number in range(101, 106)]
SIXTH = "+4790000106"

phone = partial(sms_line.phone, sender=SIXTH)


def sessions_at(url: str, clock: Callable[[], float]) -> RedisSessionStore:
    """Return the session store of one process."""
    return RedisSessionStore(client_factory(url), SECRET, clock)


def logged(capfd: pytest.CaptureFixture[str], event: str) -> list[str]:
    """Return the outcomes of the events of one kind that have been logged since the last call."""
    rows = [json.loads(row) for row in written(capfd)[1].splitlines()]
    assert all(row.keys() == {"event", "channel", "outcome", "ms"} for row in rows)
    return [row["outcome"] for row in rows if row["event"] == event]


# 1. Failures are visible


def test_a_bug_is_not_taken_for_a_failure_of_redis(
    library: Library, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    """An error that Redis does not cause gets the fallback response, and its class is logged."""
    client = client_of(library, RedisSessionStore(lambda: 1 // 0, SECRET, clock))

    answer = client.post(**twilio_phone.request(twilio_phone.fields("hei")))

    assert twilio_phone.reply_text(answer.data) == library.fallback
    assert logged(capfd, "inbound") == ["ZeroDivisionError"]
    assert client.get("/healthz").status_code == 500
    assert logged(capfd, "page") == ["ZeroDivisionError"]


def test_the_log_tells_which_replies_had_no_session(
    relay: Relay, clock: Clock, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whether the tag could not be read or not be written; where there is no reply, nothing."""
    send = phone(library, sessions_at(relay.url, clock))
    send(ANY_WORD)
    relay.fault = FAULTS["silent"]
    for text in ("4", "POLSKI", "112", "STOP"):
        send(text)
    relay.fault = None
    clock.now += RECOVERY
    send("4")

    without = "answered without session"
    assert logged(capfd, "inbound") == ["answered", *[without] * 3, "answered", "answered"]


def test_a_reply_whose_tag_is_not_written_had_no_session(
    own_redis: RedisServer, clock: Clock, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """A Redis that can be read and is full."""
    sessions = sessions_at(own_redis.url, clock)
    send = phone(library, sessions)
    send(ANY_WORD)
    DEGRADED["full"](own_redis)

    assert "POLSKI 4" in send("POLSKI")
    assert logged(capfd, "inbound") == ["answered", "answered without session"]


def test_the_breaker_logs_when_it_opens_and_when_it_closes(
    relay: Relay, clock: Clock, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line each, however many messages come meanwhile and however often Redis is tried."""
    send = phone(library, sessions_at(relay.url, clock))
    send("POLSKI")
    assert logged(capfd, "redis") == []
    relay.fault = FAULTS["closed"]
    for _ in range(3):
        send("4")
        send("4")
        clock.now += RECOVERY
    assert logged(capfd, "redis") == ["down"]
    relay.fault = None
    send("4")
    send("4")
    assert logged(capfd, "redis") == ["up"]


def test_the_breaker_logs_for_how_long(capfd: pytest.CaptureFixture[str], clock: Clock) -> None:
    """What the failed command took, and how long the breaker was open; no channel."""
    breaker = Breaker(clock)
    breaker.record_failure(0.2)
    clock.now += 7
    breaker.record_success(breaker.failures)
    breaker.record_success(breaker.failures)

    rows = [json.loads(row) for row in written(capfd)[1].splitlines()]
    assert rows == [
        {"event": "redis", "channel": "", "outcome": "down", "ms": 200},
        {"event": "redis", "channel": "", "outcome": "up", "ms": 7000},
    ]


def test_a_late_failure_does_not_shorten_the_pause(clock: Clock) -> None:
    """A command that was sent before the breaker was held open may fail after."""
    breaker = Breaker(clock)
    breaker.hold_open(TAG_TTL)
    breaker.record_failure(0.2)
    clock.now += TAG_TTL - 1
    assert not breaker.allows_request()
    clock.now += 1
    assert breaker.allows_request()


def test_problems_are_sentences_for_the_operator(relay: Relay, clock: Clock) -> None:
    """While the breaker is open, and never with tags in memory."""
    sessions = sessions_at(relay.url, clock)
    assert (sessions.status(), sessions.problems()) == ("up", [])
    relay.fault = FAULTS["silent"]
    sessions.load(CHANNEL, SIXTH)
    assert (sessions.status(), sessions.problems()) == ("down", [PROBLEM])
    assert MemorySessionStore().problems() == []


def test_health_notices_by_itself(own_redis: RedisServer, clock: Clock) -> None:
    """Without any message: that Redis went down, and that it came back."""
    sessions = sessions_at(own_redis.url, clock)
    assert sessions.status() == "up"
    own_redis.stop()
    clock.now += 1
    assert sessions.status() == "down"
    own_redis.start()
    wait_until(lambda: recovers(sessions, clock))


def recovers(sessions: RedisSessionStore, clock: Clock) -> bool:
    """Let a while pass, and tell whether Redis is used again."""
    clock.now += RECOVERY
    return sessions.status() == "up"


def test_health_asks_redis_once_a_second(relay: Relay, clock: Clock) -> None:
    """However often it is asked itself, and not at all while messages are answered."""
    sessions = sessions_at(relay.url, clock)
    for asks in (True, False, False):
        before = relay.turns
        assert (sessions.status(), sessions.problems()) == ("up", [])
        assert (relay.turns > before) is asks
    clock.now += 1
    sessions.load(CHANNEL, SIXTH)
    before = relay.turns
    assert sessions.status() == "up"
    assert relay.turns == before


@pytest.mark.parametrize("degrade", DEGRADED.values(), ids=DEGRADED)
def test_a_redis_that_only_pings_is_down(
    degrade: Callable[[RedisServer], object],
    own_redis: RedisServer,
    clock: Clock,
    library: Library,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """One in which tags cannot be kept is not up again because a read succeeds meanwhile."""
    sessions = sessions_at(own_redis.url, clock)
    send = phone(library, sessions)
    send(ANY_WORD)
    degrade(own_redis)
    assert own_redis.client.ping()
    for _ in range(2):
        send("POLSKI")
        assert sessions.status() == "down"
        clock.now += RECOVERY
        assert sessions.status() == "down"
        clock.now += RECOVERY
    assert logged(capfd, "redis") == ["down"]


VALUES = {"not UTF-8": b"\xff\xfe", "not a tag": b"<b>", "empty": b"", "long": b"a" * 100_000}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_malformed_tag_concerns_one_sender(
    value: bytes,
    redis: RedisServer,
    clock: Clock,
    library: Library,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """It is deleted, and no other sender loses a session."""
    sessions = sessions_at(redis.url, clock)
    send = phone(library, sessions)
    send("POLSKI", FIVE[0])
    send("POLSKI")
    key = sessions.load(CHANNEL, SIXTH).key
    redis.client.set(key, value, ex=TAG_TTL)

    assert send("4") == library.start
    assert redis.client.get(key) == "?"
    redis.client.set(key, value, ex=TAG_TTL)
    send("112")
    assert redis.client.get(key) is None
    assert send("4", FIVE[0]) == screen(library, "4", TUESDAY)
    assert logged(capfd, "redis") == []


@pytest.mark.parametrize("value", [b"\xff", b"many", b"", b"1.5", b"nan"])
def test_a_malformed_count_concerns_one_sender(
    value: bytes, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """A count that is not a number costs nobody a session."""
    send = phone(library, sessions_at(redis.url, clock))
    send("POLSKI")
    (count,) = redis.client.scan_iter(f"{PREFIX}count:*")
    redis.client.set(count, value, ex=TAG_TTL)
    send("POLSKI", FIVE[0])

    for sender in (SIXTH, FIVE[0]):
        assert send("4", sender) == screen(library, "4", TUESDAY)


# 2. One hiccup does not reset everybody


@pytest.mark.parametrize(("text", "known"), [("POLSKI", "ENGLISH"), ("00", "ENGLISH"), ("", "")])
def test_a_hiccup_resets_nobody_else(
    text: str, known: str, own_redis: RedisServer, clock: Clock, library: Library
) -> None:
    """Redis pauses for 350 ms while one of six chooses a language: the five keep theirs."""
    send = phone(library, sessions_at(own_redis.url, clock))
    for sender in FIVE:
        send("POLSKI", sender)
    send(known or ANY_WORD)
    salt = own_redis.client.get(SALT_KEY)
    hang(own_redis)
    timer = threading.Timer(0.35, go_on, [own_redis])
    timer.start()
    send(text or "POLSKI")
    timer.join()
    clock.now += RECOVERY

    assert [send("4", sender) for sender in FIVE] == [screen(library, "4", TUESDAY)] * 5
    assert send("4") == library.start, "an outdated tag was used"
    assert own_redis.client.get(SALT_KEY) == salt


def test_a_tag_that_becomes_stale_while_it_is_read_is_not_used(
    own_redis: RedisServer, library: Library
) -> None:
    """A second message, read in the same hiccup as the choice that could not be written."""
    sessions = sessions_at(own_redis.url, time.monotonic)
    send = phone(library, sessions)
    send("ENGLISH")
    first = sessions.load(CHANNEL, SIXTH)
    with ThreadPoolExecutor(2) as pool:
        hang(own_redis)
        saved = pool.submit(sessions.save, first, "pl")
        time.sleep(0.15)  # the choice fails 50 ms from now, and this message is read 100 ms later
        loaded = pool.submit(sessions.load, CHANNEL, SIXTH)
        time.sleep(0.1)
        go_on(own_redis)

        assert not saved.result()
        assert loaded.result().tag in (None, "")


def test_another_process_does_not_use_a_stale_tag(
    relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """As soon as the one that could not write is back, whoever writes to it."""
    one, other = (phone(library, sessions_at(url, clock)) for url in (relay.url, redis.url))
    one("ENGLISH")
    relay.fault = FAULTS["silent"]
    one("POLSKI")
    relay.fault = None
    clock.now += RECOVERY
    one(ANY_WORD, FIVE[0])
    assert other("4") == library.start


@pytest.mark.parametrize("meanwhile", ["POLSKI", "00", "STOP"])
def test_a_choice_counts_where_the_salt_is_not_known(
    meanwhile: str, relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """A process that has not reached Redis since it started can compute no key."""
    phone(library, sessions_at(redis.url, clock))("ENGLISH")
    send = phone(library, sessions_at(relay.url, clock))
    relay.fault = FAULTS["silent"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
    send(ANY_WORD, FIVE[0])
    assert send("112") == screen(library, "112", TUESDAY, language="en")
    clock.now += TAG_TTL
    assert send("4") == library.start


def test_a_choice_that_is_written_later_counts(
    relay: Relay, clock: Clock, library: Library
) -> None:
    """The next choice takes the place of the one that could not be written."""
    send = phone(library, sessions_at(relay.url, clock))
    send("ENGLISH")
    relay.fault = FAULTS["silent"]
    send("00")
    relay.fault = None
    clock.now += RECOVERY
    send("POLSKI")
    assert send("4") == screen(library, "4", TUESDAY)


def stale(sessions: RedisSessionStore) -> dict[str, float]:
    """Return the names that a process keeps of stale tags."""
    entries: dict[str, float] = vars(vars(sessions)["_stale"])["_ends"]
    return entries


def with_stale_tag(relay: Relay, clock: Clock) -> RedisSessionStore:
    """Return the sessions of a process that could not write a tag."""
    sessions = sessions_at(relay.url, clock)
    sessions.save(sessions.load(CHANNEL, SIXTH), "en")
    relay.fault = FAULTS["silent"]
    assert not sessions.save(sessions.load(CHANNEL, SIXTH), "pl")
    relay.fault = None
    assert len(stale(sessions)) == 1
    return sessions


def test_a_stale_tag_is_noted_for_ten_minutes(relay: Relay, clock: Clock) -> None:
    """Then the tag has expired in Redis, and the key is removed though no message comes."""
    sessions = with_stale_tag(relay, clock)
    clock.now += TAG_TTL - 1
    vars(sessions)["_stale"].expire()
    assert stale(sessions)
    clock.now += 1
    wait_until(lambda: not stale(sessions))


def test_a_stale_tag_is_dropped_with_the_salt(
    relay: Relay, redis: RedisServer, clock: Clock
) -> None:
    """Keys of yesterday's salt are never read again."""
    sessions = with_stale_tag(relay, clock)
    redis.client.delete(SALT_KEY)
    clock.now += RECOVERY
    assert sessions.load(CHANNEL, FIVE[0]).is_stored
    assert not stale(sessions)


def test_a_written_tag_is_not_stale(relay: Relay, clock: Clock) -> None:
    """Its key is removed at once."""
    sessions = with_stale_tag(relay, clock)
    clock.now += RECOVERY
    sessions.save(sessions.load(CHANNEL, SIXTH), "pl")
    assert not stale(sessions)
    assert sessions.load(CHANNEL, SIXTH).tag == "pl"


def test_more_stale_tags_than_can_be_noted(
    relay: Relay,
    redis: RedisServer,
    clock: Clock,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Redis is not used until they have expired there: replies name the language word."""
    monkeypatch.setattr(RedisSessionStore, "MAX_STALE", 4)
    sessions = RedisSessionStore(client_factory(relay.url), SECRET, clock)
    send = phone(library, sessions)
    for sender in FIVE:
        send("ENGLISH", sender)
    relay.fault = FAULTS["silent"]
    for sender in FIVE:
        send("POLSKI", sender)
    relay.fault = None
    assert len(stale(sessions)) == 4
    clock.now += TAG_TTL - 1
    assert [send("4", sender) for sender in FIVE] == [library.start_stateless] * 5
    assert sessions.problems() == [PROBLEM]
    clock.now += 1
    for key in redis.client.scan_iter():  # ten minutes later in Redis, too
        if key != SALT_KEY:
            redis.client.delete(key)
    assert [send("4", sender) for sender in FIVE] == [library.start] * 5
    assert sessions.problems() == []


def test_marks_of_processes_differ(clock: Clock) -> None:
    """A mark leads to a sender only with the memory of the process that made it."""
    one, other = StaleTags(clock, 1), StaleTags(clock, 1)
    assert one.mark(CHANNEL, SIXTH) == one.mark(CHANNEL, SIXTH) != other.mark(CHANNEL, SIXTH)


# 3. One client


def test_a_client_is_made_once(relay: Relay, clock: Clock) -> None:
    """However often Redis fails: redis-py reconnects."""
    made: list[Any] = []

    def connect() -> Any:
        made.append(client_factory(relay.url)())
        return made[-1]

    sessions = RedisSessionStore(connect, SECRET, clock)
    for _ in range(3):
        relay.fault = FAULTS["closed"]
        sessions.load(CHANNEL, SIXTH)
        relay.fault = None
        wait_until(lambda: recovers(sessions, clock))
    assert len(made) == 1


def test_connections_that_were_idle_at_a_failure_are_closed(own_redis: RedisServer) -> None:
    """They are probably dead as well; each of them would fail once more."""
    sessions = sessions_at(own_redis.url, time.monotonic)
    barrier = threading.Barrier(8)

    def load(number: int) -> bool:
        barrier.wait()
        return sessions.load(CHANNEL, f"+479000020{number}").is_stored

    with ThreadPoolExecutor(8) as pool:
        wait_until(
            lambda: all(pool.map(load, range(8))) and len(own_redis.client.client_list()) > 4
        )
    hang(own_redis)
    sessions.load(CHANNEL, SIXTH)
    go_on(own_redis)
    wait_until(lambda: len(own_redis.client.client_list()) <= 2)
