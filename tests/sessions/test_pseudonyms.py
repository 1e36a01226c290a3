"""The salt rolls while people write, processes are killed between commands: nobody gets an error,
no key is without an end, and what was kept under an old salt is nobody's."""

import hashlib
import hmac
import itertools
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import MappingProxyType

import pytest

from rights_line.core.library import Library
from rights_line.core.rate_limit import SENDER_WINDOW
from rights_line.sessions import PREFIX, daily_secret, pseudonym
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.clock import Clock
from tests.support.redis_line import SECRET, Relay, redis_environ, relay_to
from tests.support.servers import RedisServer, free_port, gunicorn
from tests.support.twilio_phone import ENVIRON, SENDER, fields, keyed, reply_text
from tests.support.waiting import PATIENCE, wait_until

DAY = 86_400
CHANNEL = "twilio_sms"
PSEUDONYM = re.compile("[0-9a-f]{32}$")
WALK = ("hei", "POLSKI", "4", "41", "ENGLISH 4", "99", "9", "00", "ARABI", "STOP", "112")


def endless(redis: RedisServer) -> list[str]:
    """Return the keys, of whatever kind, that have no end, or one after more than a day."""
    lives = {key: redis.client.ttl(key) for key in redis.client.scan_iter()}
    return [key for key, life in lives.items() if life == -1 or life > DAY]


def pseudonyms(redis: RedisServer) -> set[str]:
    """Return the keys that stand for somebody."""
    return {key for key in redis.client.scan_iter() if PSEUDONYM.search(key)}


def post(connection: HTTPConnection, text: str, sender: str) -> tuple[int, str]:
    """Send a signed SMS; return the status and what is said."""
    asked = twilio_phone.request(fields(text, sender))
    headers = {"Content-Type": asked["content_type"], **asked["headers"]}
    connection.request("POST", asked["path"], asked["data"], headers)
    answer = connection.getresponse()
    return answer.status, reply_text(answer.read())


# 1. The salt rolls


def delete(redis: RedisServer) -> None:
    """It is gone, as after a day."""
    redis.client.delete(SALT_KEY)


def change(redis: RedisServer) -> None:
    """Another stands in its place, as when it was gone for a moment."""
    redis.client.set(SALT_KEY, os.urandom(32).hex(), ex=DAY)


def expire(redis: RedisServer) -> None:
    """It ends by itself, in a moment."""
    redis.client.pexpire(SALT_KEY, 20)


def test_the_salt_rolls_under_load(redis: RedisServer, library: Library, tmp_path: Path) -> None:
    """With two processes and eight people writing, thirty changes cost nobody more than a tag."""
    environ = ENVIRON | redis_environ(redis.url) | {"OUTPUT": str(tmp_path / "output")}
    rolled = threading.Event()
    answers: list[tuple[str, int, str]] = []
    unending: list[str] = []

    def write(address: str, first: int) -> None:
        connection = HTTPConnection(address, timeout=10)
        for number in itertools.count(first):  # somebody else each time: each has a budget
            for text in ("POLSKI", "0", "00"):
                answers.append((text, *post(connection, text, f"+47{number}")))
            if rolled.is_set():
                break
        connection.close()

    with (
        gunicorn(environ, "--workers", "2") as (url, output),
        ThreadPoolExecutor(8) as people,
    ):
        address = url.removeprefix("http://")
        writing = [people.submit(write, address, 9000000 + number * 100000) for number in range(8)]
        try:
            for roll in (delete, change, expire) * 10:
                time.sleep(0.1)
                roll(redis)
                unending += endless(redis)
        finally:
            rolled.set()  # or they would write for ever
        for one in writing:
            one.result(PATIENCE)

    polish, start = answered("POLSKI"), library.start
    allowed = {"POLSKI": polish, "0": polish | {start}, "00": {library.goodbye}}
    # A machine that is busy lets Redis be late, and then nothing is remembered for a second.
    spelled = answered("POLSKI", redis_environ(f"redis://127.0.0.1:{free_port()}/0"))
    busy = {"POLSKI": spelled, "0": spelled | {library.start_stateless}, "00": {library.goodbye}}
    assert len(answers) > 100
    assert not [
        row for row in answers if row[1] != 200 or row[2] not in allowed[row[0]] | busy[row[0]]
    ]
    assert sum(row[2] in allowed[row[0]] for row in answers) > len(answers) / 2
    assert ("0", 200, library.start) in answers, "no salt was seen to roll"
    outcomes = set(re.findall('"inbound".*"outcome": "([^"]+)"', output.read_text()))
    assert outcomes - {"answered without session"} == {"answered"}
    assert unending == []


