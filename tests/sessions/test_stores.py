"""Session stores in memory and Redis: same behaviour, no errors, no phone numbers."""

import hashlib
import hmac
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest
import redis

from rights_line.core.library import Library
from rights_line.core.rate_limit import SENDER_LIMIT
from rights_line.sessions import (
    PREFIX,
    UNAVAILABLE,
    Session,
    SessionStore,
    pseudonym,
    redis_connection,
)
from rights_line.sessions.breaker import Breaker
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import WINDOW_KEYS, RedisSessionStore
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.canary import leaks
from tests.support.clock import TUESDAY, Clock
from tests.support.redis_line import (
    ANY_WORD,
    FAULTS,
    RECOVERY,
    SECRET,
    Fault,
    Relay,
    age,
    go_on,
    hang,
    redis_environ,
    screen,
)
from tests.support.redis_states import DEGRADED
from tests.support.servers import RedisServer, free_port
from tests.support.sms_line import CHANNEL, phone
from tests.support.waiting import wait_until

SENDER = twilio_phone.SENDER
KEY = re.compile(re.escape(PREFIX) + "[0-9a-f]{32}")
COUNT_KEY = re.compile(re.escape(f"{PREFIX}count:") + "[0-9a-f]{32}")
WINDOW_KEY = re.compile(f"(?:{'|'.join(map(re.escape, WINDOW_KEYS))})[0-9]{{10}}")  # its end

TEN_MINUTES = 600
HOUR = 3600
DAY = 86_400
MAX_SECONDS = 1.9  # a reply must come within two; with its defaults redis-py takes four or more

Result = TypeVar("Result")


def session_of_sender(sessions: SessionStore) -> Session:
    """Return the session of `SENDER`."""
    return sessions.load(CHANNEL, SENDER)


def sessions_at(url: str, clock: Callable[[], float] = time.monotonic) -> RedisSessionStore:
    """Return the session store of one process."""
    return RedisSessionStore(client_factory(url), SECRET, clock)


def timed(call: Callable[[], Result]) -> tuple[Result, float]:
    """Return a result and the seconds that it took."""
    started = time.perf_counter()
    return call(), time.perf_counter() - started


# 1. Memory and Redis


Wait = Callable[[int], None]


@pytest.fixture(params=["memory", "redis"])
def store(
    request: pytest.FixtureRequest, redis: RedisServer, clock: Clock
) -> tuple[SessionStore, Wait]:
    """A store of either kind, and a function that lets time pass for it."""
    if request.param == "redis":
        return sessions_at(redis.url), lambda seconds: age(redis, seconds)

    def wait(seconds: int) -> None:
        clock.now += seconds

    return MemorySessionStore(clock), wait


SENDER_IDS = {
    "sender": (CHANNEL, SENDER),
    "sender again": (CHANNEL, SENDER),
    "other": (CHANNEL, "+4790000002"),
    "sender by voice": ("twilio_voice", SENDER),
    "empty": (CHANNEL, ""),
    "not text": (CHANNEL, "\ud800\0\n"),
    "long": (CHANNEL, "9" * 10_000),
}

