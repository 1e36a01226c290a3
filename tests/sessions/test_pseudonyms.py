"""Pseudonyms and their salt: rotation, killed processes, and the TTL of every key."""

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
TEXTS = ("hei", "POLSKI", "4", "41", "ENGLISH 4", "99", "9", "00", "ARABI", "STOP", "112")


def keys_without_ttl(redis: RedisServer) -> list[str]:
    """Return the keys without a TTL, or with one of more than a day."""
    ttls = {key: redis.client.ttl(key) for key in redis.client.scan_iter()}
    return [key for key, ttl in ttls.items() if ttl == -1 or ttl > DAY]


def pseudonyms(redis: RedisServer) -> set[str]:
    """Return the keys that contain a pseudonym."""
    return {key for key in redis.client.scan_iter() if PSEUDONYM.search(key)}


def post(connection: HTTPConnection, text: str, sender: str) -> tuple[int, str]:
    """Send a signed SMS; return the status and the text of the reply."""
    asked = twilio_phone.request(fields(text, sender))
    headers = {"Content-Type": asked["content_type"], **asked["headers"]}
    connection.request("POST", asked["path"], asked["data"], headers)
    answer = connection.getresponse()
    return answer.status, reply_text(answer.read())


# 1. Rotation of the salt


def delete(redis: RedisServer) -> None:
    """Delete the salt, as after a day."""
    redis.client.delete(SALT_KEY)


def change(redis: RedisServer) -> None:
    """Replace the salt, as when it was missing for a moment."""
    redis.client.set(SALT_KEY, os.urandom(32).hex(), ex=DAY)


def expire(redis: RedisServer) -> None:
    """Let the salt expire in a moment."""
    redis.client.pexpire(SALT_KEY, 20)


def test_salt_rotated_under_load_costs_only_tags(
    redis: RedisServer, library: Library, tmp_path: Path
) -> None:
    """Two processes, eight senders, thirty rotations."""
    environ = ENVIRON | redis_environ(redis.url) | {"OUTPUT": str(tmp_path / "output")}
    is_finished = threading.Event()
    answers: list[tuple[str, int, str]] = []
    without_ttl: list[str] = []

    def write(address: str, first: int) -> None:
        connection = HTTPConnection(address, timeout=10)
        for number in itertools.count(first):  # a new sender each time: each has an allowance
            for text in ("POLSKI", "0", "00"):
                answers.append((text, *post(connection, text, f"+47{number}")))
            if is_finished.is_set():
                break
        connection.close()

    with (
        gunicorn(environ, "--workers", "2") as (url, output),
        ThreadPoolExecutor(8) as pool,
    ):
        address = url.removeprefix("http://")
        futures = [pool.submit(write, address, 9000000 + number * 100000) for number in range(8)]
        try:
            for rotate in (delete, change, expire) * 10:
                time.sleep(0.1)
                rotate(redis)
                without_ttl += keys_without_ttl(redis)
        finally:
            is_finished.set()  # stops the threads
        for future in futures:
            future.result(PATIENCE)

    polish, start = possible_replies("POLSKI"), library.start
    allowed = {"POLSKI": polish, "0": polish | {start}, "00": {library.goodbye}}
    # On a busy machine Redis may be late; then replies have no session for a second.
    stateless = possible_replies("POLSKI", redis_environ(f"redis://127.0.0.1:{free_port()}/0"))
    allowed_when_slow = {
        "POLSKI": stateless,
        "0": stateless | {library.start_stateless},
        "00": {library.goodbye},
    }
    assert len(answers) > 100
    assert not [
        row
        for row in answers
        if row[1] != 200 or row[2] not in allowed[row[0]] | allowed_when_slow[row[0]]
    ]
    assert sum(row[2] in allowed[row[0]] for row in answers) > len(answers) / 2
    assert ("0", 200, library.start) in answers, "no rotation was seen"
    outcomes = set(re.findall('"inbound".*"outcome": "([^"]+)"', output.read_text()))
    assert outcomes - {"answered without session"} == {"answered"}
    assert without_ttl == []


def possible_replies(text: str, environ: Mapping[str, str] = MappingProxyType({})) -> set[str]:
    """Return the replies that a line may give to a first text.

    Opening hours make them depend on the time.
    """
    client = create_app({**ENVIRON, **environ}).test_client()
    return {reply_text(client.post(**twilio_phone.request(fields(text))).data)}


def all_secrets(redis: RedisServer) -> Iterator[bytes]:
    """Yield the secrets that can be derived from the operator's secret and Redis."""
    values = [redis.client.get(key) for key in redis.client.scan_iter()]
    for salt in ["", SALT_KEY, "None", SECRET, *map(str, values)]:
        yield daily_secret(SECRET, salt)
        yield daily_secret(salt, SECRET)
        yield hashlib.sha256((SECRET + salt).encode()).digest()
        yield hmac.digest(b"", (SECRET + salt).encode(), "sha256")
        yield (SECRET + salt).encode()


def recomputed(redis: RedisServer, keys: set[str]) -> set[str]:
    """Return the keys that somebody with all secrets can compute for `SENDER`."""
    labels = {key.removeprefix(PREFIX)[:-32] for key in keys}
    made = {
        PREFIX + label + pseudonym(secret, label + CHANNEL, SENDER)[-32:]
        for secret in all_secrets(redis)
        for label in labels
    }
    return made & keys


