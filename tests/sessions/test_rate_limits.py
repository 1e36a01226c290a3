"""Rate limits per sender, per hour and per day, in memory and in Redis."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from rights_line.core.library import Library
from rights_line.core.limits import (
    EMERGENCY_LIMIT,
    EMERGENCY_SHORT_EVERY,
    SENDER_LIMIT,
    SENDER_WINDOW,
    Allowance,
    Limits,
)
from rights_line.core.understanding.words.vocabulary import Entry, Kind
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.rate_limiter import RateLimiter
from rights_line.sessions.redis_script import WINDOW_KEYS
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.settings import Settings
from rights_line.web.app import open_app_sessions
from tests.support import twilio_phone
from tests.support.clock import MIDNIGHT, Clock
from tests.support.held import strings_held
from tests.support.log import logged
from tests.support.redis_line import SECRET, Relay, keys_with_wrong_ttl, redis_environ, sessions_at
from tests.support.redis_states import fill, forbid
from tests.support.servers import RedisServer
from tests.support.session_backends import UNLIMITED, Backend
from tests.support.sms_line import CHANNEL, Send, phone
from tests.support.twilio_phone import SENDER

COUNT_KEY = "{rights-line}:count:"
HOUR = 3600  # seconds
FULL, SHORT, NONE = Allowance
CLOSING = [SHORT, *[NONE] * 9]
OTHER = "+4790000002"

IN_MEMORY = pytest.mark.parametrize("backend", ["memory"], indirect=True)


def write(sessions: SessionStore, sender: str = SENDER, times: int = 10) -> list[Allowance]:
    """Return the allowances of consecutive messages of one sender."""
    return [sessions.open_message(CHANNEL, sender)[1] for _ in range(times)]


def write_each(sessions: SessionStore, first: int, size: int) -> list[Allowance]:
    """Return the allowances of one message from each of several unrelated numbers."""
    return [write(sessions, f"+4{first + number}5000000", 1)[0] for number in range(size)]


# 1. One sender


def test_sender_over_limit_gets_short_reply_once(backend: Backend) -> None:
    """Twenty replies in ten minutes, one short reply, then none until the window ends."""
    sessions = backend.make(UNLIMITED)
    for _ in range(2):
        assert write(sessions, times=SENDER_LIMIT) == [FULL] * SENDER_LIMIT
        backend.wait(SENDER_WINDOW - 1)
        assert write(sessions) == CLOSING
        backend.wait(1)


def test_other_sender_while_one_is_limited_is_answered(backend: Backend) -> None:
    """Messages without a reply use up no limit of all senders."""
    sessions = backend.make(Limits(100, 100))
    assert write(sessions, times=500)[SENDER_LIMIT:] == [SHORT, *[NONE] * 479]
    assert write(sessions, OTHER, times=1) == [FULL]


def test_unanswered_sender_gets_no_key(redis: RedisServer) -> None:
    """Only replies are counted, so such a sender has the whole allowance afterwards."""
    sessions = sessions_at(redis.url, limits=Limits(1, 1))
    assert write_each(sessions, 100, 9) == [FULL, *[SHORT] * 3, *[NONE] * 5]
    counts = [redis.client.get(key) for key in redis.client.keys("*count*")]
    assert sorted(map(str, counts)) == ["1", *[str(SENDER_LIMIT + 1)] * 3]


def test_log_limit_reached_contains_limit_and_outcomes(
    backend: Backend, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """A reached limit is logged once, and each message with its outcome."""
    send = phone(library, backend.make(Limits(1, 4)))
    replies = [send("hei", f"+4{number}5000000") for number in range(100, 118)]
    send("112", "+4790000009")
    send("STOP", "+4790000009")

    suffix = " without session" if "127.0.0.1:1/" in backend.url else ""
    full, short = f"answered{suffix}", f"short{suffix}"
    rows = logged(capfd)
    assert all(row.keys() == {"event", "channel", "outcome", "ms"} for row in rows)
    limits = [(row["channel"], row["outcome"]) for row in rows if row["event"] == "limit"]
    assert limits == [(CHANNEL, "hourly"), (CHANNEL, "short")]
    outcomes = [row["outcome"] for row in rows if row["event"] == "inbound"]
    assert replies[1:13] == [library.throttled] * 12
    assert outcomes == [full, *[short] * 12, *["withheld"] * 5, full, "answered"]
    assert replies[13:] == [""] * 5


@IN_MEMORY
def test_emergency_from_limited_sender_is_answered_in_full(
    backend: Backend, library: Library, entries: dict[str, Entry]
) -> None:
    """Also instead of the short reply, and by the first emergency word of each language."""
    sessions = backend.make(UNLIMITED)
    send = phone(library, sessions)
    send("ratunku")  # the first reply begins with the line of helplines
    danger = send("ratunku")
    write(sessions, times=SENDER_LIMIT)
    assert [send("ratunku") for _ in range(3)] == [danger] * 3
    assert send("POLSKI") == ""
    assert all(send(number) not in ("", library.throttled) for number in ("112", "113", "110"))
    words = {
        language: word
        for word, entry in entries.items()
        if entry.concept.kind is Kind.EMERGENCY
        for language in entry.languages
    }
    assert set(words) >= set(library.editions)
    for number, word in enumerate(words.values()):
        limited, other = f"+4791{number:06}", f"+4792{number:06}"
        write(sessions, limited, SENDER_LIMIT + 1)
        assert send(word, limited) == send(word, other) != ""


@IN_MEMORY
def test_closing_by_limited_sender_deletes_tag(backend: Backend, library: Library) -> None:
    """A message without a reply still takes effect."""
    sessions = backend.make(UNLIMITED)
    send = phone(library, sessions)
    send("POLSKI")
    while send("4"):
        pass
    send("00")
    assert not sessions.open_message(CHANNEL, SENDER)[0].tag


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("hei", "12345"),
        ("hei", "Posten"),
        ("Your message could not be delivered", SENDER),
        ("Liked “Norge/Norway info”", SENDER),
    ],
    ids=["a short code", "a name", "a failed delivery", "a reaction"],
)
@pytest.mark.parametrize("backend", ["redis"], indirect=True)
def test_ignored_message_uses_no_allowance(
    text: str, sender: str, backend: Backend, library: Library
) -> None:
    """Automatic senders and texts get no reply and are not counted."""
    send = phone(library, backend.make(Limits(1, 1)))
    assert [send(text, sender) for _ in range(3)] == [""] * 3
    keys = list(backend.redis.client.scan_iter())
    assert not [key for key in keys if key.startswith((COUNT_KEY, *WINDOW_KEYS))]
    assert send("hei") == library.start


# 2. Robots

Robot = Callable[[str], str]

ROBOTS: dict[str, Robot] = {
    "says one thing": lambda reply: "Thank you for your message, we answer soon",
    "echoes": lambda reply: reply,
    "echoes what fits": lambda reply: ("Re: " + reply.replace("\n", " "))[:160],
    "closes": lambda reply: "00",
    "asks for languages": lambda reply: "99",
    "chooses": lambda reply: reply.split("\n")[-1].split(" ")[0],
}
# Automatic replies that contain an emergency word.
EMERGENCY_ROBOTS: dict[str, Robot] = {
    "names a number for emergencies": lambda reply: "We are closed. In danger? Call 112.",
    "answers in its own words": lambda reply: f"{len(reply)}: ratunku",
}


def replies_to_robot(send: Send, robot: Robot, first: str) -> list[str]:
    """Return the replies to a robot until one is missing."""
    replies = [send(first)]
    while replies[-1] and len(replies) < 200:
        replies.append(send(robot(replies[-1])))
    return [text for text in replies if text]


@IN_MEMORY
@pytest.mark.parametrize("first", ["hei", "POLSKI 41", "in danger"])
@pytest.mark.parametrize("robot", ROBOTS.values(), ids=ROBOTS)
def test_robot_loop_ends_within_sender_limit(
    robot: Robot, first: str, backend: Backend, reading: Library
) -> None:
    """A robot that answers each reply gets at most twenty-one."""
    replies = replies_to_robot(phone(reading, backend.make(UNLIMITED)), robot, first)
    assert len(replies) <= SENDER_LIMIT + 1


@IN_MEMORY
@pytest.mark.parametrize("robot", EMERGENCY_ROBOTS.values(), ids=EMERGENCY_ROBOTS)
def test_robot_loop_with_emergency_words_ends(
    robot: Robot, backend: Backend, library: Library
) -> None:
    """It gets the replies of a sender, those for emergencies, and one short reply."""
    replies = replies_to_robot(phone(library, backend.make(UNLIMITED)), robot, "hei")
    assert len(replies) == SENDER_LIMIT + EMERGENCY_LIMIT + 1
    assert replies[-1] == library.throttled
    assert library.throttled not in replies[:-1]


@pytest.mark.parametrize("lost", ["all", "the salt"])
def test_robot_loop_redis_loses_data_ends(lost: str, redis: RedisServer) -> None:
    """After each message, as when it restarts again and again."""
    sessions = sessions_at(redis.url)
    allowances = []
    for _ in range(SENDER_LIMIT + 10):
        allowances += write(sessions, times=1)
        redis.client.flushall() if lost == "all" else redis.client.delete("{rights-line}:salt")
    assert allowances == [*[FULL] * SENDER_LIMIT, *CLOSING]


# 3. Emergencies


def emergencies(sessions: SessionStore, times: int, sender: str = SENDER) -> list[Allowance]:
    """Return the allowances of consecutive emergencies beyond the rate limits."""
    return [sessions.allow_emergency(CHANNEL, sender) for _ in range(times)]


def test_emergencies_over_limit_get_short_reply_each_minute(backend: Backend) -> None:
    """The helplines are sent each minute, and the full reply after the window."""
    sessions = backend.make(UNLIMITED)
    assert emergencies(sessions, EMERGENCY_LIMIT) == [FULL] * EMERGENCY_LIMIT
    assert emergencies(sessions, 3) == [SHORT, NONE, NONE]
    for _ in range(5):
        backend.wait(EMERGENCY_SHORT_EVERY)
        assert emergencies(sessions, 3) == [SHORT, NONE, NONE]
    assert emergencies(sessions, 1, OTHER) == [FULL]
    backend.wait(SENDER_WINDOW - 5 * EMERGENCY_SHORT_EVERY)
    assert emergencies(sessions, 1) == [FULL]


def test_emergency_counts_are_bounded_and_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bounded number of senders, under pseudonyms."""
    monkeypatch.setattr("rights_line.sessions.rate_limiter._MAX_EMERGENCIES", 50)
    clock = Clock(MIDNIGHT)
    sessions = MemorySessionStore(clock)

    def rows() -> list[str]:
        return [text for text in strings_held(sessions) if text.startswith(COUNT_KEY)]

    for number in range(500):
        sessions.allow_emergency(CHANNEL, f"+37166{number:06}")
    assert len(rows()) == 50
    clock.now += SENDER_WINDOW
    sessions.allow_emergency(CHANNEL, SENDER)
    assert len(rows()) == 1