def answered(text: str, environ: Mapping[str, str] = MappingProxyType({})) -> set[str]:
    """Return what a line says to a first word, with a memory of its own unless there are variables.

    What is closed now depends on when.
    """
    client = create_app({**ENVIRON, **environ}).test_client()
    return {reply_text(client.post(**twilio_phone.request(fields(text))).data)}


def all_secrets(redis: RedisServer) -> Iterator[bytes]:
    """Yield all that can be made of the operator's secret and of whatever Redis holds."""
    values = [redis.client.get(key) for key in redis.client.scan_iter()]
    for salt in ["", SALT_KEY, "None", SECRET, *map(str, values)]:
        yield daily_secret(SECRET, salt)
        yield daily_secret(salt, SECRET)
        yield hashlib.sha256((SECRET + salt).encode()).digest()
        yield hmac.digest(b"", (SECRET + salt).encode(), "sha256")
        yield (SECRET + salt).encode()


def recomputed(redis: RedisServer, keys: set[str]) -> set[str]:
    """Return the keys, whatever their labels, that somebody with all secrets finds for her."""
    labels = {key.removeprefix(PREFIX)[:-32] for key in keys}
    made = {
        PREFIX + label + pseudonym(secret, label + CHANNEL, SENDER)[-32:]
        for secret in all_secrets(redis)
        for label in labels
    }
    return made & keys


@pytest.mark.parametrize("roll", [delete, change, expire])
def test_what_was_kept_before_a_roll_is_nobodys(
    roll: Callable[[RedisServer], None], redis: RedisServer
) -> None:
    """With the operator's secret and all of Redis in hand: today's keys are found, older ones not.

    Nor does the process that made them still know the salt, once it has seen that it is gone.
    """
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    kept, salt = pseudonyms(redis), str(redis.client.get(SALT_KEY))
    assert kept
    assert recomputed(redis, kept) == kept, "the search finds nothing at all"
    assert knows(sessions, salt)

    roll(redis)
    wait_until(lambda: redis.client.get(SALT_KEY) != salt)
    assert sessions.load(CHANNEL, SENDER).tag is None

    assert pseudonyms(redis) >= kept
    assert recomputed(redis, kept) == set()
    assert not knows(sessions, salt)
    assert salt not in [redis.client.get(key) for key in redis.client.scan_iter()]


def knows(sessions: RedisSessionStore, salt: str) -> bool:
    """Tell whether a process has a salt, or what keys are made with under it."""
    state = repr(vars(vars(sessions)["_pseudonyms"]))
    return salt in state or repr(daily_secret(SECRET, salt)) in state


def test_a_process_at_rest_knows_no_salt(redis: RedisServer) -> None:
    """When nobody has written for ten minutes it is the next to write who asks Redis for it.

    A process that nobody writes to would else know it for as long as it runs, after its day too.
    """
    clock = Clock()
    sessions = RedisSessionStore(client_factory(redis.url), SECRET, clock)
    sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    salt = str(redis.client.get(SALT_KEY))
    clock.now += SENDER_WINDOW - 1
    vars(sessions)["_limiter"].evict_expired()
    assert knows(sessions, salt), "the search finds nothing at all"
    clock.now += 1
    wait_until(lambda: not knows(sessions, salt))
    assert sessions.load(CHANNEL, SENDER).tag == "pl"


