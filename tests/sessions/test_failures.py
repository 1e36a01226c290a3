"""Redis failures are reported to the operator, and no outdated tag is used."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from rights_line.channels import load_channels
from rights_line.core.library import Library
from rights_line.sessions import PREFIX, TAG_TTL
from rights_line.sessions.breaker import Breaker
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import PROBLEM, RedisSessionStore
from rights_line.sessions.stale_tags import StaleTags
from rights_line.web.app import build_app
from rights_line.web.health import Facts, Health
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
from tests.support.sms_line import CHANNEL
from tests.support.waiting import wait_until

OTHERS = [f"+4790000{number}" for number in range(101, 106)]
SENDER = "+4790000106"

phone = partial(sms_line.phone, sender=SENDER)


def sessions_at(url: str, clock: Callable[[], float]) -> RedisSessionStore:
    """Return the session store of one process."""
    return RedisSessionStore(client_factory(url), SECRET, clock)


def logged(capfd: pytest.CaptureFixture[str], event: str) -> list[str]:
    """Return the outcomes of one kind of event, logged since the last call."""
    rows = [json.loads(row) for row in written(capfd)[1].splitlines()]
    assert all(row.keys() == {"event", "channel", "outcome", "ms"} for row in rows)
    return [row["outcome"] for row in rows if row["event"] == event]


# 1. Health and log


def test_store_bug_gets_fallback_and_is_logged(
    library: Library, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    """An error that Redis does not cause is logged by its class."""
    sessions = RedisSessionStore(lambda: 1 // 0, SECRET, clock)
    health = Health(Facts({}, ()), sessions).report
    channels = load_channels([CHANNEL], twilio_phone.ENVIRON)
    client = build_app(channels, library, sessions, health, lambda: TUESDAY).test_client()

    answer = client.post(**twilio_phone.request(twilio_phone.fields("hei")))

    assert twilio_phone.reply_text(answer.data) == library.fallback
    assert logged(capfd, "inbound") == ["ZeroDivisionError"]
    assert client.get("/healthz").status_code == 500
    assert logged(capfd, "page") == ["ZeroDivisionError"]


def test_log_redis_down_marks_replies_without_session(
    relay: Relay, clock: Clock, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whether the tag could not be read or not be written; STOP gets no reply."""
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


