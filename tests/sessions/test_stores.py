"""Who is this, and what was the tag: alike in memory and in Redis, never raised, never more."""

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
IN_TIME = 1.9  # seconds: what comes after two is not waited for; redis-py would, for four

Made = TypeVar("Made")


def session_of_sender(sessions: SessionStore) -> Session:
    """Return what is remembered of her."""
    return sessions.load(CHANNEL, SENDER)


def sessions_at(url: str, clock: Callable[[], float] = time.monotonic) -> RedisSessionStore:
    """Return what one process would have."""
    return RedisSessionStore(client_factory(url), SECRET, clock)


def timed(call: Callable[[], Made]) -> tuple[Made, float]:
    """Return a result and how many seconds it took."""
    begun = time.perf_counter()
    return call(), time.perf_counter() - begun


# 1. Memory and Redis are alike


Wait = Callable[[int], None]


@pytest.fixture(params=["memory", "redis"])
def kept(
    request: pytest.FixtureRequest, redis: RedisServer, clock: Clock
) -> tuple[SessionStore, Wait]:
    """Sessions of either kind, and what lets time pass for them."""
    if request.param == "redis":
        return sessions_at(redis.url), lambda seconds: age(redis, seconds)

    def wait(seconds: int) -> None:
        clock.now += seconds

    return MemorySessionStore(clock), wait


PEOPLE = {
    "she": (CHANNEL, SENDER),
    "she too": (CHANNEL, SENDER),
    "her neighbour": (CHANNEL, "+4790000002"),
    "she by voice": ("twilio_voice", SENDER),
    "nobody": (CHANNEL, ""),
    "no text": (CHANNEL, "\ud800\0\n"),
    "long": (CHANNEL, "9" * 10_000),
}