@pytest.mark.parametrize("rotate", [delete, change, expire])
def test_keys_after_salt_rotation_cannot_be_recomputed(
    rotate: Callable[[RedisServer], None], redis: RedisServer
) -> None:
    """The operator's secret and all of Redis do not identify keys under an old salt.

    The process that made them forgets the salt as soon as it has seen a new one.
    """
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    keys, salt = pseudonyms(redis), str(redis.client.get(SALT_KEY))
    assert keys
    assert recomputed(redis, keys) == keys, "the search found nothing"
    assert holds_salt(sessions, salt)

    rotate(redis)
    wait_until(lambda: redis.client.get(SALT_KEY) != salt)
    assert sessions.load(CHANNEL, SENDER).tag is None

    assert pseudonyms(redis) >= keys
    assert recomputed(redis, keys) == set()
    assert not holds_salt(sessions, salt)
    assert salt not in [redis.client.get(key) for key in redis.client.scan_iter()]


def holds_salt(sessions: RedisSessionStore, salt: str) -> bool:
    """Return whether a process holds a salt, or the secret derived from it."""
    state = repr(vars(vars(sessions)["_pseudonyms"]))
    return salt in state or repr(daily_secret(SECRET, salt)) in state


def test_idle_process_forgets_salt(redis: RedisServer) -> None:
    """Ten minutes after the last message; otherwise the salt would outlive its day."""
    clock = Clock()
    sessions = RedisSessionStore(client_factory(redis.url), SECRET, clock)
    sessions.save(sessions.load(CHANNEL, SENDER), "pl")
    salt = str(redis.client.get(SALT_KEY))
    clock.now += SENDER_WINDOW - 1
    vars(sessions)["_limiter"].evict_expired()
    assert holds_salt(sessions, salt), "the search found nothing"
    clock.now += 1
    wait_until(lambda: not holds_salt(sessions, salt))
    assert sessions.load(CHANNEL, SENDER).tag == "pl"


def test_daily_secret_is_derived_once_per_salt(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(secret: str, salt: str) -> bytes:
        made.append(salt)
        return daily_secret(secret, salt)

    salts = [letter * 64 for letter in "bac"]  # not in order: each replaces the one before
    monkeypatch.setattr("rights_line.sessions.daily_salt.daily_secret", make)
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    for salt in salts:
        redis.client.set(SALT_KEY, salt, ex=DAY)
        for number in range(10):
            sessions.load(CHANNEL, f"+4790000{number:03}")
    assert [salt for salt in made if salt] == salts


def test_empty_salt_still_uses_secret(redis: RedisServer) -> None:
    """Write access to Redis does not weaken the operator's secret."""
    redis.client.set(SALT_KEY, "")
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    assert sessions.load(CHANNEL, SENDER).key == pseudonym(
        daily_secret(SECRET, ""), CHANNEL, SENDER
    )


# 2. Every key has a TTL at every moment


@contextmanager
def command_by_command(redis: RedisServer, inspect: Callable[[], None]) -> Iterator[Relay]:
    """Relay commands one at a time, pipelined ones too; inspect after each."""

    def step(client: socket.socket, server: socket.socket, asked: bytes) -> None:
        answers = b""
        for command in re.split(rb"(?<=\r\n)(?=\*\d+\r\n)", asked):
            server.sendall(command)
            answers += server.recv(65536)
            inspect()
        client.sendall(answers)

    with relay_to(redis.port) as relay:
        relay.fault = step
        yield relay


def test_keys_after_every_command_have_ttl(redis: RedisServer) -> None:
    """A process that is killed at any moment leaves no key without a TTL."""
    inspections: list[list[str]] = []
    with command_by_command(redis, lambda: inspections.append(keys_without_ttl(redis))) as relay:
        client = create_app(ENVIRON | redis_environ(relay.url)).test_client()
        for sender in (SENDER, f"whatsapp:{SENDER}"):
            for text in TEXTS:
                client.post(**twilio_phone.request(fields(text, sender)))
                inspections.append(keys_without_ttl(redis))
    assert len(inspections) > 2 * len(TEXTS)
    assert not [keys for keys in inspections if keys]
    redis.client.set("planted", "1")
    assert keys_without_ttl(redis) == ["planted"]


def test_keys_worker_killed_have_ttl(redis: RedisServer, tmp_path: Path) -> None:
    """A worker is killed before or after each of its first four requests to Redis."""
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
                    assert keys_without_ttl(redis) == []
    assert kills == 8


def next_worker(children: Path, last: str) -> str:
    """Wait for the worker that replaces a killed one."""
    wait_until(lambda: children.read_text().split() not in ([], [last]))
    return children.read_text().split()[-1]


def test_ussd_and_voice_store_no_key(redis: RedisServer) -> None:
    """USSD sessions and calls send Redis no command; a text does."""
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
    """Return a fault that kills a worker before or after its nth request to Redis."""
    turns = iter(range(1, 1000))

    def kill(client: socket.socket, server: socket.socket, asked: bytes) -> None:
        is_turn = PREFIX.encode() in asked and next(turns) == turn
        if is_turn and is_before:
            os.kill(worker, signal.SIGKILL)
        server.sendall(asked)
        answer = server.recv(65536)
        if is_turn and not is_before:
            os.kill(worker, signal.SIGKILL)
        client.sendall(answer)

    return kill


def is_killed(address: str) -> bool:
    """Send texts; return whether the worker was killed meanwhile."""
    try:
        for text in TEXTS:
            connection = HTTPConnection(address, timeout=10)
            assert post(connection, text, SENDER)[0] == 200
            connection.close()
    except (OSError, HTTPException):
        return True
    return False