# 4. All senders together


def test_flood_gets_short_lines_up_to_their_limit(backend: Backend) -> None:
    """Three for each full reply of the day; then nothing but replies to emergencies."""
    sessions = backend.make(Limits(20, 100))
    assert write_each(sessions, 1000, 400) == [*[FULL] * 20, *[SHORT] * 300, *[NONE] * 80]
    assert sessions.allow_emergency(CHANNEL, SENDER) is FULL
    backend.wait(HOUR - 1)
    assert write(sessions, OTHER, 1) == [NONE]
    backend.wait(1)
    assert write(sessions, times=1) == [FULL]


@pytest.mark.parametrize(
    ("midnight", "hours"),
    [(MIDNIGHT, 24), (1_774_738_800.0, 23), (1_792_879_200.0, 25)],
    ids=["a day", "summer time begins", "summer time ends"],
)
def test_daily_window_ends_at_midnight_in_norway(midnight: float, hours: int) -> None:
    clock = Clock(midnight)
    limiter = RateLimiter(Limits(100, 1), clock, wall=clock)
    allowances: list[Allowance] = []
    for moment in (0.0, hours * HOUR - 1.0, 1.0 * hours * HOUR):
        clock.now = midnight + moment
        allowances.append(limiter.count(CHANNEL, f"+479{len(allowances)}000000"))
    assert allowances == [FULL, SHORT, FULL]


