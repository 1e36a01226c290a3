"""Rate limits per sender, per hour and per day, in memory and in Redis."""

import json
import random
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from rights_line.core.emergencies import EMERGENCY_LIMIT, EMERGENCY_SHORT_EVERY
from rights_line.core.library import Library
from rights_line.core.rate_limit import SENDER_LIMIT, SENDER_WINDOW, Allowance, Limits
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import WINDOW_KEYS, RedisSessionStore
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.clock import MIDNIGHT, Clock
from tests.support.limits import UNLIMITED
from tests.support.log import written
from tests.support.redis_line import SECRET, Relay, age, redis_environ
from tests.support.servers import RedisServer, free_port
from tests.support.sms_line import CHANNEL, Send, phone, phone_of
from tests.support.twilio_phone import SENDER

COUNT_KEY = "{rights-line}:count:"
HOUR = 3600  # seconds


@dataclass
class Backend:
    """A place for counts: makes session stores there, and lets time pass."""

    make: Callable[[Limits], SessionStore]
    wait: Callable[[int], None]
    has_memory: bool = True

    def start(self, library: Library) -> str:
        """Return the reply to a first text."""
        return library.start if self.has_memory else library.start_stateless


def backends(redis: RedisServer) -> dict[str, Backend]:
    """Return memory, Redis, and an unreachable Redis, each with its own clock."""

    def backend(url: str, has_memory: bool = True) -> Backend:
        clock = Clock(MIDNIGHT)

        def wait(seconds: int) -> None:
            clock.now += seconds
            age(redis, seconds)

        if not url:
            return Backend(
                lambda limits: MemorySessionStore(clock, limits=limits, wall=clock), wait
            )
        return Backend(
            lambda limits: RedisSessionStore(client_factory(url), SECRET, clock, limits, clock),
            wait,
            has_memory,
        )

    unreachable = f"redis://127.0.0.1:{free_port()}/0"
    return {
        "memory": backend(""),
        "redis": backend(redis.url),
        "redis is down": backend(unreachable, False),
    }


@pytest.fixture(params=["memory", "redis", "redis is down"])
def backend(request: pytest.FixtureRequest, redis: RedisServer) -> Backend:
    """Each backend in turn."""
    return backends(redis)[request.param]


# 1. One sender


def test_sender_over_limit_gets_short_reply_once(backend: Backend, library: Library) -> None:
    """Twenty replies in ten minutes, one short reply, then none until the window ends."""
    send = phone(library, backend.make(UNLIMITED))
    for _ in range(2):
        replies = [send("POLSKI 4") for _ in range(SENDER_LIMIT)]
        assert len(set(replies)) == 1
        assert replies[0] not in ("", library.throttled)
        backend.wait(SENDER_WINDOW - 1)
        assert [send("POLSKI 4") for _ in range(10)] == [library.throttled, *[""] * 9]
        backend.wait(1)


