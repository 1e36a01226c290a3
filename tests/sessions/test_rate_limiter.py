"""The rate limits: loops end, an hour and a day have a limit, a flood silences no one else."""

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
class Place:
    """Where counts are kept: what makes sessions there, and lets time pass."""

    make: Callable[[Limits], SessionStore]
    wait: Callable[[int], None]
    has_memory: bool = True

    def start(self, library: Library) -> str:
        """Return the first answer."""
        return library.start if self.has_memory else library.start_stateless


def places(redis: RedisServer) -> dict[str, Place]:
    """Return a memory, a Redis, and a Redis that is not there, each with its own clock."""

    def place(url: str, has_memory: bool = True) -> Place:
        clock = Clock(MIDNIGHT)

        def wait(seconds: int) -> None:
            clock.now += seconds
            age(redis, seconds)

        if not url:
            return Place(lambda limits: MemorySessionStore(clock, limits=limits, wall=clock), wait)
        return Place(
            lambda limits: RedisSessionStore(client_factory(url), SECRET, clock, limits, clock),
            wait,
            has_memory,
        )

    nobody = f"redis://127.0.0.1:{free_port()}/0"
    return {"memory": place(""), "redis": place(redis.url), "redis is down": place(nobody, False)}


@pytest.fixture(params=["memory", "redis", "redis is down"])
def place(request: pytest.FixtureRequest, redis: RedisServer) -> Place:
    """Each place in turn."""
    return places(redis)[request.param]


# 1. One person


def test_twenty_a_short_line_and_silence(place: Place, library: Library) -> None:
    """A person is answered twenty times in ten minutes, then told so once; then it starts anew."""
    send = phone(library, place.make(UNLIMITED))
    for _ in range(2):
        heard = [send("POLSKI 4") for _ in range(SENDER_LIMIT)]
        assert len(set(heard)) == 1
        assert heard[0] not in ("", library.throttled)
        place.wait(SENDER_WINDOW - 1)
        assert [send("POLSKI 4") for _ in range(10)] == [library.throttled, *[""] * 9]
        place.wait(1)