def test_windows_clock_corrected_start_anew() -> None:
    """A machine starts with a clock ten years ahead, which is then corrected."""
    wall = Clock(MIDNIGHT + 10 * 365 * 86_400)
    sessions = MemorySessionStore(Clock(MIDNIGHT), limits=Limits(1, 1), wall=wall)
    assert write_each(sessions, 100, 2) == [FULL, SHORT]
    wall.now = MIDNIGHT
    assert write_each(sessions, 102, 1) == [FULL]


def test_process_counts_in_flood_are_bounded() -> None:
    """At most one row per reply, and none after its window."""
    clock = Clock(MIDNIGHT)
    sessions = MemorySessionStore(clock, limits=Limits(100, 1000), wall=clock)
    write_each(sessions, 1000, 5000)

    def rows() -> int:
        return sum(text.startswith(COUNT_KEY) for text in strings_held(sessions))

    assert rows() == 100 + 3000
    clock.now += SENDER_WINDOW
    sessions.purge()
    assert rows() == 0


# 5. Several processes share one Redis


def connection_to(server: RedisServer) -> Callable[[], Redis]:
    """Connect without a timeout: a busy machine must not make a process count alone."""
    return lambda: Redis.from_url(server.url, decode_responses=True)


def test_processes_at_once_send_as_many_replies_as_limits_allow(redis: RedisServer) -> None:
    """Four processes with eight threads each: neither a reply too many nor one too few."""
    limits, connect = Limits(60, 100), connection_to(redis)
    processes = [RedisSessionStore(connect, SECRET, limits=limits) for _ in range(4)]
    with ThreadPoolExecutor(32) as pool:
        one = Counter(pool.map(lambda turn: write(processes[turn % 4], times=1)[0], range(200)))
        each = Counter(
            pool.map(lambda turn: write_each(processes[turn % 4], 1000 + turn, 1)[0], range(900))
        )
    assert (one[FULL], one[SHORT]) == (SENDER_LIMIT, 1)
    assert (one[FULL] + each[FULL], one[SHORT] + each[SHORT]) == (limits.hourly, 300)
    assert counts(redis) == [limits.hourly, limits.hourly, 300]