# A step: load a sender and expect a tag, save a tag for a sender, or seconds to wait.
Step = tuple[str, str, str | None] | int
KNOWN: list[Step] = [("load", "sender", None), ("save", "sender", "pl")]
STEPS: dict[str, list[Step]] = {
    "nothing known": [("load", "sender", None), ("load", "sender", None)],
    "saved": [*KNOWN, ("load", "sender", "pl")],
    "changed": [*KNOWN, ("load", "sender", "pl"), ("save", "sender", "?"), ("load", "sender", "?")],
    "deleted": [
        *KNOWN,
        ("load", "sender", "pl"),
        ("save", "sender", None),
        ("load", "sender", None),
    ],
    "nothing to delete": [
        ("load", "sender", None),
        ("save", "sender", None),
        ("load", "sender", None),
    ],
    "unchanged": [
        *KNOWN,
        ("load", "sender", "pl"),
        ("save", "sender", "pl"),
        ("load", "sender", "pl"),
    ],
    "back again": [
        *(*KNOWN, ("load", "sender", "pl"), ("save", "sender", None)),
        *(*KNOWN, ("load", "sender", "pl")),
    ],
    "kept before ten minutes": [*KNOWN, TEN_MINUTES - 1, ("load", "sender", "pl")],
    "expired after ten minutes": [*KNOWN, TEN_MINUTES, ("load", "sender", None)],
    "kept since the last message": [
        *KNOWN,
        *(step for _ in range(3) for step in (TEN_MINUTES - 1, ("load", "sender", "pl"))),
        *(TEN_MINUTES, ("load", "sender", None)),
    ],
    "kept since the last change": [
        *(*KNOWN, TEN_MINUTES - 1, ("load", "sender", "pl"), ("save", "sender", "ar")),
        *(TEN_MINUTES - 1, ("load", "sender", "ar"), TEN_MINUTES, ("load", "sender", None)),
    ],
    "others do not extend it": [
        *(*KNOWN, TEN_MINUTES - 1),
        *(("load", "other", None), ("save", "other", "ar")),
        *(1, ("load", "sender", None), ("load", "other", "ar")),
    ],
    "two senders": [
        *(*KNOWN, ("load", "other", None), ("save", "other", "ar")),
        *(("load", "sender", "pl"), ("save", "sender", None), ("load", "other", "ar")),
    ],
    "two channels": [*KNOWN, ("load", "sender by voice", None), ("load", "sender", "pl")],
    "a day later": [*KNOWN, DAY, ("load", "sender", None), *KNOWN, ("load", "sender", "pl")],
    "odd senders": [
        step
        for sender in ("empty", "not text", "long")
        for step in (("load", sender, None), ("save", sender, "pl"), ("load", sender, "pl"))
    ],
    # Two messages at once: `4` changes nothing, and `00` deletes the tag meanwhile.
    "deleted meanwhile": [
        *(
            *KNOWN,
            ("load", "sender", "pl"),
            ("load", "sender again", "pl"),
            ("save", "sender again", None),
        ),
        *(("save", "sender", "pl"), ("load", "sender", None)),
    ],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_memory_and_redis_keep_identical_tags(
    steps: list[Step], store: tuple[SessionStore, Wait]
) -> None:
    sessions, wait = store
    loaded = {}
    for step in steps:
        match step:
            case "load", sender, tag:
                loaded[sender] = sessions.load(*SENDER_IDS[sender])
                assert (loaded[sender].tag, loaded[sender].is_stored) == (tag, True), step
            case "save", sender, tag:
                assert sessions.save(loaded[sender], tag), step
            case int(seconds):
                wait(seconds)


@pytest.mark.parametrize(
    ("url", "state"),
    [("", "memory"), ("up", "up"), ("redis://127.0.0.1:1/0", "down")],
    ids=["memory", "up", "down"],
)
def test_status_names_where_tags_are_stored(url: str, state: str, redis: RedisServer) -> None:
    """Memory, a Redis that answers, and one that does not."""
    url = redis.url if url == "up" else url
    sessions = sessions_at(url) if url else MemorySessionStore()
    assert sessions.status() == state


def test_memory_full_evicts_oldest_senders(clock: Clock) -> None:
    """The senders who wrote last keep their tags."""
    sessions = MemorySessionStore(clock, max_entries=10)
    senders = [f"+47{number}" for number in range(90_000_000, 90_000_100)]
    for sender in senders:
        sessions.save(sessions.load(CHANNEL, sender), "pl")
    known = [sender for sender in senders if sessions.load(CHANNEL, sender).tag]
    assert known == senders[-10:]


def test_memory_save_evicts_expired_tags(clock: Clock) -> None:
    sessions = MemorySessionStore(clock)
    sessions.save(session_of_sender(sessions), "pl")
    clock.now += 1
    sessions.save(sessions.load(CHANNEL, "+4790000002"), "ro")
    clock.now += TEN_MINUTES
    sessions.save(sessions.load(CHANNEL, "+4790000003"), "ar")
    assert [tag for tag, _ in vars(sessions)["_tags"].values()] == ["ar"]


def test_memory_holds_only_pseudonyms_of_its_process() -> None:
    """Each process derives its pseudonyms with a secret of its own."""
    sessions, other = MemorySessionStore(), MemorySessionStore()
    session = session_of_sender(sessions)
    sessions.save(session, "pl")
    assert "'pl'" in repr(vars(sessions))
    assert not leaks(repr(vars(sessions)).encode(), {SENDER})
    assert KEY.fullmatch(session.key)
    assert session_of_sender(other).key != session.key
    assert session.key not in repr(session)


# 2. Data in Redis

WALK = [
    *(
        ANY_WORD,
        "9",
        "4",
        "41",
        "POLSKI",
        "0",
        "99",
        "ENGLISH 4",
        "112",
        "????",
        "22331160",
        "STOP",
    ),
    *("POLSKI 4", "7", "00", "4"),
]
SENDERS = [
    *(f"+47{number}" for number in range(90_000_001, 90_000_013)),
    *(f"whatsapp:+48{number}" for number in range(600_000_001, 600_000_005)),
]


def assert_private(server: RedisServer, sender: str, tags: set[str]) -> None:
    """Assert that a Redis holds the salt, tags and counts, and no number.

    Tags and counts of a sender expire within ten minutes.
    """
    keys = sorted(server.client.scan_iter())
    pipeline = server.client.pipeline(transaction=False)
    for key in keys:
        pipeline.get(key)
        pipeline.ttl(key)
    answers = pipeline.execute()
    contents = dict(zip(keys, zip(answers[::2], answers[1::2], strict=True), strict=True))
    assert not leaks(repr(contents).encode(), {sender})
    salt, left = contents.pop(SALT_KEY)
    assert re.fullmatch("[0-9a-f]{64}", salt)
    assert 0 < left <= DAY
    for key in list(contents):
        if WINDOW_KEY.fullmatch(key):
            answered, left = contents.pop(key)
            assert re.fullmatch("[1-9][0-9]*", answered)
            assert 0 < left <= (HOUR if "hour" in key else DAY + HOUR)
    for key, (value, life) in contents.items():
        if COUNT_KEY.fullmatch(key):
            assert value in map(str, range(1, 2 * SENDER_LIMIT + 2))
        else:
            assert KEY.fullmatch(key)
            assert value in tags
        assert 0 < life <= TEN_MINUTES


@pytest.fixture(scope="module")
def tags(library: Library) -> set[str]:
    """Every tag that a conversation can have."""
    return {"?", *library.editions}


def test_redis_after_every_message_holds_only_tags_and_counts(
    redis: RedisServer, library: Library, tags: set[str]
) -> None:
    send = phone(library, sessions_at(redis.url))
    most = 0
    for text in WALK:
        for sender in SENDERS:
            send(text, sender)
            assert_private(redis, sender, tags)
            most = max(most, redis.client.dbsize())
    assert most == 2 * len(SENDERS) + 3, "the test saw no keys"


@pytest.mark.parametrize("text", ["00", "STOP"])
def test_redis_after_closing_holds_only_count(
    text: str, redis: RedisServer, library: Library
) -> None:
    """The count stays; otherwise a robot could close again and again and get replies."""
    sessions = sessions_at(redis.url)
    send = phone(library, sessions)
    send("POLSKI")
    key = session_of_sender(sessions).key
    assert redis.client.get(key) == "pl"
    send(text)
    shared = (SALT_KEY, *WINDOW_KEYS)
    left = {key for key in redis.client.scan_iter() if not key.startswith(shared)}
    assert [bool(COUNT_KEY.fullmatch(str(one))) for one in left] == [True]
    assert key.removeprefix(PREFIX) not in str(left.pop())


HASHED = hashlib.sha256(SENDER.encode()).hexdigest()[:32]
PLANTED: dict[str, tuple[str, str, int | None]] = {
    "a hash of the number": (f"{PREFIX}{HASHED}", "pl", TEN_MINUTES),
    "the number as key": (f"{PREFIX}{SENDER}", "pl", TEN_MINUTES),
    "the number as value": (f"{PREFIX}{'0' * 32}", SENDER, TEN_MINUTES),
    "not a tag": (f"{PREFIX}{'0' * 32}", "41", TEN_MINUTES),
    "without a TTL": (f"{PREFIX}{'0' * 32}", "pl", None),
    "kept too long": (f"{PREFIX}{'0' * 32}", "pl", TEN_MINUTES + 5),
    "the number as key of a count": (f"{PREFIX}count:{SENDER}", "1", TEN_MINUTES),
    "a hash as key of a count": (f"{PREFIX}count:{HASHED}", "1", TEN_MINUTES),
    "a tag for a count": (f"{PREFIX}count:{'0' * 32}", "pl", TEN_MINUTES),
    "a text for a count": (f"{PREFIX}count:{'0' * 32}", "112", TEN_MINUTES),
    "a count without a TTL": (f"{PREFIX}count:{'0' * 32}", "1", None),
    "a count kept too long": (f"{PREFIX}count:{'0' * 32}", "1", TEN_MINUTES + 5),
    "the hour without a TTL": (f"{WINDOW_KEYS[0]}1795734000", "1", None),
    "a number for the hour": (f"{WINDOW_KEYS[0]}1795734000", SENDER, HOUR),
    "the hour kept too long": (f"{WINDOW_KEYS[0]}1795734000", "1", HOUR + 5),
    "a number for a key of the reserve": (f"{WINDOW_KEYS[2]}{SENDER}", "1", HOUR),
    "another key": ("rights-line:last", "pl", TEN_MINUTES),
    "the salt without a TTL": (SALT_KEY, "0" * 64, None),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_privacy_check_finds_planted_key(
    planted: tuple[str, str, int | None], redis: RedisServer, tags: set[str]
) -> None:
    """The check of the tests above finds each kind of key that must not exist."""
    session_of_sender(sessions_at(redis.url))
    assert_private(redis, SENDER, tags)
    key, value, life = planted
    redis.client.set(key, value, ex=life)
    with pytest.raises(AssertionError):
        assert_private(redis, SENDER, tags)


@contextmanager
def watched(server: RedisServer) -> Iterator[list[str]]:
    """Yield a list that receives every command that Redis runs."""
    commands: list[str] = []
    with server.client.monitor() as monitor:  # type: ignore[no-untyped-call]
        yield commands
        server.client.echo("end of commands")
        for command in monitor.listen():
            if "end of commands" in command["command"]:
                return
            commands.append(command["command"])


def test_commands_contain_no_number(redis: RedisServer, library: Library, tags: set[str]) -> None:
    """MONITOR shows only these commands."""
    key, salt = KEY.pattern, re.escape(SALT_KEY)
    tag = "|".join(map(re.escape, tags))
    count, window = COUNT_KEY.pattern, WINDOW_KEY.pattern
    asked = rf"{salt} {key}( {count}( {window}){{4}})? [0-9a-f]{{64}} {TEN_MINUTES}"
    allowed = re.compile(
        rf"HELLO \d|CLIENT SETINFO LIB-(NAME|VER) \S+|GET {salt}|GETEX {key} EX {TEN_MINUTES}"
        rf"|EVAL {SCRIPT} [27] {asked}( [][\d,]+ \[{TEN_MINUTES}(, \d{{1,5}}){{4}}])?"
        rf"|GET ({count}|{window})|SET {count} \d+ (KEEPTTL|EX {TEN_MINUTES})"
        rf"|SET {window} \d+ (KEEPTTL|EX \d{{1,5}})"
        rf"|SET {key} ({tag}) EX {TEN_MINUTES}|DEL {key}"
        rf"|SET {salt} [0-9a-f]{{64}} NX GET EX {DAY}"
    )
    send = phone(library, sessions_at(redis.url))
    with watched(redis) as commands:
        for text in WALK:
            for sender in SENDERS:
                send(text, sender)
    assert len(commands) > len(WALK) * len(SENDERS)
    assert not [command for command in commands if not allowed.fullmatch(command)]
    assert not leaks("\n".join(commands).encode(), SENDERS)


# The text of the script is skipped; MONITOR lists the commands that it runs.
SCRIPT = r"\\nlocal salt = redis\.call.*' '\)}\\n"


def keys_without_salt() -> set[str]:
    """Return the keys that the number and the operator's secret give without a salt."""
    secret = SECRET.encode()
    secrets = [b"", secret, hashlib.sha256(secret).digest()]
    secrets += [hmac.digest(secret, salt, "sha256") for salt in (b"", SALT_KEY.encode(), b"None")]
    return {pseudonym(made, CHANNEL, SENDER, label) for made in secrets for label in ("", "count:")}


def test_key_depends_on_salt_and_secret(redis: RedisServer) -> None:
    """The same salt and secret give the same key."""
    key = session_of_sender(sessions_at(redis.url)).key
    assert session_of_sender(sessions_at(redis.url)).key == key
    another = RedisSessionStore(client_factory(redis.url), SECRET[::-1])
    assert session_of_sender(another).key != key
    redis.client.delete(SALT_KEY)
    assert session_of_sender(sessions_at(redis.url)).key != key
    assert key not in keys_without_salt()


def test_commands_contain_no_key_made_without_salt(redis: RedisServer) -> None:
    """From the first message of a process on."""
    with watched(redis) as commands:
        session_of_sender(sessions_at(redis.url))
    assert commands
    assert not [command for command in commands for key in keys_without_salt() if key in command]


# 3. Requests to Redis

TURNS: dict[str, tuple[list[str], str, int]] = {
    "a tag stays": (["POLSKI"], "4", 1),
    "the menu again": (["POLSKI"], "0", 1),
    "the start again": ([ANY_WORD], ANY_WORD, 1),
    "nothing to forget": (["00"], "00", 1),
    "the first word": (["00"], ANY_WORD, 2),
    "a language": (["00"], "POLSKI", 2),
    "another language": (["POLSKI"], "ENGLISH 4", 2),
    "closed": (["POLSKI"], "00", 2),
    "stopped": (["POLSKI"], "STOP", 2),
}


@pytest.mark.parametrize(("before", "text", "most"), TURNS.values(), ids=TURNS)
def test_message_waits_for_redis_at_most_twice(
    before: list[str], text: str, most: int, relay: Relay, library: Library
) -> None:
    """Once where the tag does not change."""
    send = phone(library, sessions_at(relay.url))
    for previous in before:
        send(previous)
    started = relay.turns
    send(text)
    assert 1 <= relay.turns - started <= most


def test_forged_message_does_not_reach_redis(relay: Relay) -> None:
    """Redis gets no command at start-up either."""
    client = create_app(twilio_phone.ENVIRON | redis_environ(relay.url)).test_client()
    forged = twilio_phone.request(twilio_phone.fields("POLSKI"), token="another token")
    assert client.post(**forged).status_code == 403
    assert relay.turns == 0
    client.post(**twilio_phone.request(twilio_phone.fields("POLSKI")))
    assert relay.turns > 0


# 4. One salt for all processes


def common_key(*processes: RedisSessionStore) -> str:
    """Return the key of `SENDER`, which must be the same in all processes."""
    keys = {session_of_sender(process).key for process in processes}
    assert len(keys) == 1
    return keys.pop()


def flush(server: RedisServer) -> None:
    server.client.flushall()


def expire(server: RedisServer) -> None:
    server.client.pexpire(SALT_KEY, 1)
    time.sleep(0.01)


def restart(server: RedisServer) -> None:
    server.stop()
    server.start()


@pytest.mark.parametrize("lose_salt", [flush, expire, restart])
def test_processes_salt_lost_agree_on_new_salt(
    lose_salt: Callable[[RedisServer], None], own_redis: RedisServer
) -> None:
    """No process uses the lost salt, and its tags are not found again."""
    processes = [sessions_at(own_redis.url) for _ in range(3)]
    for rotation in range(3):
        before = common_key(*processes)
        processes[0].save(session_of_sender(processes[0]), "pl")
        assert [session_of_sender(process).tag for process in processes] == ["pl"] * 3
        lose_salt(own_redis)
        # Each process is the first to notice once.
        processes = [*processes[rotation:], *processes[:rotation]]
        after = common_key(*processes, sessions_at(own_redis.url))
        assert after not in ("", before)
        assert session_of_sender(processes[0]).tag is None


def test_processes_started_together_agree_on_salt(redis: RedisServer) -> None:
    """Eight processes meet an empty Redis at the same moment."""
    size = 8
    with ThreadPoolExecutor(size) as pool:
        for _ in range(20):
            redis.client.flushall()
            processes = [sessions_at(redis.url) for _ in range(size)]
            barrier = threading.Barrier(size)

            def load(process: RedisSessionStore, wait: Callable[[], int] = barrier.wait) -> str:
                wait()
                return session_of_sender(process).key

            assert set(pool.map(load, processes)) == {common_key(*processes)}


# 5. Failures of Redis


def assert_not_asked(sessions: RedisSessionStore) -> None:
    """Assert that the breaker is open: Redis gets no command."""
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vars(sessions)["_redis"], "commands", lambda: asked.append("again"))
        for _ in range(20):
            session = session_of_sender(sessions)
            assert not session.is_stored
            sessions.save(session, "pl")
    assert asked == []


@pytest.mark.parametrize("is_first", [True, False], ids=["at first", "later"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_load_redis_fails_returns_unavailable_in_time(
    fault: Fault, is_first: bool, relay: Relay, clock: Clock
) -> None:
    """Sessions are back as soon as Redis is."""
    sessions = sessions_at(relay.url, clock)
    if not is_first:
        assert session_of_sender(sessions).is_stored
    relay.fault = fault
    session, seconds = timed(lambda: session_of_sender(sessions))
    assert session.tag == UNAVAILABLE.tag
    assert not session.is_stored  # its tag is unknown, so it must not be written
    assert seconds < MAX_SECONDS
    assert_not_asked(sessions)
    relay.fault = None
    wait_until(lambda: recovered(sessions, clock))
    assert sessions.status() == "up"


@pytest.mark.parametrize("tag", ["ar", None], ids=["change", "forget"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_save_redis_fails_does_not_restore_old_tag(
    fault: Fault, tag: str | None, relay: Relay, clock: Clock
) -> None:
    """The old tag is not used after a save that reported a failure."""
    sessions = sessions_at(relay.url, clock)
    sessions.save(session_of_sender(sessions), "pl")
    session = session_of_sender(sessions)
    relay.fault = fault
    is_saved, seconds = timed(lambda: sessions.save(session, tag))
    assert seconds < MAX_SECONDS
    relay.fault = None
    wait_until(lambda: recovered(sessions, clock))
    # A Redis that falsely reports success is believed.
    assert session_of_sender(sessions).tag in ((tag, None, "pl") if is_saved else (tag, None))


@contextmanager
def refusing() -> Iterator[str]:
    """Yield the URL of a port on which nothing listens."""
    yield f"redis://127.0.0.1:{free_port()}/0"


@contextmanager
def with_full_backlog() -> Iterator[str]:
    """Yield the URL of a listener with a full backlog: connections get no reply."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield "redis://127.0.0.1:{1}/0".format(*listener.getsockname())


@contextmanager
def with_unresolved_name() -> Iterator[str]:
    """Yield a URL whose host name the resolver fails to resolve after a second."""

    def lookup(*_: object, **__: object) -> list[object]:
        time.sleep(1)
        raise socket.gaierror

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lookup)
        yield "redis://redis.example.org:6379/0"


@pytest.mark.parametrize("redis_at", [refusing, with_full_backlog, with_unresolved_name])
def test_load_redis_unreachable_returns_in_time(
    redis_at: Callable[[], AbstractContextManager[str]], clock: Clock
) -> None:
    """Each attempt is short."""
    with redis_at() as url:
        sessions = sessions_at(url, clock)
        for _ in range(3):
            session, seconds = timed(lambda: session_of_sender(sessions))
            assert not session.is_stored
            # Our timeout does not apply to the resolver; the breaker avoids its cost for a while.
            assert seconds < (1.5 if redis_at is with_unresolved_name else MAX_SECONDS)
            assert_not_asked(sessions)
            clock.now += 10 * max(RECOVERY, seconds)


def test_load_redis_hangs_recovers_in_real_time(own_redis: RedisServer) -> None:
    """A Redis that hangs is not asked, and used again within five seconds."""
    sessions = sessions_at(own_redis.url)
    # One connection per thread: each of them hangs.
    with ThreadPoolExecutor(16) as pool:
        assert all(
            one.is_stored for one in pool.map(lambda _: session_of_sender(sessions), range(200))
        )
        hang(own_redis)
        session, seconds = timed(lambda: session_of_sender(sessions))
        assert not session.is_stored
        assert seconds < MAX_SECONDS
        assert_not_asked(sessions)
        go_on(own_redis)
        wait_until(lambda: session_of_sender(sessions).is_stored)
        assert all(
            one.is_stored for one in pool.map(lambda _: session_of_sender(sessions), range(200))
        )


def test_breaker_half_open_lets_one_request_through(relay: Relay, clock: Clock) -> None:
    """One message waits for a Redis that hangs, however many arrive."""
    sessions = sessions_at(relay.url, clock)
    relay.fault = FAULTS["silent"]
    assert not session_of_sender(sessions).is_stored
    with ThreadPoolExecutor(16) as pool:
        for turns_before in (1, 2):
            assert relay.turns == turns_before
            clock.now += RECOVERY
            assert not any(
                one.is_stored for one in pool.map(lambda _: session_of_sender(sessions), range(64))
            )
        assert relay.turns == 3
        relay.fault = None
        wait_until(lambda: recovered(sessions, clock))
        wait_until(lambda: all(pool.map(lambda _: recovered(sessions, clock), range(64))))


def recovered(sessions: RedisSessionStore, clock: Clock) -> bool:
    """Let the pause pass and return whether Redis is used again."""
    clock.now += RECOVERY
    return session_of_sender(sessions).is_stored


@pytest.mark.parametrize(("cost", "pause"), [(0.0, 1.0), (0.125, 1.0), (1.0, 5.0), (3.0, 15.0)])
def test_breaker_pause_depends_on_cost_of_failure(
    cost: float, pause: float, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second, or five times the duration of the failed attempt."""
    monkeypatch.setattr(redis_connection, "time", SimpleNamespace(monotonic=clock))
    tries = []

    def connect() -> None:
        tries.append(clock.now)
        clock.now += cost
        raise OSError

    sessions = RedisSessionStore(connect, SECRET, clock)
    for number in (1, 2):
        assert not session_of_sender(sessions).is_stored
        assert len(tries) == number
        clock.now += pause - 0.125
        assert not session_of_sender(sessions).is_stored
        assert len(tries) == number
        clock.now += 0.125


@pytest.mark.parametrize("before", [ANY_WORD, "ENGLISH"])
@pytest.mark.parametrize("meanwhile", ["POLSKI", "POLSKI 4", "00"])
def test_language_changed_while_redis_down_is_not_restored(
    before: str, meanwhile: str, relay: Relay, clock: Clock, library: Library
) -> None:
    """Once Redis is back, a code gets the start screen, which asks for a language."""
    send = phone(library, sessions_at(relay.url, clock))
    send(before)
    relay.fault = FAULTS["silent"]
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
    relay.fault = FAULTS["silent"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
    assert send("4") == screen(library, "4", TUESDAY)


def test_breaker_closed_lets_requests_through_in_parallel(clock: Clock) -> None:
    """While one message waits for Redis, another may ask it too."""
    tries = []

    def connect() -> None:
        tries.append(clock.now)
        if len(tries) == 1:
            session_of_sender(sessions)  # another message arrives
        raise OSError

    sessions = RedisSessionStore(connect, SECRET, clock)
    session_of_sender(sessions)
    assert len(tries) == 2


def test_load_redis_silent_is_not_retried(relay: Relay, clock: Clock) -> None:
    """A retry would double the time that the sender waits."""
    sessions = sessions_at(relay.url, clock)
    wait_until(lambda: recovered(sessions, clock))
    relay.fault = FAULTS["silent"]
    asked = relay.turns
    assert not session_of_sender(sessions).is_stored
    wait_until(lambda: relay.turns > asked)
    assert relay.turns == asked + 1


def test_breaker_late_success_does_not_close_it(clock: Clock) -> None:
    """Only a command sent after the failure ends the pause."""
    breaker = Breaker(clock)
    before = breaker.failures
    breaker.record_failure(0.1)
    breaker.record_success(before)
    assert not breaker.allows_request()
    clock.now += 1
    assert [breaker.allows_request() for _ in range(3)] == [True, False, False]
    breaker.record_success(breaker.failures)
    assert [breaker.allows_request() for _ in range(3)] == [True, True, True]
    breaker.record_failure(1)
    clock.now += 4.9
    assert not breaker.allows_request()
    clock.now += 0.2
    assert breaker.allows_request()


def test_failures_leave_no_connection_open(relay: Relay, clock: Clock) -> None:
    """However often Redis fails and recovers."""
    sessions = sessions_at(relay.url, clock)

    def recovers() -> bool:
        clock.now += RECOVERY
        return session_of_sender(sessions).is_stored

    def fail_often() -> int:
        for name in ("closed", "cut and closed", "full", "no protocol"):
            relay.fault = None
            wait_until(recovers)  # on a busy machine Redis may take more than 0.2 s
            relay.fault = FAULTS[name]
            assert not session_of_sender(sessions).is_stored
        return len(os.listdir("/proc/self/fd"))

    first = fail_often()
    assert max(fail_often() for _ in range(10)) < first + 8


@pytest.mark.parametrize("degrade", DEGRADED.values(), ids=DEGRADED)
def test_menu_degraded_redis_has_language_word(
    degrade: Callable[[RedisServer], object], own_redis: RedisServer, library: Library
) -> None:
    """Codes with the language word work without a session."""
    # The process knows the salt already, so that reads fail in some states and writes in others.
    sessions = sessions_at(own_redis.url)
    assert session_of_sender(sessions).is_stored
    degrade(own_redis)
    send = phone(library, sessions)
    word = library.editions["pl"].language.word
    assert f"\n{word} 4 " in send(word)
    assert send(f"{word} 4") == screen(library, "4", TUESDAY, has_memory=False)


# 6. The forms of REDIS_URL

Address = tuple[str, RedisServer]
PASSWORD = "p@ss:w/rd"  # characters that a URL must percent-encode
QUOTED = "p%40ss%3Aw%2Frd"
SERVICE = "line"


@contextmanager
def started(*servers: RedisServer) -> Iterator[None]:
    """Run servers until the block ends."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        yield


@contextmanager
def by_port(folder: Path) -> Iterator[Address]:
    server = RedisServer(folder)
    with started(server):
        server.client.config_set("requirepass", PASSWORD)
        yield f"redis://:{QUOTED}@127.0.0.1:{server.port}/3", server


@contextmanager
def by_file(folder: Path) -> Iterator[Address]:
    path = folder / "redis.sock"
    server = RedisServer(folder, "--unixsocket", str(path))
    with started(server):
        yield f"unix://{path}", server


class SentinelServer(RedisServer):
    """A Sentinel that watches one Redis."""

    def __init__(self, folder: Path, watched: RedisServer) -> None:
        super().__init__(folder)
        configuration = folder / "sentinel.conf"
        configuration.write_text(
            f"sentinel monitor {SERVICE} 127.0.0.1 {watched.port} 1\n"
            f"sentinel auth-pass {SERVICE} {PASSWORD}\n"
        )
        binary, *options = self._command
        self._command = [binary, str(configuration), "--sentinel", *options]


@contextmanager
def by_sentinel(folder: Path) -> Iterator[Address]:
    server = RedisServer(folder)
    sentinel = SentinelServer(folder, server)
    with started(server, sentinel):
        server.client.config_set("requirepass", PASSWORD)
        hosts = f"127.0.0.1:{free_port()},127.0.0.1:{sentinel.port}"
        yield f"redis+sentinel://:{QUOTED}@{hosts}/{SERVICE}", server


@contextmanager
def by_cluster(folder: Path) -> Iterator[Address]:
    # Without --cluster-port it is the port plus 10,000, which may exceed 65535.
    options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    server = RedisServer(folder, *options, "--cluster-announce-ip", "127.0.0.1")
    with started(server):
        server.client.cluster("addslotsrange", 0, 16383)
        wait_until(lambda: "ok" in server.client.cluster("info").values())
        yield f"redis+cluster://127.0.0.1:{server.port}", server


@pytest.fixture(scope="module", params=[by_port, by_file, by_sentinel, by_cluster])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """A URL of each form, and the Redis behind it."""
    with request.param(tmp_path_factory.mktemp("address")) as made:
        yield made


def test_redis_url_of_each_form_keeps_sessions(address: Address, library: Library) -> None:
    """Conversations of twenty senders work from the first text on."""
    url, server = address
    language = library.editions["pl"].language
    senders = [f"+4790{number:06}" for number in range(20)]
    send = phone(library, sessions_at(url))
    _, seconds = timed(lambda: send(ANY_WORD))
    assert seconds < MAX_SECONDS
    for sender in senders:
        send(ANY_WORD, sender)
        send(language.number, sender)
    for sender in senders:
        assert send("4", sender) == screen(library, "4", TUESDAY)
    if "cluster" in url:
        keys = server.client.keys()
        assert len(keys) > len(senders)
        assert len({server.client.cluster("keyslot", key) for key in keys}) == 1
    for sender in senders:
        send("00", sender)
        assert send("4", sender) == library.start


def test_redis_url_of_each_form_hang_is_short(address: Address, clock: Clock) -> None:
    """A Redis that hangs times out, and is used again afterwards."""
    url, server = address
    sessions = sessions_at(url, clock)
    assert session_of_sender(sessions).is_stored
    assert sessions.status() == "up"
    hang(server)
    session, seconds = timed(lambda: session_of_sender(sessions))
    go_on(server)
    assert not session.is_stored
    wait_until(lambda: recovered(sessions, clock))
    # redis-py asks the nodes of a cluster again before it raises.
    assert seconds < (2 * MAX_SECONDS if "cluster" in url else MAX_SECONDS)


def test_redis_url_rediss_uses_tls() -> None:
    pool = client_factory("rediss://:secret@redis.example:6380/0")().connection_pool
    assert issubclass(pool.connection_class, redis.SSLConnection)
    assert pool.connection_kwargs["host"] == "redis.example"
    assert pool.connection_kwargs.get("ssl_cert_reqs", "required") == "required"


def test_redis_url_timeout_option_is_ignored() -> None:
    options = client_factory(
        "redis://127.0.0.1/0?socket_timeout=9"
    )().connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.2, 0.2)