def test_log_limit_reached_contains_limit_and_outcomes(
    backend: Backend, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """A reached limit is logged once, and each message with its outcome."""
    send = phone(library, backend.make(Limits(1, 1000)))
    replies = [send("hei", f"+4{number}5000000") for number in range(100, 118)]
    send("112", "+4790000009")
    send("STOP", "+4790000009")

    suffix = "" if backend.has_memory else " without session"
    full, short, withheld = f"answered{suffix}", f"short{suffix}", "withheld"
    rows = [json.loads(row) for row in written(capfd)[1].splitlines()]
    assert all(row.keys() == {"event", "channel", "outcome", "ms"} for row in rows)
    limits = [(row["channel"], row["outcome"]) for row in rows if row["event"] == "limit"]
    assert limits == [(CHANNEL, "hourly"), (CHANNEL, "reserve")]
    outcomes = [row["outcome"] for row in rows if row["event"] == "inbound"]
    assert outcomes[0] == full
    assert outcomes[1:-2].count(short) == 12
    assert outcomes[1:-2].count(withheld) == replies.count("") == 5
    assert outcomes[-2:] == [full, "answered"]


def test_duplicate_message_gets_same_reply(backend: Backend, library: Library) -> None:
    send = phone(library, backend.make(UNLIMITED))
    for text in ("hei", "POLSKI", "4", "112", "POLSKI 4"):
        assert send(text) == send(text)


def test_other_sender_while_one_is_limited_is_answered(backend: Backend, library: Library) -> None:
    send = phone(library, backend.make(UNLIMITED))
    while send("hei"):
        pass
    assert send("hei", "+4790000002") == backend.start(library)


def test_emergency_from_limited_sender_is_answered_in_full(
    backend: Backend, library: Library
) -> None:
    """Also instead of the short reply."""
    sessions = backend.make(UNLIMITED)
    send = phone(library, sessions)
    danger = send("ratunku")
    for _ in range(SENDER_LIMIT - 1):
        send("POLSKI")
    assert [send("ratunku") for _ in range(30)] == [danger] * 30
    assert send("POLSKI") == ""
    assert all(number in twilio_phone.without_spaces(danger) for number in ("112", "113"))
    assert all(send(number) not in ("", library.throttled) for number in ("112", "113", "110"))


def test_emergency_word_from_limited_sender_is_answered_in_every_language(
    backend: Backend, library: Library
) -> None:
    """The first emergency word of each language."""
    send = phone(library, backend.make(UNLIMITED))
    while send("0"):
        pass
    words = {
        meaning.language: word
        for word, meanings in library.emergency.items()
        for meaning in meanings
    }
    assert set(words) == set(library.languages)
    for number, word in enumerate(words.values()):
        send("00")  # no language is chosen: the word alone decides
        assert send(word) == send(word, f"+4791{number:06}") != ""


def test_closing_by_limited_sender_deletes_tag(backend: Backend, library: Library) -> None:
    """A message without a reply still takes effect."""
    sessions = backend.make(UNLIMITED)
    send = phone(library, sessions)
    send("POLSKI")
    while send("4"):
        pass
    send("00")
    assert not sessions.load(CHANNEL, SENDER).tag


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
def test_ignored_message_uses_no_allowance(
    text: str, sender: str, backend: Backend, redis: RedisServer, library: Library
) -> None:
    """Automatic senders and texts get no reply and are not counted."""
    send = phone(library, backend.make(Limits(1, 1)))
    assert [send(text, sender) for _ in range(30)] == [""] * 30
    assert not [
        key for key in redis.client.scan_iter() if key.startswith((COUNT_KEY, *WINDOW_KEYS))
    ]
    assert send("hei") == backend.start(library)


# 2. Robots

Robot = Callable[[str], str]

ROBOTS: dict[str, Robot] = {
    "says one thing": lambda reply: "Thank you for your message, we answer soon",
    "echoes": lambda reply: reply,
    "echoes within its own words": lambda reply: f"You wrote: {reply}",
    "echoes on one line": lambda reply: "Re: " + reply.replace("\n", " "),
    "echoes what fits": lambda reply: ("Re: " + reply.replace("\n", " "))[:160],
    "closes": lambda reply: "00",
    "asks for languages": lambda reply: "99",
    "chooses": lambda reply: reply.split("\n")[-1].split(" ")[0],
}
# Automatic replies that contain an emergency word.
EMERGENCY_ROBOTS: dict[str, Robot] = {
    "names a number for emergencies": lambda reply: "We are closed. In danger? Call 112.",
    "is a line like ours": lambda reply: "estoy en peligro",
    "answers in its own words": lambda reply: f"{len(reply)}: ratunku",
}


def replies_to_robot(send: Send, robot: Robot, first: str) -> list[str]:
    """Return the replies to a robot until one is missing."""
    replies = [send(first)]
    while replies[-1] and len(replies) < 200:
        replies.append(send(robot(replies[-1])))
    return [text for text in replies if text]


@pytest.mark.parametrize("first", ["hei", "POLSKI 41", "in danger", "THAI", "ZHONGWEN 1"])
@pytest.mark.parametrize("robot", ROBOTS.values(), ids=ROBOTS)
def test_robot_loop_ends_within_sender_limit(
    robot: Robot, first: str, backend: Backend, library: Library
) -> None:
    """A robot that answers each reply gets at most twenty-one."""
    replies = replies_to_robot(phone(library, backend.make(UNLIMITED)), robot, first)
    assert len(replies) <= SENDER_LIMIT + 1


@pytest.mark.parametrize("robot", EMERGENCY_ROBOTS.values(), ids=EMERGENCY_ROBOTS)
def test_robot_loop_with_emergency_words_ends(
    robot: Robot, backend: Backend, library: Library
) -> None:
    """It gets the replies of a sender, those for emergencies, and one short reply."""
    replies = replies_to_robot(phone(library, backend.make(UNLIMITED)), robot, "hei")
    assert len(replies) == SENDER_LIMIT + EMERGENCY_LIMIT + 1
    assert replies[-1] == library.throttled
    assert library.throttled not in replies[:-1]


def test_emergencies_over_limit_get_short_reply_each_minute(
    backend: Backend, library: Library
) -> None:
    """The helplines are sent each minute, and the full reply after the window."""
    send = phone(library, backend.make(UNLIMITED))
    danger = send("ratunku")
    while (reply := send("ratunku")) != library.throttled:
        assert reply == danger
    for _ in range(5):
        assert [send("ratunku"), send("112")] == ["", ""]
        backend.wait(EMERGENCY_SHORT_EVERY)
        assert send("ratunku") == library.throttled
    backend.wait(SENDER_WINDOW)
    assert send("ratunku") == danger


def test_emergencies_of_one_sender_do_not_limit_others(backend: Backend, library: Library) -> None:
    send = phone(library, backend.make(UNLIMITED))
    danger = send("ratunku", "+4790000002")
    while send("ratunku"):
        pass
    replies = [send("ratunku", "+4790000002") for _ in range(SENDER_LIMIT + EMERGENCY_LIMIT - 1)]
    assert set(replies) == {danger}


@pytest.mark.parametrize("later", [SENDER_WINDOW, SENDER_WINDOW + 1])
def test_emergency_counts_are_bounded_and_expire(
    later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bounded number of senders, under pseudonyms."""
    monkeypatch.setattr("rights_line.sessions.rate_limiter._MAX_EMERGENCIES", 50)
    clock = Clock(MIDNIGHT)
    sessions = MemorySessionStore(clock)
    for number in range(500):
        sessions.allow_emergency(CHANNEL, f"+37166{number:06}")
    rows = vars(vars(sessions)["_limiter"])["_emergencies"]
    assert len(rows) <= 51
    assert "37166000" not in repr(rows)
    clock.now += later
    sessions.allow_emergency(CHANNEL, SENDER)
    assert len(rows) == 1


def test_two_lines_replying_to_each_other_stop(backend: Backend, library: Library) -> None:
    """Each sends at most twenty-one replies."""
    ours = phone(library, backend.make(UNLIMITED))
    theirs = phone(library, MemorySessionStore())
    replies = replies_to_robot(ours, lambda text: theirs(text) or "", "hei")
    assert 1 < len(replies) <= SENDER_LIMIT + 1


# 3. All senders together


def replies_to_many(send: Send, size: int, text: str = "hei") -> list[str]:
    """Return the replies to consecutive numbers of one prefix."""
    return [send(text, f"+37166{number:06}") for number in range(size)]


def test_flood_from_one_prefix_leaves_reserve_to_others(backend: Backend, library: Library) -> None:
    """They use up the hour and half of the reserve; others still get the helplines."""
    send = phone(library, backend.make(Limits(100, 1000)))
    replies = replies_to_many(send, 2000)
    assert replies == [*[backend.start(library)] * 100, *[library.throttled] * 600, *[""] * 1300]
    assert send("hei", "+37166099999") == ""
    assert send("hei") == library.throttled
    assert "112" in send("112")
    assert "112" in send("in danger", "+37166999999")
    backend.wait(HOUR - 1)
    assert send("hei", "+4790000002") == library.throttled
    backend.wait(1)
    assert send("hei") == backend.start(library)


def test_daily_limit_reached_gives_short_replies_until_midnight(
    backend: Backend, library: Library
) -> None:
    """New senders get the short reply in every hour of the rest of the day."""
    send = phone(library, backend.make(Limits(10, 15)))
    replies = [send("hei", f"+479{number:07}") for number in range(10)]
    backend.wait(HOUR)
    replies += [send("hei", f"+469{number:07}") for number in range(8)]
    assert replies == [*[backend.start(library)] * 15, *[library.throttled] * 3]
    for hour in range(2, 24):
        backend.wait(HOUR)
        assert send("hei", f"+45{hour}000000") == library.throttled
    backend.wait(HOUR)
    assert send("hei") == backend.start(library)


def test_hourly_limit_reached_gives_short_reply_once_per_number(
    backend: Backend, library: Library
) -> None:
    send = phone(library, backend.make(Limits(3, 1000)))
    assert [send("hei") for _ in range(2)] == [backend.start(library)] * 2
    assert send("hei", "+4790000002") == backend.start(library)
    for sender in (SENDER, "+4790000002", "+4790000003"):
        assert [send("hei", sender) for _ in range(3)] == [library.throttled, "", ""]


def test_answered_sender_does_not_draw_on_reserve(backend: Backend) -> None:
    """However often they write, the whole reserve is left for new senders."""
    sessions = backend.make(Limits(4, 1000))
    for _ in range(50):
        for number in range(4):
            sessions.load(CHANNEL, f"+4790000{number:03}")
    fresh = [sessions.load(CHANNEL, f"+4{number}5000000").allowance for number in range(100, 148)]
    assert fresh == [Allowance.SHORT] * 48


def test_sender_draws_on_reserve_once_an_hour(backend: Backend) -> None:
    """Numbers that write every ten minutes do not empty it for new senders."""
    sessions = backend.make(Limits(1, 1000))
    sessions.load(CHANNEL, SENDER)

    def load(number: int) -> Allowance:
        return sessions.load(CHANNEL, f"+4{number}5000000").allowance

    for _ in range(5):
        drawn = [load(number) for number in range(100, 106)]
        backend.wait(SENDER_WINDOW)
    assert drawn == [Allowance.NONE] * 6
    assert [load(number) for number in range(200, 206)] == [Allowance.SHORT] * 6
    backend.wait(SENDER_WINDOW)
    assert load(100) is Allowance.FULL


def test_hourly_window_ends_on_the_hour(backend: Backend) -> None:
    """In every process at the same moment."""
    sessions = backend.make(Limits(1, 1000))
    allowances: list[Allowance] = []
    for seconds in (0, 1800, 1799, 1):
        backend.wait(seconds)
        allowances.append(sessions.load(CHANNEL, f"+479{len(allowances)}00000").allowance)
    assert allowances == [Allowance.FULL, Allowance.SHORT, Allowance.SHORT, Allowance.FULL]


def test_unanswered_sender_gets_no_key(redis: RedisServer) -> None:
    """Only replies are counted, so such a sender has the whole allowance afterwards."""
    sessions = RedisSessionStore(client_factory(redis.url), SECRET, limits=Limits(1, 1))
    allowances = [sessions.load(CHANNEL, f"+47900000{number}").allowance for number in range(9)]
    assert allowances == [Allowance.FULL, *[Allowance.SHORT] * 2, *[Allowance.NONE] * 6]
    counts = [redis.client.get(key) for key in redis.client.keys("*count*")]
    assert sorted(map(str, counts)) == ["1", str(SENDER_LIMIT + 1), str(SENDER_LIMIT + 1)]


def test_one_number_does_not_use_up_hourly_limit(backend: Backend, library: Library) -> None:
    """Messages without a reply are not counted."""
    send = phone(library, backend.make(Limits(100, 100)))
    for _ in range(500):
        send("hei")
    assert send("hei", "+4790000002") == backend.start(library)


def test_process_counts_in_flood_are_bounded() -> None:
    """At most one row per reply, and none after its window."""
    clock = Clock(MIDNIGHT)
    sessions = MemorySessionStore(clock, limits=Limits(100, 1000), wall=clock)
    for number in range(5000):
        sessions.load(CHANNEL, f"+37166{number:06}")
    limiter = vars(sessions)["_limiter"]
    rows, windows = vars(limiter)["_senders"], vars(vars(limiter)["_shared"])["_windows"]
    assert len(rows) == 700  # 100 full replies, half of a reserve of 1,200
    drawn = [vars(window)["_drawn"] for window in windows.values()]
    assert [len(one) for one in drawn] == [0, 0, 601, 1]
    assert "37166" not in repr(list(windows.values()))
    assert "37166000" not in repr(rows)  # fewer digits can occur in a pseudonym by chance
    clock.now += HOUR
    sessions.load(CHANNEL, SENDER)
    assert len(rows) == 1
    drawn = [vars(window)["_drawn"] for window in windows.values()]
    assert [len(one) for one in drawn] == [0, 0, 0, 1]


def test_windows_clock_corrected_start_anew() -> None:
    """A machine starts with a clock ten years ahead, which is then corrected."""
    clock, wall = Clock(MIDNIGHT), Clock(MIDNIGHT)
    wall.now += 10 * 365 * 86_400
    sessions = MemorySessionStore(clock, limits=Limits(1, 1), wall=wall)
    assert sessions.load(CHANNEL, SENDER).allowance is Allowance.FULL
    assert sessions.load(CHANNEL, "+4790000002").allowance is Allowance.SHORT
    wall.now = clock.now
    assert sessions.load(CHANNEL, "+4790000003").allowance is Allowance.FULL


# 4. Memory and Redis


def test_memory_and_redis_count_identically(redis: RedisServer) -> None:
    """Random senders over hours: each message gets the same allowance."""
    chance = random.Random(7)
    pair = [backends(redis)[name] for name in ("memory", "redis")]
    memory, shared = (backend.make(Limits(60, 400)) for backend in pair)
    seen = set()
    for _ in range(4000):
        sender = f"+47900000{chance.randrange(12):02}"
        counts = chance.random() < 0.9
        one, other = (sessions.load(CHANNEL, sender, counts) for sessions in (memory, shared))
        assert one.allowance == other.allowance
        seen.add(one.allowance)
        if chance.random() < 0.05:
            seconds = chance.choice([1, 100, SENDER_WINDOW, HOUR])
            pair[0].wait(seconds)  # ages Redis too
            pair[1].wait(0)
            vars(vars(shared)["_limiter"])["_clock"].now += seconds
    assert seen == set(Allowance)


def test_processes_with_one_redis_share_counts(redis: RedisServer, library: Library) -> None:
    """One allowance per sender and one per hour, whichever process gets a message."""
    lines = [phone(library, RedisSessionStore(client_factory(redis.url), SECRET)) for _ in range(3)]
    replies = [lines[turn % 3]("hei") for turn in range(40)]
    assert replies == [*[library.start] * SENDER_LIMIT, library.throttled, *[""] * 19]
    redis.client.flushall()
    processes = [
        RedisSessionStore(client_factory(redis.url), SECRET, limits=Limits(30, 100))
        for _ in range(3)
    ]
    allowances = [
        processes[turn % 3].load(CHANNEL, f"+3716{turn:07}").allowance for turn in range(600)
    ]
    # Of 300 short replies a day, a process gives one prefix at most as many as remain: 75.
    short, withheld = Allowance.SHORT, Allowance.NONE
    assert allowances == [*[Allowance.FULL] * 30, *[short] * 225, *[withheld] * 345]


def test_limit_redis_stopped_still_holds(own_redis: RedisServer) -> None:
    """A process keeps the last count that it read from Redis."""
    first, second = (
        RedisSessionStore(client_factory(own_redis.url), SECRET, limits=Limits(10, 100))
        for _ in range(2)
    )
    for number in range(9):
        first.load(CHANNEL, f"+479000000{number}")
    assert second.load(CHANNEL, "+4790000010").allowance is Allowance.FULL
    own_redis.stop()
    assert second.load(CHANNEL, "+4790000011").allowance is Allowance.SHORT


def test_processes_with_different_clocks_keep_own_hours(redis: RedisServer) -> None:
    """A process two seconds ahead does not mix the counts of two hours."""
    behind, ahead = Clock(MIDNIGHT + HOUR - 1), Clock(MIDNIGHT + HOUR - 1)
    processes = [
        RedisSessionStore(client_factory(redis.url), SECRET, clock, Limits(1, 100), clock)
        for clock in (behind, ahead)
    ]
    assert processes[0].load(CHANNEL, SENDER).allowance is Allowance.FULL
    ahead.now += 2
    assert processes[1].load(CHANNEL, "+4790000002").allowance is Allowance.FULL
    assert processes[0].load(CHANNEL, "+4790000003").allowance is Allowance.SHORT


@pytest.mark.parametrize("lost", ["all", "the salt"])
def test_robot_loop_redis_loses_data_ends(lost: str, redis: RedisServer, library: Library) -> None:
    """Redis loses its data after each message, as when it restarts again and again."""
    send = phone(library, RedisSessionStore(client_factory(redis.url), SECRET))
    replies = []
    for _ in range(100):
        replies.append(send("hei"))
        redis.client.flushall() if lost == "all" else redis.client.delete("{rights-line}:salt")
    assert replies == [*[library.start] * SENDER_LIMIT, library.throttled, *[""] * 79]


def full(server: RedisServer) -> None:
    server.client.config_set("maxmemory", 1)


def no_set(server: RedisServer) -> None:
    server.client.acl_setuser(
        "default", enabled=True, nopass=True, keys="*", commands=["+@all", "-set"]
    )


def hour_key(server: RedisServer) -> str:
    [key] = server.client.keys(f"{WINDOW_KEYS[0]}*")
    return str(key)


def another_kind(server: RedisServer) -> None:
    key = hour_key(server)
    server.client.delete(key)
    server.client.lpush(key, "no count")


def no_number(server: RedisServer) -> None:
    server.client.set(hour_key(server), "many", ex=HOUR)


def no_whole_number(server: RedisServer) -> None:
    server.client.set(hour_key(server), "1.5", ex=HOUR)


@pytest.mark.parametrize("degrade", [full, no_set, another_kind, no_number, no_whole_number])
def test_load_redis_cannot_count_keeps_tag(
    degrade: Callable[[RedisServer], None], own_redis: RedisServer, library: Library
) -> None:
    """The process counts alone."""
    sessions = RedisSessionStore(client_factory(own_redis.url), SECRET)
    sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    degrade(own_redis)
    allowances = []
    for _ in range(30):
        session = sessions.load(CHANNEL, SENDER)
        assert (session.tag, session.is_stored) == ("pl", True)
        allowances.append(session.allowance)
    full = [Allowance.FULL] * (SENDER_LIMIT - 1)
    assert allowances == [*full, Allowance.SHORT, *[Allowance.NONE] * 10]


# 5. Every key has a TTL


def keys_without_ttl(server: RedisServer) -> list[str]:
    """Return the keys without a TTL, or with one that is too long."""
    max_ttls = {"hour": HOUR, "reserve-hour": HOUR, "count": SENDER_WINDOW}
    ttls = {key: server.client.ttl(key) for key in server.client.scan_iter()}
    return [
        key
        for key, ttl in ttls.items()
        if not 0 < ttl <= max_ttls.get(key.split(":")[1], 25 * HOUR)
    ]


def test_keys_connection_cut_mid_request_have_ttl(relay: Relay, redis: RedisServer) -> None:
    """The request is cut off at every fortieth byte."""
    clock = Clock(MIDNIGHT)
    sizes = []

    def measure(client: socket.socket, server: socket.socket, asked: bytes) -> None:
        sizes.append(len(asked))
        server.sendall(asked)

    def cut_after(size: int) -> Callable[[socket.socket, socket.socket, bytes], None]:
        def fault(client: socket.socket, server: socket.socket, asked: bytes) -> None:
            server.sendall(asked[:size])
            if size >= len(asked):
                server.recv(65536)  # Redis has run it, but the reply is lost
            client.shutdown(socket.SHUT_RDWR)

        return fault

    sessions = RedisSessionStore(client_factory(relay.url), SECRET, clock, wall=clock)
    assert sessions.load(CHANNEL, SENDER).is_stored
    relay.fault = measure
    sessions.load(CHANNEL, SENDER)
    counted = set()
    for step, size in enumerate([*range(0, max(sizes), 40), 65536]):
        relay.fault = None
        clock.now += 100
        assert sessions.load(CHANNEL, f"+4792{step:06}").is_stored  # connected, with the salt
        relay.fault = cut_after(size)
        sessions.load(CHANNEL, f"+4793{step:06}")
        assert keys_without_ttl(redis) == []
        counted.add(len(redis.client.keys("*count*")) - step)
    assert len(counted) == 2, "no cut was before the count, or no cut after it"


def test_keys_while_counting_have_ttl(redis: RedisServer) -> None:
    """Two processes count, and all keys are inspected after each message."""
    limits = Limits(50, 1000)
    processes = [
        RedisSessionStore(client_factory(redis.url), SECRET, limits=limits) for _ in range(2)
    ]
    until, seen = time.monotonic() + 2, 0
    while time.monotonic() < until:
        for turn, process in enumerate(processes):
            process.save(process.load(CHANNEL, f"+479{seen % 97 + turn}"), "pl")
            assert keys_without_ttl(redis) == []
        seen += 1
        if seen % 50 == 0:
            redis.client.flushall()
    assert seen > 20


# 6. The variables


@pytest.mark.parametrize("with_redis", [False, True], ids=["memory", "redis"])
@pytest.mark.parametrize("variable", ["RIGHTS_LINE_HOURLY", "RIGHTS_LINE_DAILY"])
def test_limit_variables_set_limits(
    variable: str, with_redis: bool, redis: RedisServer, library: Library
) -> None:
    environ = {**twilio_phone.ENVIRON, variable: "2"}
    environ |= redis_environ(redis.url) if with_redis else {}
    send = phone_of(create_app(environ).test_client())
    assert replies_to_many(send, 4) == [
        library.start,
        library.start,
        library.throttled,
        library.throttled,
    ]