def test_threads_redis_cannot_count_send_as_many_replies_as_limits_allow(
    own_redis: RedisServer,
) -> None:
    """The process decides on one message after the other."""
    sessions = RedisSessionStore(connection_to(own_redis), SECRET, limits=Limits(100, 100))
    write(sessions, times=1)
    forbid("set")(own_redis)
    with ThreadPoolExecutor(16) as pool:
        each = Counter(pool.map(lambda turn: write_each(sessions, 1000 + turn, 1)[0], range(400)))
    assert (each[FULL], each[SHORT]) == (99, 300)


def counts(server: RedisServer) -> list[int]:
    """Return the counters of all senders that are in Redis."""
    keys = [key for name in WINDOW_KEYS for key in server.client.keys(f"{name}*")]
    return [int(str(server.client.get(key))) for key in keys]


def test_process_that_knows_too_little_counts_right_in_one_round_trip(
    redis: RedisServer, relay: Relay
) -> None:
    """Redis decides by the counts of all processes."""
    other = sessions_at(redis.url, limits=Limits(20, 100))
    sessions = sessions_at(relay.url, limits=Limits(20, 100))
    sessions.open_message(CHANNEL, OTHER, count_message=False)
    write(other, times=SENDER_LIMIT)

    before = relay.turns
    assert write(sessions, OTHER, 1) == [SHORT]  # to this process, the first reply of the hour
    assert counts(redis) == [20, 20, 1]
    write(other, "+4680000002", 1)
    assert write(sessions, "+4680000002", 1) == [NONE]  # to this process, a new sender
    assert counts(redis) == [20, 20, 2]
    assert relay.turns == before + 2