# Each step: who is loaded and has which tag; or who is saved with which; or how long nobody writes.
Step = tuple[str, str, str | None] | int
KNOWN: list[Step] = [("load", "she", None), ("save", "she", "pl")]
STEPS: dict[str, list[Step]] = {
    "nothing known": [("load", "she", None), ("load", "she", None)],
    "saved": [*KNOWN, ("load", "she", "pl")],
    "changed": [*KNOWN, ("load", "she", "pl"), ("save", "she", "?"), ("load", "she", "?")],
    "forgotten": [*KNOWN, ("load", "she", "pl"), ("save", "she", None), ("load", "she", None)],
    "nothing forgotten": [("load", "she", None), ("save", "she", None), ("load", "she", None)],
    "unchanged": [*KNOWN, ("load", "she", "pl"), ("save", "she", "pl"), ("load", "she", "pl")],
    "back again": [
        *(*KNOWN, ("load", "she", "pl"), ("save", "she", None)),
        *(*KNOWN, ("load", "she", "pl")),
    ],
    "alive before ten minutes": [*KNOWN, TEN_MINUTES - 1, ("load", "she", "pl")],
    "gone after ten minutes": [*KNOWN, TEN_MINUTES, ("load", "she", None)],
    "alive since the last message": [
        *KNOWN,
        *(step for _ in range(3) for step in (TEN_MINUTES - 1, ("load", "she", "pl"))),
        *(TEN_MINUTES, ("load", "she", None)),
    ],
    "alive since the last change": [
        *(*KNOWN, TEN_MINUTES - 1, ("load", "she", "pl"), ("save", "she", "ar")),
        *(TEN_MINUTES - 1, ("load", "she", "ar"), TEN_MINUTES, ("load", "she", None)),
    ],
    "others keep nothing alive": [
        *(*KNOWN, TEN_MINUTES - 1),
        *(("load", "her neighbour", None), ("save", "her neighbour", "ar")),
        *(1, ("load", "she", None), ("load", "her neighbour", "ar")),
    ],
    "two people": [
        *(*KNOWN, ("load", "her neighbour", None), ("save", "her neighbour", "ar")),
        *(("load", "she", "pl"), ("save", "she", None), ("load", "her neighbour", "ar")),
    ],
    "two channels": [*KNOWN, ("load", "she by voice", None), ("load", "she", "pl")],
    "a day later": [*KNOWN, DAY, ("load", "she", None), *KNOWN, ("load", "she", "pl")],
    "odd senders": [
        step
        for who in ("nobody", "no text", "long")
        for step in (("load", who, None), ("save", who, "pl"), ("load", who, "pl"))
    ],
    # Two messages at once: `4`, which changes nothing, is answered while `00` forgets.
    "forgotten meanwhile": [
        *(*KNOWN, ("load", "she", "pl"), ("load", "she too", "pl"), ("save", "she too", None)),
        *(("save", "she", "pl"), ("load", "she", None)),
    ],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_memory_and_redis_are_alike(steps: list[Step], kept: tuple[SessionStore, Wait]) -> None:
    """The same steps find the same tags, wherever they are kept."""
    sessions, wait = kept
    loaded = {}
    for step in steps:
        match step:
            case "load", who, tag:
                loaded[who] = sessions.load(*PEOPLE[who])
                assert (loaded[who].tag, loaded[who].is_stored) == (tag, True), step
            case "save", who, tag:
                assert sessions.save(loaded[who], tag), step
            case int(seconds):
                wait(seconds)


@pytest.mark.parametrize(
    ("url", "state"),
    [("", "memory"), ("up", "up"), ("redis://127.0.0.1:1/0", "down")],
    ids=["memory", "up", "down"],
)
def test_state_says_where_tags_are(url: str, state: str, redis: RedisServer) -> None:
    """Health can tell memory, a Redis that answers and one that does not."""
    url = redis.url if url == "up" else url
    sessions = sessions_at(url) if url else MemorySessionStore()
    assert sessions.status() == state


def test_memory_is_bounded(clock: Clock) -> None:
    """When there are too many people, those who wrote last are remembered."""
    sessions = MemorySessionStore(clock, max_entries=10)
    senders = [f"+47{number}" for number in range(90_000_000, 90_000_100)]
    for sender in senders:
        sessions.save(sessions.load(CHANNEL, sender), "pl")
    known = [sender for sender in senders if sessions.load(CHANNEL, sender).tag]
    assert known == senders[-10:]


def test_memory_lets_go_of_what_is_old(clock: Clock) -> None:
    """A tag that is remembered no more is not held either, once anybody has chosen a language."""
    sessions = MemorySessionStore(clock)
    sessions.save(session_of_sender(sessions), "pl")
    clock.now += 1
    sessions.save(sessions.load(CHANNEL, "+4790000002"), "ro")
    clock.now += TEN_MINUTES
    sessions.save(sessions.load(CHANNEL, "+4790000003"), "ar")
    assert [tag for tag, _ in vars(sessions)["_tags"].values()] == ["ar"]


def test_memory_holds_no_number_and_differs_by_process() -> None:
    """In memory too there are only pseudonyms, made with a key that no other process has."""
    sessions, other = MemorySessionStore(), MemorySessionStore()
    session = session_of_sender(sessions)
    sessions.save(session, "pl")
    assert "'pl'" in repr(vars(sessions))
    assert not leaks(repr(vars(sessions)).encode(), {SENDER})
    assert KEY.fullmatch(session.key)
    assert session_of_sender(other).key != session.key
    assert session.key not in repr(session)


# 2. Redis holds nothing useful

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


def assert_holds_nothing(server: RedisServer, sender: str, tags: set[str]) -> None:
    """Assert that a Redis holds the salt and no number of anybody.

    What is of a person is a tag, or how many messages were answered, gone in ten minutes.
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
    """All that may be remembered of a conversation."""
    return {"?", *library.editions}


def test_redis_holds_nothing_but_tags(redis: RedisServer, library: Library, tags: set[str]) -> None:
    """After every message of long conversations of many people only tags and counts are there."""
    send = phone(library, sessions_at(redis.url))
    most = 0
    for text in WALK:
        for sender in SENDERS:
            send(text, sender)
            assert_holds_nothing(redis, sender, tags)
            most = max(most, redis.client.dbsize())
    assert most == 2 * len(SENDERS) + 3, "the test saw nothing kept"


@pytest.mark.parametrize("text", ["00", "STOP"])
def test_who_leaves_leaves_nothing(text: str, redis: RedisServer, library: Library) -> None:
    """After the last word there is nothing of what she said: that she wrote, for ten minutes.

    A robot could else send the word again and again, and be answered each time.
    """
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
    "no tag": (f"{PREFIX}{'0' * 32}", "41", TEN_MINUTES),
    "kept for ever": (f"{PREFIX}{'0' * 32}", "pl", None),
    "kept too long": (f"{PREFIX}{'0' * 32}", "pl", TEN_MINUTES + 5),
    "the number as key of a count": (f"{PREFIX}count:{SENDER}", "1", TEN_MINUTES),
    "a hash as key of a count": (f"{PREFIX}count:{HASHED}", "1", TEN_MINUTES),
    "a tag for a count": (f"{PREFIX}count:{'0' * 32}", "pl", TEN_MINUTES),
    "a text for a count": (f"{PREFIX}count:{'0' * 32}", "112", TEN_MINUTES),
    "a count for ever": (f"{PREFIX}count:{'0' * 32}", "1", None),
    "a count kept too long": (f"{PREFIX}count:{'0' * 32}", "1", TEN_MINUTES + 5),
    "the hour for ever": (f"{WINDOW_KEYS[0]}1795734000", "1", None),
    "a number for the hour": (f"{WINDOW_KEYS[0]}1795734000", SENDER, HOUR),
    "the hour kept too long": (f"{WINDOW_KEYS[0]}1795734000", "1", HOUR + 5),
    "a number for a key of the reserve": (f"{WINDOW_KEYS[2]}{SENDER}", "1", HOUR),
    "another key": ("rights-line:last", "pl", TEN_MINUTES),
    "the salt for ever": (SALT_KEY, "0" * 64, None),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_what_is_planted_is_found(
    planted: tuple[str, str, int | None], redis: RedisServer, tags: set[str]
) -> None:
    """The search of the test above finds each kind of thing that must not be there."""
    session_of_sender(sessions_at(redis.url))
    assert_holds_nothing(redis, SENDER, tags)
    key, value, life = planted
    redis.client.set(key, value, ex=life)
    with pytest.raises(AssertionError):
        assert_holds_nothing(redis, SENDER, tags)


@contextmanager
def watched(server: RedisServer) -> Iterator[list[str]]:
    """Yield a list which afterwards has every command that the Redis ran."""
    commands: list[str] = []
    with server.client.monitor() as monitor:  # type: ignore[no-untyped-call]
        yield commands
        server.client.echo("that is all")
        for command in monitor.listen():
            if "that is all" in command["command"]:
                return
            commands.append(command["command"])


def test_commands_name_nobody(redis: RedisServer, library: Library, tags: set[str]) -> None:
    """Who watches Redis at work sees these commands only, and no number in them."""
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


# What the script says is known; what it does is in MONITOR, line by line.
SCRIPT = r"\\nlocal salt = redis\.call.*' '\)}\\n"


def guesses() -> set[str]:
    """Return the keys that can be computed from the number and the operator's secret."""
    secret = SECRET.encode()
    secrets = [b"", secret, hashlib.sha256(secret).digest()]
    secrets += [hmac.digest(secret, salt, "sha256") for salt in (b"", SALT_KEY.encode(), b"None")]
    return {pseudonym(made, CHANNEL, SENDER, label) for made in secrets for label in ("", "count:")}


def test_a_key_needs_the_salt_and_the_secret(redis: RedisServer) -> None:
    """A key is the same for whoever has both, and cannot be had with one of them."""
    key = session_of_sender(sessions_at(redis.url)).key
    assert session_of_sender(sessions_at(redis.url)).key == key
    another = RedisSessionStore(client_factory(redis.url), SECRET[::-1])
    assert session_of_sender(another).key != key
    redis.client.delete(SALT_KEY)
    assert session_of_sender(sessions_at(redis.url)).key != key
    assert key not in guesses()


def test_no_command_names_a_key_made_without_the_salt(redis: RedisServer) -> None:
    """From its first message on, a process asks Redis for no key that the secret alone gives."""
    with watched(redis) as commands:
        session_of_sender(sessions_at(redis.url))
    assert commands
    assert not [command for command in commands for key in guesses() if key in command]


# 3. How often Redis is waited for

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
def test_turns(before: list[str], text: str, most: int, relay: Relay, library: Library) -> None:
    """A message waits for Redis twice at most, and once where nothing changes."""
    send = phone(library, sessions_at(relay.url))
    for earlier in before:
        send(earlier)
    begun = relay.turns
    send(text)
    assert 1 <= relay.turns - begun <= most


def test_a_forged_message_never_reaches_redis(relay: Relay) -> None:
    """Nothing is asked of Redis at start-up, nor for a message that nobody signed."""
    client = create_app(twilio_phone.ENVIRON | redis_environ(relay.url)).test_client()
    forged = twilio_phone.request(twilio_phone.fields("POLSKI"), token="another token")
    assert client.post(**forged).status_code == 403
    assert relay.turns == 0
    client.post(**twilio_phone.request(twilio_phone.fields("POLSKI")))
    assert relay.turns > 0


# 4. One salt for all processes


def agreed(*processes: RedisSessionStore) -> str:
    """Return the key that processes have for her, which is one."""
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


@pytest.mark.parametrize("loses_the_salt", [flush, expire, restart])
def test_processes_agree_on_a_new_salt(
    loses_the_salt: Callable[[RedisServer], None], own_redis: RedisServer
) -> None:
    """When the salt is gone nobody goes on with it, and what was known is known no more."""
    processes = [sessions_at(own_redis.url) for _ in range(3)]
    for rotation in range(3):
        before = agreed(*processes)
        processes[0].save(session_of_sender(processes[0]), "pl")
        assert [session_of_sender(process).tag for process in processes] == ["pl"] * 3
        loses_the_salt(own_redis)
        # Each of them is the first to notice once.
        processes = [*processes[rotation:], *processes[:rotation]]
        after = agreed(*processes, sessions_at(own_redis.url))
        assert after not in ("", before)
        assert session_of_sender(processes[0]).tag is None


def test_processes_that_start_at_once_agree(redis: RedisServer) -> None:
    """However many processes meet an empty Redis at one moment, all use one salt."""
    crowd = 8
    with ThreadPoolExecutor(crowd) as pool:
        for _ in range(20):
            redis.client.flushall()
            processes = [sessions_at(redis.url) for _ in range(crowd)]
            together = threading.Barrier(crowd)

            def load(process: RedisSessionStore, wait: Callable[[], int] = together.wait) -> str:
                wait()
                return session_of_sender(process).key

            assert set(pool.map(load, processes)) == {agreed(*processes)}


# 5. Whatever Redis does


def assert_left_alone(sessions: RedisSessionStore) -> None:
    """Assert that for now Redis is not asked."""
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vars(sessions)["_redis"], "commands", lambda: asked.append("again"))
        for _ in range(20):
            session = session_of_sender(sessions)
            assert not session.is_stored
            sessions.save(session, "pl")
    assert asked == []