def test_log_tag_not_written_marks_reply_without_session(
    own_redis: RedisServer, clock: Clock, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """Redis can be read, but it is full."""
    sessions = sessions_at(own_redis.url, clock)
    send = phone(library, sessions)
    send(ANY_WORD)
    DEGRADED["full"](own_redis)

    assert "POLSKI 4" in send("POLSKI")
    assert logged(capfd, "inbound") == ["answered", "answered without session"]


def test_breaker_logs_opening_and_closing_once(
    relay: Relay, clock: Clock, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """However many messages come meanwhile, and however often Redis is tried."""
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


def test_breaker_log_contains_durations(capfd: pytest.CaptureFixture[str], clock: Clock) -> None:
    """How long the failed command took, and how long the breaker was open."""
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


def test_breaker_late_failure_does_not_shorten_pause(clock: Clock) -> None:
    """A command sent before the breaker was held open may fail afterwards."""
    breaker = Breaker(clock)
    breaker.hold_open(TAG_TTL)
    breaker.record_failure(0.2)
    clock.now += TAG_TTL - 1
    assert not breaker.allows_request()
    clock.now += 1
    assert breaker.allows_request()


def test_problems_redis_down_contain_redis(relay: Relay, clock: Clock) -> None:
    """Sessions in memory never report a problem."""
    sessions = sessions_at(relay.url, clock)
    assert (sessions.status(), sessions.problems()) == ("up", [])
    relay.fault = FAULTS["silent"]
    sessions.load(CHANNEL, SENDER)
    assert (sessions.status(), sessions.problems()) == ("down", [PROBLEM])
    assert MemorySessionStore().problems() == []


def test_status_without_messages_follows_redis(own_redis: RedisServer, clock: Clock) -> None:
    sessions = sessions_at(own_redis.url, clock)
    assert sessions.status() == "up"
    own_redis.stop()
    clock.now += 1
    assert sessions.status() == "down"
    own_redis.start()
    wait_until(lambda: recovers(sessions, clock))


def recovers(sessions: RedisSessionStore, clock: Clock) -> bool:
    """Let the pause pass and return whether Redis is used again."""
    clock.now += RECOVERY
    return sessions.status() == "up"


def test_status_probes_redis_once_a_second(relay: Relay, clock: Clock) -> None:
    """And not at all while messages are answered."""
    sessions = sessions_at(relay.url, clock)
    for is_probed in (True, False, False):
        before = relay.turns
        assert (sessions.status(), sessions.problems()) == ("up", [])
        assert (relay.turns > before) is is_probed
    clock.now += 1
    sessions.load(CHANNEL, SENDER)
    before = relay.turns
    assert sessions.status() == "up"
    assert relay.turns == before


@pytest.mark.parametrize("degrade", DEGRADED.values(), ids=DEGRADED)
def test_status_degraded_redis_stays_down(
    degrade: Callable[[RedisServer], object],
    own_redis: RedisServer,
    clock: Clock,
    library: Library,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A successful read or PING does not close the breaker while writes fail."""
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
def test_load_malformed_tag_affects_one_sender(
    value: bytes,
    redis: RedisServer,
    clock: Clock,
    library: Library,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The tag is deleted, and no other sender loses a session."""
    sessions = sessions_at(redis.url, clock)
    send = phone(library, sessions)
    send("POLSKI", OTHERS[0])
    send("POLSKI")
    key = sessions.load(CHANNEL, SENDER).key
    redis.client.set(key, value, ex=TAG_TTL)

    assert send("4") == library.start
    assert redis.client.get(key) == "?"
    redis.client.set(key, value, ex=TAG_TTL)
    send("112")
    assert redis.client.get(key) is None
    assert send("4", OTHERS[0]) == screen(library, "4", TUESDAY)
    assert logged(capfd, "redis") == []


@pytest.mark.parametrize(
    "value",
    [b"\xff", b"many", b"", b"1.5", b"nan"],
    ids=["not UTF-8", "a word", "empty", "a fraction", "not a number"],
)
def test_load_malformed_count_keeps_sessions(
    value: bytes, redis: RedisServer, clock: Clock, library: Library
) -> None:
    send = phone(library, sessions_at(redis.url, clock))
    send("POLSKI")
    (count,) = redis.client.scan_iter(f"{PREFIX}count:*")
    redis.client.set(count, value, ex=TAG_TTL)
    send("POLSKI", OTHERS[0])

    for sender in (SENDER, OTHERS[0]):
        assert send("4", sender) == screen(library, "4", TUESDAY)


# 2. Stale tags


@pytest.mark.parametrize(
    ("text", "previous"),
    [("POLSKI", "ENGLISH"), ("00", "ENGLISH"), ("", "")],
    ids=["another language", "closing", "a first language"],
)
def test_save_redis_pauses_resets_one_sender(
    text: str, previous: str, own_redis: RedisServer, clock: Clock, library: Library
) -> None:
    """Redis pauses for 350 ms while one of six senders chooses a language."""
    send = phone(library, sessions_at(own_redis.url, clock))
    for sender in OTHERS:
        send("POLSKI", sender)
    send(previous or ANY_WORD)
    salt = own_redis.client.get(SALT_KEY)
    hang(own_redis)
    timer = threading.Timer(0.35, go_on, [own_redis])
    timer.start()
    send(text or "POLSKI")
    timer.join()
    clock.now += RECOVERY

    assert [send("4", sender) for sender in OTHERS] == [screen(library, "4", TUESDAY)] * 5
    assert send("4") == library.start, "an outdated tag was used"
    assert own_redis.client.get(SALT_KEY) == salt


def test_load_tag_becomes_stale_meanwhile_is_not_used(
    own_redis: RedisServer, library: Library
) -> None:
    """A second message is read in the same pause in which a tag could not be written."""
    sessions = sessions_at(own_redis.url, time.monotonic)
    send = phone(library, sessions)
    send("ENGLISH")
    first = sessions.load(CHANNEL, SENDER)
    with ThreadPoolExecutor(2) as pool:
        hang(own_redis)
        saved = pool.submit(sessions.save, first, "pl")
        time.sleep(0.15)  # the save times out in 50 ms; this load is answered 50 ms after that
        loaded = pool.submit(sessions.load, CHANNEL, SENDER)
        time.sleep(0.1)
        go_on(own_redis)

        assert not saved.result()
        assert loaded.result().tag in (None, "")


def test_stale_tag_other_process_does_not_use_it(
    relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """The process that could not write deletes the tag with its next message."""
    one, other = (phone(library, sessions_at(url, clock)) for url in (relay.url, redis.url))
    one("ENGLISH")
    relay.fault = FAULTS["silent"]
    one("POLSKI")
    relay.fault = None
    clock.now += RECOVERY
    one(ANY_WORD, OTHERS[0])
    assert other("4") == library.start


@pytest.mark.parametrize("meanwhile", ["POLSKI", "00", "STOP"])
def test_save_salt_unknown_marks_tag_stale(
    meanwhile: str, relay: Relay, redis: RedisServer, clock: Clock, library: Library
) -> None:
    """A process that has not reached Redis since it started cannot compute keys."""
    phone(library, sessions_at(redis.url, clock))("ENGLISH")
    send = phone(library, sessions_at(relay.url, clock))
    relay.fault = FAULTS["silent"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
    send(ANY_WORD, OTHERS[0])
    assert send("112") == screen(library, "112", TUESDAY, language="en")
    clock.now += TAG_TTL
    assert send("4") == library.start


def test_save_after_failed_save_replaces_stale_tag(
    relay: Relay, clock: Clock, library: Library
) -> None:
    send = phone(library, sessions_at(relay.url, clock))
    send("ENGLISH")
    relay.fault = FAULTS["silent"]
    send("00")
    relay.fault = None
    clock.now += RECOVERY
    send("POLSKI")
    assert send("4") == screen(library, "4", TUESDAY)


def stale(sessions: RedisSessionStore) -> dict[str, float]:
    """Return the keys and marks of stale tags in a process."""
    entries: dict[str, float] = vars(vars(sessions)["_stale"])["_ends"]
    return entries


def with_stale_tag(relay: Relay, clock: Clock) -> RedisSessionStore:
    """Return the session store of a process that could not write a tag."""
    sessions = sessions_at(relay.url, clock)
    sessions.save(sessions.load(CHANNEL, SENDER), "en")
    relay.fault = FAULTS["silent"]
    assert not sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    relay.fault = None
    assert len(stale(sessions)) == 1
    return sessions


def test_stale_tag_expires_after_ten_minutes(relay: Relay, clock: Clock) -> None:
    """By then the tag has expired in Redis; the key is removed without a message."""
    sessions = with_stale_tag(relay, clock)
    clock.now += TAG_TTL - 1
    vars(sessions)["_stale"].expire()
    assert stale(sessions)
    clock.now += 1
    wait_until(lambda: not stale(sessions))


def test_stale_tag_new_salt_is_dropped(relay: Relay, redis: RedisServer, clock: Clock) -> None:
    """Keys made with an old salt are never read again."""
    sessions = with_stale_tag(relay, clock)
    redis.client.delete(SALT_KEY)
    clock.now += RECOVERY
    assert sessions.load(CHANNEL, OTHERS[0]).is_stored
    assert not stale(sessions)


def test_stale_tag_written_again_is_dropped(relay: Relay, clock: Clock) -> None:
    sessions = with_stale_tag(relay, clock)
    clock.now += RECOVERY
    sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    assert not stale(sessions)
    assert sessions.load(CHANNEL, SENDER).tag == "pl"


def test_stale_tags_too_many_hold_breaker_open(
    relay: Relay,
    redis: RedisServer,
    clock: Clock,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Redis is not used until the tags have expired there."""
    monkeypatch.setattr(RedisSessionStore, "MAX_STALE", 4)
    sessions = RedisSessionStore(client_factory(relay.url), SECRET, clock)
    send = phone(library, sessions)
    for sender in OTHERS:
        send("ENGLISH", sender)
    relay.fault = FAULTS["silent"]
    for sender in OTHERS:
        send("POLSKI", sender)
    relay.fault = None
    assert len(stale(sessions)) == 4
    clock.now += TAG_TTL - 1
    assert [send("4", sender) for sender in OTHERS] == [library.start_stateless] * 5
    assert sessions.problems() == [PROBLEM]
    clock.now += 1
    for key in redis.client.scan_iter():  # ten minutes pass in Redis, too
        if key != SALT_KEY:
            redis.client.delete(key)
    assert [send("4", sender) for sender in OTHERS] == [library.start] * 5
    assert sessions.problems() == []


def test_stale_tag_marks_differ_by_process(clock: Clock) -> None:
    """A mark identifies a sender only within the process that made it."""
    one, other = StaleTags(clock, 1), StaleTags(clock, 1)
    assert one.mark(CHANNEL, SENDER) == one.mark(CHANNEL, SENDER) != other.mark(CHANNEL, SENDER)


# 3. Connections


def test_client_redis_fails_often_is_created_once(relay: Relay, clock: Clock) -> None:
    """redis-py reconnects by itself."""
    clients: list[Any] = []

    def connect() -> Any:
        clients.append(client_factory(relay.url)())
        return clients[-1]

    sessions = RedisSessionStore(connect, SECRET, clock)
    for _ in range(3):
        relay.fault = FAULTS["closed"]
        sessions.load(CHANNEL, SENDER)
        relay.fault = None
        wait_until(lambda: recovers(sessions, clock))
    assert len(clients) == 1


def test_idle_connections_after_failure_are_closed(own_redis: RedisServer) -> None:
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
    sessions.load(CHANNEL, SENDER)
    go_on(own_redis)
    wait_until(lambda: len(own_redis.client.client_list()) <= 2)