def test_limit_redis_lost_data_or_stopped_still_holds(own_redis: RedisServer) -> None:
    """A process gives the counts of all senders back, and keeps the last that it has read."""
    first, second = (sessions_at(own_redis.url, limits=Limits(10, 100)) for _ in range(2))
    for number in range(9):
        write(first, f"+479000000{number}", 1)
    own_redis.client.flushall()
    assert write(first, "+4790000010", 1) == [FULL]
    assert write(second, "+4790000011", 1) == [SHORT]
    assert counts(own_redis) == [10, 10, 1]
    own_redis.stop()
    assert write(second, "+4790000012", 1) == [SHORT]


def test_processes_with_different_clocks_keep_own_hours(redis: RedisServer) -> None:
    """A process two seconds ahead does not mix the counts of two hours."""
    behind, ahead = Clock(MIDNIGHT + HOUR - 1), Clock(MIDNIGHT + HOUR + 1)
    first, second = (
        sessions_at(redis.url, clock, Limits(1, 100), clock) for clock in (behind, ahead)
    )
    assert write(first, times=1) == [FULL]
    assert write(second, OTHER, 1) == [FULL]
    assert write(first, "+4790000003", 1) == [SHORT]


# 6. Counters in Redis


@pytest.mark.parametrize("degrade", [fill, forbid("set")], ids=["full", "may not set"])
def test_open_message_redis_cannot_count_keeps_tag(
    degrade: Callable[[RedisServer], object], own_redis: RedisServer
) -> None:
    """The process counts alone."""
    sessions = sessions_at(own_redis.url)
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "pl")
    degrade(own_redis)
    opened = [sessions.open_message(CHANNEL, SENDER) for _ in range(29)]
    assert {(session.tag, session.is_stored) for session, _ in opened} == {("pl", True)}
    assert [allowance for _, allowance in opened] == [*[FULL] * (SENDER_LIMIT - 1), *CLOSING]


MALFORMED = [b"\xff", b"", b"1.5", b"-4", b"0x10", None]


@pytest.mark.parametrize("kind", ["count", "hour"])
@pytest.mark.parametrize("value", MALFORMED)
def test_open_message_malformed_count_keeps_tag_and_limit(
    value: bytes | None, kind: str, redis: RedisServer
) -> None:
    """The counter starts anew in Redis (None: a list), and the process counts on."""
    sessions = sessions_at(redis.url)
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "pl")
    [key] = redis.client.keys(f"{{rights-line}}:{kind}:*")
    redis.client.delete(key)
    redis.client.lpush(key, "no count") if value is None else redis.client.set(key, value)
    opened = [sessions.open_message(CHANNEL, SENDER) for _ in range(29)]
    assert {(session.tag, session.is_stored) for session, _ in opened} == {("pl", True)}
    assert [allowance for _, allowance in opened] == [*[FULL] * (SENDER_LIMIT - 1), *CLOSING]
    assert str(redis.client.get(key)).isdecimal()
    assert keys_with_wrong_ttl(redis) == []


# 7. The variables


@pytest.mark.parametrize("variable", ["RIGHTS_LINE_HOURLY", "RIGHTS_LINE_DAILY"])
@pytest.mark.parametrize("with_redis", [False, True], ids=["memory", "redis"])
def test_limit_variables_set_limits(with_redis: bool, variable: str, redis: RedisServer) -> None:
    environ = {**twilio_phone.ENVIRON, variable: "2"}
    environ |= redis_environ(redis.url) if with_redis else {}
    sessions = open_app_sessions(Settings.from_environ(environ))
    assert write_each(sessions, 100, 4) == [FULL, FULL, SHORT, SHORT]