def test_the_log_tells_that_the_budget_is_spent(
    place: Place, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    """The operator sees it there once, and then every silence, but no sender."""
    send = phone(library, place.make(Limits(1, 1000)))
    heard = [send("hei", f"+4{number}5000000") for number in range(100, 118)]
    send("112", "+4790000009")
    send("STOP", "+4790000009")

    how = "" if place.has_memory else " without session"
    full, short, none = f"answered{how}", f"short{how}", "withheld"
    rows = [json.loads(row) for row in written(capfd)[1].splitlines()]
    assert all(row.keys() == {"event", "channel", "outcome", "ms"} for row in rows)
    limits = [(row["channel"], row["outcome"]) for row in rows if row["event"] == "limit"]
    assert limits == [(CHANNEL, "hourly"), (CHANNEL, "reserve")]
    outcomes = [row["outcome"] for row in rows if row["event"] == "inbound"]
    assert outcomes[0] == full
    assert outcomes[1:-2].count(short) == 12
    assert outcomes[1:-2].count(none) == heard.count("") == 5
    assert outcomes[-2:] == [full, "answered"]


def test_a_message_that_is_sent_again_is_answered_alike(place: Place, library: Library) -> None:
    """While there is a budget a webhook that comes twice gets the same answer."""
    send = phone(library, place.make(UNLIMITED))
    for text in ("hei", "POLSKI", "4", "112", "POLSKI 4"):
        assert send(text) == send(text)


def test_others_are_answered(place: Place, library: Library) -> None:
    """What one number spends is not missing to another."""
    send = phone(library, place.make(UNLIMITED))
    while send("hei"):
        pass
    assert send("hei", "+4790000002") == place.start(library)


def test_an_emergency_is_always_answered_in_full(place: Place, library: Library) -> None:
    """In the place of the short line and in the silence, and it costs others nothing."""
    sessions = place.make(UNLIMITED)
    send = phone(library, sessions)
    danger = send("ratunku")
    for _ in range(SENDER_LIMIT - 1):
        send("POLSKI")
    assert [send("ratunku") for _ in range(30)] == [danger] * 30
    assert send("POLSKI") == ""
    assert all(number in twilio_phone.without_spaces(danger) for number in ("112", "113"))
    assert all(send(number) not in ("", library.throttled) for number in ("112", "113", "110"))


def test_an_emergency_word_of_every_language_breaks_the_silence(
    place: Place, library: Library
) -> None:
    """The first word that each language has for danger is answered as if nothing was spent."""
    silent = phone(library, place.make(UNLIMITED))
    while silent("0"):
        pass
    words = {meaning.language: word for word, of in library.emergency.items() for meaning in of}
    assert set(words) == set(library.languages)
    for number, word in enumerate(words.values()):
        silent("00")  # nothing is chosen: the word alone is understood
        assert silent(word) == silent(word, f"+4791{number:06}") != ""


def test_in_the_silence_she_can_still_be_forgotten(place: Place, library: Library) -> None:
    """What is not answered is done: her language is gone."""
    sessions = place.make(UNLIMITED)
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
def test_who_is_not_answered_spends_nothing(
    text: str, sender: str, place: Place, redis: RedisServer, library: Library
) -> None:
    """Machines and automatic texts get no answer, however many, and cost nobody's budget."""
    send = phone(library, place.make(Limits(1, 1)))
    assert [send(text, sender) for _ in range(30)] == [""] * 30
    assert not [
        key for key in redis.client.scan_iter() if key.startswith((COUNT_KEY, *WINDOW_KEYS))
    ]
    assert send("hei") == place.start(library)


# 2. Robots

Robot = Callable[[str], str]

ROBOTS: dict[str, Robot] = {
    "says one thing": lambda heard: "Thank you for your message, we answer soon",
    "echoes": lambda heard: heard,
    "echoes within its own words": lambda heard: f"You wrote: {heard}",
    "echoes on one line": lambda heard: "Re: " + heard.replace("\n", " "),
    "echoes what fits": lambda heard: ("Re: " + heard.replace("\n", " "))[:160],
    "closes": lambda heard: "00",
    "asks for languages": lambda heard: "99",
    "chooses": lambda heard: heard.split("\n")[-1].split(" ")[0],
}
# What an office or a gateway answers by itself, in which stands what a person in danger writes.
IN_DANGER: dict[str, Robot] = {
    "names a number for emergencies": lambda heard: "We are closed. In danger? Call 112.",
    "is a line like ours": lambda heard: "estoy en peligro",
    "answers in its own words": lambda heard: f"{len(heard)}: ratunku",
}


def answers(send: Send, robot: Robot, first: str) -> list[str]:
    """Return what a robot is answered until it is not."""
    heard = [send(first)]
    while heard[-1] and len(heard) < 200:
        heard.append(send(robot(heard[-1])))
    return [text for text in heard if text]


@pytest.mark.parametrize("first", ["hei", "POLSKI 41", "in danger", "THAI", "ZHONGWEN 1"])
@pytest.mark.parametrize("robot", ROBOTS.values(), ids=ROBOTS)
def test_a_loop_with_a_robot_ends(robot: Robot, first: str, place: Place, library: Library) -> None:
    """A robot that answers each answer is answered twenty-one times."""
    heard = answers(phone(library, place.make(UNLIMITED)), robot, first)
    assert len(heard) <= SENDER_LIMIT + 1


@pytest.mark.parametrize("robot", IN_DANGER.values(), ids=IN_DANGER)
def test_a_loop_with_a_robot_that_speaks_of_danger_ends(
    robot: Robot, place: Place, library: Library
) -> None:
    """It gets what a person has, what is left for emergencies, and one short line."""
    heard = answers(phone(library, place.make(UNLIMITED)), robot, "hei")
    assert len(heard) == SENDER_LIMIT + EMERGENCY_LIMIT + 1
    assert heard[-1] == library.throttled
    assert library.throttled not in heard[:-1]


def test_who_is_in_danger_is_never_left_alone(place: Place, library: Library) -> None:
    """However often she writes, each minute she reads the numbers, and after a while all of it."""
    send = phone(library, place.make(UNLIMITED))
    danger = send("ratunku")
    while (heard := send("ratunku")) != library.throttled:
        assert heard == danger
    for _ in range(5):
        assert [send("ratunku"), send("112")] == ["", ""]
        place.wait(EMERGENCY_SHORT_EVERY)
        assert send("ratunku") == library.throttled
    place.wait(SENDER_WINDOW)
    assert send("ratunku") == danger


def test_a_danger_is_hers_alone(place: Place, library: Library) -> None:
    """What one person's emergencies spend is missing to nobody."""
    send = phone(library, place.make(UNLIMITED))
    danger = send("ratunku", "+4790000002")
    while send("ratunku"):
        pass
    heard = [send("ratunku", "+4790000002") for _ in range(SENDER_LIMIT + EMERGENCY_LIMIT - 1)]
    assert set(heard) == {danger}


@pytest.mark.parametrize("later", [SENDER_WINDOW, SENDER_WINDOW + 1])
def test_what_is_counted_of_emergencies_is_bounded(
    later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more persons than so many, under no name, and not for long."""
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


def test_two_lines_that_answer_each_other(place: Place, library: Library) -> None:
    """Each of them is heard twenty-one times at most."""
    ours = phone(library, place.make(UNLIMITED))
    theirs = phone(library, MemorySessionStore())
    heard = answers(ours, lambda text: theirs(text) or "", "hei")
    assert 1 < len(heard) <= SENDER_LIMIT + 1


# 3. All together


def replies_to_many(send: Send, size: int, text: str = "hei") -> list[str]:
    """Return what numbers in a row, of one prefix, are answered."""
    return [send(text, f"+37166{number:06}") for number in range(size)]


def test_five_thousand_numbers_of_one_prefix(place: Place, library: Library) -> None:
    """They use up the hour and half of the reserve: others still get the numbers to call."""
    send = phone(library, place.make(Limits(100, 1000)))
    heard = replies_to_many(send, 2000)
    assert heard == [*[place.start(library)] * 100, *[library.throttled] * 600, *[""] * 1300]
    assert send("hei", "+37166099999") == ""
    assert send("hei") == library.throttled
    assert "112" in send("112")
    assert "112" in send("in danger", "+37166999999")
    place.wait(HOUR - 1)
    assert send("hei", "+4790000002") == library.throttled
    place.wait(1)
    assert send("hei") == place.start(library)


def test_the_day_has_a_limit(place: Place, library: Library) -> None:
    """When the day is spent, new senders get the short line until midnight, hour after hour."""
    send = phone(library, place.make(Limits(10, 15)))
    heard = [send("hei", f"+479{number:07}") for number in range(10)]
    place.wait(HOUR)
    heard += [send("hei", f"+469{number:07}") for number in range(8)]
    assert heard == [*[place.start(library)] * 15, *[library.throttled] * 3]
    for hour in range(2, 24):
        place.wait(HOUR)
        assert send("hei", f"+45{hour}000000") == library.throttled
    place.wait(HOUR)
    assert send("hei") == place.start(library)


def test_the_short_line_is_said_to_each_number_once(place: Place, library: Library) -> None:
    """When the hour is spent, a number that goes on gets the short line once."""
    send = phone(library, place.make(Limits(3, 1000)))
    assert [send("hei") for _ in range(2)] == [place.start(library)] * 2
    assert send("hei", "+4790000002") == place.start(library)
    for sender in (SENDER, "+4790000002", "+4790000003"):
        assert [send("hei", sender) for _ in range(3)] == [library.throttled, "", ""]


def test_a_sender_who_was_answered_cannot_draw_on_the_reserve(place: Place) -> None:
    """However often senders write who got a full reply, the reserve is whole for new ones."""
    sessions = place.make(Limits(4, 1000))
    for _ in range(50):
        for number in range(4):
            sessions.load(CHANNEL, f"+4790000{number:03}")
    fresh = [sessions.load(CHANNEL, f"+4{number}5000000").allowance for number in range(100, 148)]
    assert fresh == [Allowance.SHORT] * 48


def test_a_sender_draws_on_the_reserve_once_an_hour(place: Place) -> None:
    """Numbers that write every ten minutes cannot empty it for those that have not written."""
    sessions = place.make(Limits(1, 1000))
    sessions.load(CHANNEL, SENDER)

    def load(number: int) -> Allowance:
        return sessions.load(CHANNEL, f"+4{number}5000000").allowance

    for _ in range(5):
        drawn = [load(number) for number in range(100, 106)]
        place.wait(SENDER_WINDOW)
    assert drawn == [Allowance.NONE] * 6
    assert [load(number) for number in range(200, 206)] == [Allowance.SHORT] * 6
    place.wait(SENDER_WINDOW)
    assert load(100) is Allowance.FULL


def test_an_hour_ends_on_the_hour(place: Place) -> None:
    """In every process at the same moment."""
    sessions = place.make(Limits(1, 1000))
    allowances: list[Allowance] = []
    for seconds in (0, 1800, 1799, 1):
        place.wait(seconds)
        allowances.append(sessions.load(CHANNEL, f"+479{len(allowances)}00000").allowance)
    assert allowances == [Allowance.FULL, Allowance.SHORT, Allowance.SHORT, Allowance.FULL]


def test_who_gets_no_answer_gets_no_key(redis: RedisServer) -> None:
    """Only replies are counted: a sender who got none has the whole limit afterwards."""
    sessions = RedisSessionStore(client_factory(redis.url), SECRET, limits=Limits(1, 1))
    allowances = [sessions.load(CHANNEL, f"+47900000{number}").allowance for number in range(9)]
    assert allowances == [Allowance.FULL, *[Allowance.SHORT] * 2, *[Allowance.NONE] * 6]
    counts = [redis.client.get(key) for key in redis.client.keys("*count*")]
    assert sorted(map(str, counts)) == ["1", str(SENDER_LIMIT + 1), str(SENDER_LIMIT + 1)]


def test_one_number_cannot_spend_the_hour(place: Place, library: Library) -> None:
    """Messages without a reply are not counted: a loop leaves the hour to others."""
    send = phone(library, place.make(Limits(100, 100)))
    for _ in range(500):
        send("hei")
    assert send("hei", "+4790000002") == place.start(library)


def test_what_a_process_counts_is_bounded() -> None:
    """However many numbers write, there are no more rows than replies, and not for long."""
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
    assert "37166000" not in repr(rows)  # fewer digits are in a pseudonym now and then
    clock.now += HOUR
    sessions.load(CHANNEL, SENDER)
    assert len(rows) == 1
    drawn = [vars(window)["_drawn"] for window in windows.values()]
    assert [len(one) for one in drawn] == [0, 0, 0, 1]


def test_a_clock_that_was_wrong_ends_no_window_late() -> None:
    """A machine that starts in 2036 and is corrected counts anew, and no key outlives a day."""
    clock, wall = Clock(MIDNIGHT), Clock(MIDNIGHT)
    wall.now += 10 * 365 * 86_400
    sessions = MemorySessionStore(clock, limits=Limits(1, 1), wall=wall)
    assert sessions.load(CHANNEL, SENDER).allowance is Allowance.FULL
    assert sessions.load(CHANNEL, "+4790000002").allowance is Allowance.SHORT
    wall.now = clock.now
    assert sessions.load(CHANNEL, "+4790000003").allowance is Allowance.FULL


# 4. Wherever it is counted


def test_memory_and_redis_count_alike(redis: RedisServer) -> None:
    """Many people, at random, over hours: each message gets the same allowance."""
    chance = random.Random(7)
    both = [places(redis)[name] for name in ("memory", "redis")]
    memory, shared = (place.make(Limits(60, 400)) for place in both)
    seen = set()
    for _ in range(4000):
        who = f"+47900000{chance.randrange(12):02}"
        counts = chance.random() < 0.9
        one, other = (sessions.load(CHANNEL, who, counts) for sessions in (memory, shared))
        assert one.allowance == other.allowance
        seen.add(one.allowance)
        if chance.random() < 0.05:
            seconds = chance.choice([1, 100, SENDER_WINDOW, HOUR])
            both[0].wait(seconds)  # ages Redis too
            both[1].wait(0)
            vars(vars(shared)["_limiter"])["_clock"].now += seconds
    assert seen == set(Allowance)


def test_processes_share_a_count(redis: RedisServer, library: Library) -> None:
    """Whichever process gets her message, she has one budget, and all have one hour."""
    lines = [phone(library, RedisSessionStore(client_factory(redis.url), SECRET)) for _ in range(3)]
    heard = [lines[turn % 3]("hei") for turn in range(40)]
    assert heard == [*[library.start] * SENDER_LIMIT, library.throttled, *[""] * 19]
    redis.client.flushall()
    processes = [
        RedisSessionStore(client_factory(redis.url), SECRET, limits=Limits(30, 100))
        for _ in range(3)
    ]
    allowances = [
        processes[turn % 3].load(CHANNEL, f"+3716{turn:07}").allowance for turn in range(600)
    ]
    # 300 short lines a day; of one prefix each process gives as many as are left: a fourth.
    short, none = Allowance.SHORT, Allowance.NONE
    assert allowances == [*[Allowance.FULL] * 30, *[short] * 225, *[none] * 345]


def test_a_limit_holds_when_redis_goes_away(own_redis: RedisServer) -> None:
    """A process keeps the count that it saw: an outage does not give everybody a second hour."""
    first, second = (
        RedisSessionStore(client_factory(own_redis.url), SECRET, limits=Limits(10, 100))
        for _ in range(2)
    )
    for number in range(9):
        first.load(CHANNEL, f"+479000000{number}")
    assert second.load(CHANNEL, "+4790000010").allowance is Allowance.FULL
    own_redis.stop()
    assert second.load(CHANNEL, "+4790000011").allowance is Allowance.SHORT


def test_processes_whose_clocks_differ_have_hours_of_their_own(redis: RedisServer) -> None:
    """A process two seconds ahead does not take the old hour's count for the new one's."""
    behind, ahead = Clock(MIDNIGHT + HOUR - 1), Clock(MIDNIGHT + HOUR - 1)
    processes = [
        RedisSessionStore(client_factory(redis.url), SECRET, clock, Limits(1, 100), clock)
        for clock in (behind, ahead)
    ]
    assert processes[0].load(CHANNEL, SENDER).allowance is Allowance.FULL
    ahead.now += 2
    assert processes[1].load(CHANNEL, "+4790000002").allowance is Allowance.FULL
    assert processes[0].load(CHANNEL, "+4790000003").allowance is Allowance.SHORT


@pytest.mark.parametrize("loses", ["all", "the salt"])
def test_a_redis_that_forgets_lets_no_loop_run(
    loses: str, redis: RedisServer, library: Library
) -> None:
    """A Redis that starts anew after each message, as one that is killed again and again."""
    send = phone(library, RedisSessionStore(client_factory(redis.url), SECRET))
    heard = []
    for _ in range(100):
        heard.append(send("hei"))
        redis.client.flushall() if loses == "all" else redis.client.delete("{rights-line}:salt")
    assert heard == [*[library.start] * SENDER_LIMIT, library.throttled, *[""] * 79]


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
def test_a_redis_that_cannot_count_costs_no_memory(
    degrade: Callable[[RedisServer], None], own_redis: RedisServer, library: Library
) -> None:
    """The language of the sender is still known, and the process counts alone."""
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


# 5. Every key ends


def endless(server: RedisServer) -> list[str]:
    """Return the keys that would stay, or stay too long."""
    most = {"hour": HOUR, "reserve-hour": HOUR, "count": SENDER_WINDOW}
    lives = {key: server.client.ttl(key) for key in server.client.scan_iter()}
    return [
        key for key, life in lives.items() if not 0 < life <= most.get(key.split(":")[1], 25 * HOUR)
    ]


def test_a_process_that_dies_in_between_leaves_no_key_for_ever(
    relay: Relay, redis: RedisServer
) -> None:
    """Wherever in what it asks the process is cut off, each key that is there ends."""
    clock = Clock(MIDNIGHT)
    asked_in_full = []

    def measure(client: socket.socket, server: socket.socket, asked: bytes) -> None:
        asked_in_full.append(len(asked))
        server.sendall(asked)

    def cut_after(size: int) -> Callable[[socket.socket, socket.socket, bytes], None]:
        def fault(client: socket.socket, server: socket.socket, asked: bytes) -> None:
            server.sendall(asked[:size])
            if size >= len(asked):
                server.recv(65536)  # it has been done, and nobody hears of it
            client.shutdown(socket.SHUT_RDWR)

        return fault

    sessions = RedisSessionStore(client_factory(relay.url), SECRET, clock, wall=clock)
    assert sessions.load(CHANNEL, SENDER).is_stored
    relay.fault = measure
    sessions.load(CHANNEL, SENDER)
    counted = set()
    for step, size in enumerate([*range(0, max(asked_in_full), 40), 65536]):
        relay.fault = None
        clock.now += 100
        assert sessions.load(CHANNEL, f"+4792{step:06}").is_stored  # connected, with the salt
        relay.fault = cut_after(size)
        sessions.load(CHANNEL, f"+4793{step:06}")
        assert endless(redis) == []
        counted.add(len(redis.client.keys("*count*")) - step)
    assert len(counted) == 2, "no cut was before, or none after, what counts"


def test_every_key_ends_at_every_moment(redis: RedisServer) -> None:
    """While messages are counted, keys looked at at any moment have an end."""
    limits = Limits(50, 1000)
    processes = [
        RedisSessionStore(client_factory(redis.url), SECRET, limits=limits) for _ in range(2)
    ]
    until, seen = time.monotonic() + 2, 0
    while time.monotonic() < until:
        for turn, process in enumerate(processes):
            process.save(process.load(CHANNEL, f"+479{seen % 97 + turn}"), "pl")
            assert endless(redis) == []
        seen += 1
        if seen % 50 == 0:
            redis.client.flushall()
    assert seen > 20


# 6. The variable


@pytest.mark.parametrize("with_redis", [False, True], ids=["memory", "redis"])
@pytest.mark.parametrize("variable", ["RIGHTS_LINE_HOURLY", "RIGHTS_LINE_DAILY"])
def test_the_operator_sets_the_limits(
    variable: str, with_redis: bool, redis: RedisServer, library: Library
) -> None:
    """Each variable reaches what counts."""
    environ = {**twilio_phone.ENVIRON, variable: "2"}
    environ |= redis_environ(redis.url) if with_redis else {}
    send = phone_of(create_app(environ).test_client())
    assert replies_to_many(send, 4) == [
        library.start,
        library.start,
        library.throttled,
        library.throttled,
    ]