@pytest.mark.parametrize("is_new", [True, False], ids=["at first", "later"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_load_that_fails(fault: Fault, is_new: bool, relay: Relay, clock: Clock) -> None:
    """She gets an answer in time and without memory; memory is there again when Redis is."""
    sessions = sessions_at(relay.url, clock)
    if not is_new:
        assert session_of_sender(sessions).is_stored
    relay.fault = fault
    session, seconds = timed(lambda: session_of_sender(sessions))
    assert session.tag == UNAVAILABLE.tag
    assert not session.is_stored  # a key that nothing is known of must not be written to
    assert seconds < IN_TIME
    assert_left_alone(sessions)
    relay.fault = None
    wait_until(lambda: recovered(sessions, clock))
    assert sessions.status() == "up"


@pytest.mark.parametrize("tag", ["ar", None], ids=["change", "forget"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_save_that_fails(fault: Fault, tag: str | None, relay: Relay, clock: Clock) -> None:
    """What cannot be kept costs nobody an answer, and what it was before is not taken for it."""
    sessions = sessions_at(relay.url, clock)
    sessions.save(session_of_sender(sessions), "pl")
    session = session_of_sender(sessions)
    relay.fault = fault
    is_kept, seconds = timed(lambda: sessions.save(session, tag))
    assert seconds < IN_TIME
    relay.fault = None
    wait_until(lambda: recovered(sessions, clock))
    # What says that it did what it was told, and did not, is believed.
    assert session_of_sender(sessions).tag in ((tag, None, "pl") if is_kept else (tag, None))


@contextmanager
def refused() -> Iterator[str]:
    """Nobody listens."""
    yield f"redis://127.0.0.1:{free_port()}/0"


@contextmanager
def unaccepted() -> Iterator[str]:
    """Somebody listens whose queue is full: what connects gets no answer at all."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield "redis://127.0.0.1:{1}/0".format(*listener.getsockname())


@contextmanager
def unresolved() -> Iterator[str]:
    """Its name is looked up in vain, for as long as a resolver takes whose server is away."""

    def lookup(*_: object, **__: object) -> list[object]:
        time.sleep(1)
        raise socket.gaierror

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lookup)
        yield "redis://redis.example.org:6379/0"


@pytest.mark.parametrize("nobody", [refused, unaccepted, unresolved])
def test_a_redis_that_cannot_be_reached(
    nobody: Callable[[], AbstractContextManager[str]], clock: Clock
) -> None:
    """A Redis that was never there costs little, each time it is tried."""
    with nobody() as url:
        sessions = sessions_at(url, clock)
        for _ in range(3):
            session, seconds = timed(lambda: session_of_sender(sessions))
            assert not session.is_stored
            # A resolver has no time-out of ours; what it costs is not paid again for a while.
            assert seconds < (1.5 if nobody is unresolved else IN_TIME)
            assert_left_alone(sessions)
            clock.now += 10 * max(RECOVERY, seconds)


def test_a_redis_that_hangs_on_a_real_clock(own_redis: RedisServer) -> None:
    """A Redis that hangs is left alone, and used again within five seconds."""
    sessions = sessions_at(own_redis.url)
    # As many connections as threads: each of them hangs.
    with ThreadPoolExecutor(16) as pool:
        assert all(
            one.is_stored for one in pool.map(lambda _: session_of_sender(sessions), range(200))
        )
        hang(own_redis)
        session, seconds = timed(lambda: session_of_sender(sessions))
        assert not session.is_stored
        assert seconds < IN_TIME
        assert_left_alone(sessions)
        go_on(own_redis)
        wait_until(lambda: session_of_sender(sessions).is_stored)
        assert all(
            one.is_stored for one in pool.map(lambda _: session_of_sender(sessions), range(200))
        )


def test_one_finds_out_whether_redis_is_back(relay: Relay, clock: Clock) -> None:
    """When a Redis that hangs is tried again, one person waits for it, however many write."""
    sessions = sessions_at(relay.url, clock)
    relay.fault = FAULTS["silent"]
    assert not session_of_sender(sessions).is_stored
    with ThreadPoolExecutor(16) as pool:
        for had in (1, 2):
            assert relay.turns == had
            clock.now += RECOVERY
            assert not any(
                one.is_stored for one in pool.map(lambda _: session_of_sender(sessions), range(64))
            )
        assert relay.turns == 3
        relay.fault = None
        wait_until(lambda: recovered(sessions, clock))
        wait_until(lambda: all(pool.map(lambda _: recovered(sessions, clock), range(64))))


def recovered(sessions: RedisSessionStore, clock: Clock) -> bool:
    """Tell whether Redis is used, after a while: one that is slow to answer is tried again."""
    clock.now += RECOVERY
    return session_of_sender(sessions).is_stored


@pytest.mark.parametrize(("cost", "pause"), [(0.0, 1.0), (0.125, 1.0), (1.0, 5.0), (3.0, 15.0)])
def test_how_long_a_redis_that_failed_is_left_alone(
    cost: float, pause: float, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a second, or for five times what it cost to find out."""
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
def test_what_was_said_while_redis_was_away_counts(
    before: str, meanwhile: str, relay: Relay, clock: Clock, library: Library
) -> None:
    """Once Redis is back, the old language is not used, nor any after the sender ended it.

    Nor does a number choose a language, as it did before one was chosen.
    """
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
def test_who_chose_nothing_meanwhile_goes_on(
    meanwhile: str, relay: Relay, clock: Clock, library: Library
) -> None:
    """A code that Redis missed is sent again, and answered in her language.

    So does everybody else: neither a helpline's number nor a machine's text chooses anything.
    """
    send = phone(library, sessions_at(relay.url, clock))
    send("POLSKI")
    relay.fault = FAULTS["silent"]
    send(meanwhile)
    relay.fault = None
    clock.now += RECOVERY
    assert send("4") == screen(library, "4", TUESDAY)


def test_at_first_nobody_is_put_off(clock: Clock) -> None:
    """While one waits for a Redis that has not failed, another may ask it too."""
    tries = []

    def connect() -> None:
        tries.append(clock.now)
        if len(tries) == 1:
            session_of_sender(sessions)  # somebody else writes
        raise OSError

    sessions = RedisSessionStore(connect, SECRET, clock)
    session_of_sender(sessions)
    assert len(tries) == 2


def test_redis_is_asked_once(relay: Relay, clock: Clock) -> None:
    """A client that tries again has her wait for it each time."""
    sessions = sessions_at(relay.url, clock)
    wait_until(lambda: recovered(sessions, clock))
    relay.fault = FAULTS["silent"]
    asked = relay.turns
    assert not session_of_sender(sessions).is_stored
    wait_until(lambda: relay.turns > asked)
    assert relay.turns == asked + 1


def test_an_answer_from_before_a_failure_proves_nothing(clock: Clock) -> None:
    """Only what was asked since then ends the pause, which is longer after a failure that was."""
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


def test_failures_leave_nothing_open(relay: Relay, clock: Clock) -> None:
    """However often Redis fails and recovers, no connection is left behind."""
    sessions = sessions_at(relay.url, clock)

    def recovers() -> bool:
        clock.now += RECOVERY
        return session_of_sender(sessions).is_stored

    def fail() -> int:
        for name in ("closed", "cut and closed", "full", "no protocol"):
            relay.fault = None
            wait_until(recovers)  # at once, but where a busy machine takes more than 0.2 s
            relay.fault = FAULTS[name]
            assert not session_of_sender(sessions).is_stored
        return len(os.listdir("/proc/self/fd"))

    first = fail()
    assert max(fail() for _ in range(10)) < first + 8


@pytest.mark.parametrize("degrade", DEGRADED.values(), ids=DEGRADED)
def test_a_menu_promises_what_redis_can_keep(
    degrade: Callable[[RedisServer], object], own_redis: RedisServer, library: Library
) -> None:
    """Where her language is not kept, the menu has codes with its word, and these work."""
    # Of a process that knows the salt: what fails is then reading in one row, keeping in another.
    sessions = sessions_at(own_redis.url)
    assert session_of_sender(sessions).is_stored
    degrade(own_redis)
    send = phone(library, sessions)
    word = library.editions["pl"].language.word
    assert f"\n{word} 4 " in send(word)
    assert send(f"{word} 4") == screen(library, "4", TUESDAY, has_memory=False)


# 6. The forms of REDIS_URL

Address = tuple[str, RedisServer]
PASSWORD = "p@ss:w/rd"  # what must be percent-encoded in an address
QUOTED = "p%40ss%3Aw%2Frd"
SERVICE = "line"


@contextmanager
def started(*servers: RedisServer) -> Iterator[None]:
    """Start servers, and stop them again."""
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
    """Watches over a Redis."""

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
    # Without --cluster-port it is the port and 10,000, which may be too much.
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
    """An address of each form, and the Redis behind it."""
    with request.param(tmp_path_factory.mktemp("address")) as made:
        yield made


def test_an_address_leads_to_a_memory(address: Address, library: Library) -> None:
    """With each form of REDIS_URL the conversations of many people work from the first text on."""
    url, server = address
    language = library.editions["pl"].language
    people = [f"+4790{number:06}" for number in range(20)]
    send = phone(library, sessions_at(url))
    _, seconds = timed(lambda: send(ANY_WORD))
    assert seconds < IN_TIME
    for person in people:
        send(ANY_WORD, person)
        send(language.number, person)
    for person in people:
        assert send("4", person) == screen(library, "4", TUESDAY)
    if "cluster" in url:
        keys = server.client.keys()
        assert len(keys) > len(people)
        assert len({server.client.cluster("keyslot", key) for key in keys}) == 1
    for person in people:
        send("00", person)
        assert send("4", person) == library.start


def test_a_hang_is_short_with_each_address(address: Address, clock: Clock) -> None:
    """However Redis is found, one that hangs is given up in time and used again."""
    url, server = address
    sessions = sessions_at(url, clock)
    assert session_of_sender(sessions).is_stored
    assert sessions.status() == "up"
    hang(server)
    session, seconds = timed(lambda: session_of_sender(sessions))
    go_on(server)
    assert not session.is_stored
    wait_until(lambda: recovered(sessions, clock))
    # redis-py asks the nodes of a cluster again before it gives up
    assert seconds < (2 * IN_TIME if "cluster" in url else IN_TIME)


def test_an_address_with_tls_is_opened_with_tls() -> None:
    """What asks for encryption never goes without."""
    pool = client_factory("rediss://:secret@redis.example:6380/0")().connection_pool
    assert issubclass(pool.connection_class, redis.SSLConnection)
    assert pool.connection_kwargs["host"] == "redis.example"
    assert pool.connection_kwargs.get("ssl_cert_reqs", "required") == "required"


def test_an_address_is_given_up_after_a_fifth_of_a_second() -> None:
    """Whatever it says of that itself."""
    options = client_factory(
        "redis://127.0.0.1/0?socket_timeout=9"
    )().connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.2, 0.2)