def test_what_keys_are_made_with_is_made_once(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And again only under another salt."""
    made: list[str] = []

    def make(secret: str, salt: str) -> bytes:
        made.append(salt)
        return daily_secret(secret, salt)

    salts = [letter * 64 for letter in "bac"]  # one before the last, and one after
    monkeypatch.setattr("rights_line.sessions.daily_salt.daily_secret", make)
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    for salt in salts:
        redis.client.set(SALT_KEY, salt, ex=DAY)
        for number in range(10):
            sessions.load(CHANNEL, f"+4790000{number:03}")
    assert [salt for salt in made if salt] == salts


def test_a_salt_that_is_empty_opens_nothing(redis: RedisServer) -> None:
    """Whoever may write to Redis can make the operator's secret no shorter."""
    redis.client.set(SALT_KEY, "")
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    assert sessions.load(CHANNEL, SENDER).key == pseudonym(
        daily_secret(SECRET, ""), CHANNEL, SENDER
    )


# 2. Every key has an end, at every moment


@contextmanager
def one_by_one(redis: RedisServer, moment: Callable[[], None]) -> Iterator[Relay]:
    """Hand on commands one at a time, also those that came together; look after each."""

    def step(client: socket.socket, server: socket.socket, asked: bytes) -> None:
        answers = b""
        for command in re.split(rb"(?<=\r\n)(?=\*\d+\r\n)", asked):
            server.sendall(command)
            answers += server.recv(65536)
            moment()
        client.sendall(answers)

    with relay_to(redis.port) as relay:
        relay.fault = step
        yield relay


def test_after_every_command_every_key_has_an_end(redis: RedisServer) -> None:
    """Whenever the process is killed, nothing stays: there is no moment with a key without end."""
    moments: list[list[str]] = []
    with one_by_one(redis, lambda: moments.append(endless(redis))) as relay:
        client = create_app(ENVIRON | redis_environ(relay.url)).test_client()
        for sender in (SENDER, f"whatsapp:{SENDER}"):
            for text in WALK:
                client.post(**twilio_phone.request(fields(text, sender)))
                moments.append(endless(redis))
    assert len(moments) > 2 * len(WALK)
    assert not [keys for keys in moments if keys]
    redis.client.set("planted", "1")
    assert endless(redis) == ["planted"]


def test_a_process_that_is_killed_leaves_nothing_for_ever(
    redis: RedisServer, tmp_path: Path
) -> None:
    """A worker is killed at its first turns with Redis, before or after each: every key ends."""
    with relay_to(redis.port) as relay:
        environ = ENVIRON | redis_environ(relay.url) | {"OUTPUT": str(tmp_path / "output")}
        pid_file = tmp_path / "pid"
        with gunicorn(environ, "--pid", str(pid_file)) as (url, _):
            address, master = url.removeprefix("http://"), pid_file.read_text().strip()
            children = Path(f"/proc/{master}/task/{master}/children")
            kills, worker = 0, ""
            for turn in range(1, 5):
                for is_before in (True, False):
                    redis.client.flushall()
                    worker = next_worker(children, worker)
                    relay.fault = killer(int(worker), turn, is_before)
                    kills += is_killed(address)
                    assert endless(redis) == []
    assert kills == 8


def next_worker(children: Path, last: str) -> str:
    """Wait for the worker that takes the place of one that was killed."""
    wait_until(lambda: children.read_text().split() not in ([], [last]))
    return children.read_text().split()[-1]


def test_dialling_and_calling_leave_no_key(redis: RedisServer) -> None:
    """A session by USSD and a call ask Redis for nothing; a text does."""
    token = "a-secret-part-of-an-address"
    environ = ENVIRON | {"CHANNELS": "twilio_sms,twilio_voice,africastalking_ussd"}
    client = create_app(
        environ | {"AFRICASTALKING_TOKEN": token} | redis_environ(redis.url)
    ).test_client()
    for keys in ("", "9", "4", "41", "00"):
        asked = twilio_phone.request(keyed(keys), "/inbound/twilio_voice?tag=pl&place=4")
        assert client.post(**asked).status_code == 200
        dialled = {"sessionId": "1", "phoneNumber": SENDER, "text": f"9*{keys}"}
        answer = client.post(f"/inbound/africastalking_ussd/{token}", data=dialled)
        assert answer.status_code == 200
    assert redis.client.keys() == []
    client.post(**twilio_phone.request(fields("POLSKI")))
    assert redis.client.keys() != []


def killer(
    worker: int, turn: int, is_before: bool
) -> Callable[[socket.socket, socket.socket, bytes], None]:
    """Return what hands on commands, but kills a worker at its nth turn, before or after it."""
    turns = iter(range(1, 1000))

    def kill(client: socket.socket, server: socket.socket, asked: bytes) -> None:
        is_now = PREFIX.encode() in asked and next(turns) == turn
        if is_now and is_before:
            os.kill(worker, signal.SIGKILL)
        server.sendall(asked)
        answer = server.recv(65536)
        if is_now and not is_before:
            os.kill(worker, signal.SIGKILL)
        client.sendall(answer)

    return kill


def is_killed(address: str) -> bool:
    """Write until nobody answers; tell whether that was so."""
    try:
        for text in WALK:
            connection = HTTPConnection(address, timeout=10)
            assert post(connection, text, SENDER)[0] == 200
            connection.close()
    except (OSError, HTTPException):
        return True
    return False
