"""Pseudonyms and their salt: one salt for all processes, rotation, and the TTL of every key."""

import hashlib
import hmac
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from rights_line.channels import load_channels
from rights_line.core.library import Library
from rights_line.sessions import PREFIX, TAG_TTL, daily_session_secret, session_pseudonym
from rights_line.sessions.redis_client import redis_client_factory
from rights_line.sessions.redis_script import SALT_KEY
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support import twilio_phone
from tests.support.clock import Clock
from tests.support.held import strings_held
from tests.support.redis_line import SECRET, Relay, keys_with_wrong_ttl, relay_to, sessions_at
from tests.support.servers import RedisServer
from tests.support.sms_line import CHANNEL, line_of, phone
from tests.support.twilio_phone import ENVIRON, SENDER, fields, keyed

DAY = 86_400
PSEUDONYM = re.compile("[0-9a-f]{32}$")
TEXTS = ("hei", "POLSKI", "4", "41", "ENGLISH 4", "99", "9", "00", "ARABI", "STOP", "112")


def pseudonyms(redis: RedisServer) -> set[str]:
    """Return the keys that contain a pseudonym."""
    return {key for key in redis.client.scan_iter() if PSEUDONYM.search(key)}


def key_of(sessions: RedisSessionStore) -> str:
    return sessions.open_message(CHANNEL, SENDER)[0].key


# 1. Secrets


def all_secrets(redis: RedisServer) -> Iterator[bytes]:
    """Yield the secrets that can be derived from the operator's secret and Redis."""
    values = [redis.client.get(key) for key in redis.client.scan_iter()]
    yield from (b"", SECRET.encode())
    for salt in ["", SALT_KEY, "None", SECRET, *map(str, values)]:
        yield daily_session_secret(SECRET, salt)
        yield daily_session_secret(salt, SECRET)
        yield hashlib.sha256((SECRET + salt).encode()).digest()
        yield hmac.digest(b"", (SECRET + salt).encode(), "sha256")
        yield (SECRET + salt).encode()


def recomputed(redis: RedisServer, keys: set[str]) -> set[str]:
    """Return the keys that somebody with all secrets can compute for `SENDER`."""
    labels = {key.removeprefix(PREFIX)[:-32] for key in keys}
    made = {
        PREFIX + label + session_pseudonym(secret, label + CHANNEL, SENDER)[-32:]
        for secret in all_secrets(redis)
        for label in labels
    }
    return made & keys


def test_key_depends_on_salt_and_secret(redis: RedisServer) -> None:
    """The same salt and secret give the same key; write access to Redis does not weaken it."""
    key = key_of(sessions_at(redis.url))
    assert key_of(sessions_at(redis.url)) == key
    assert key_of(RedisSessionStore(redis_client_factory(redis.url), SECRET[::-1])) != key
    redis.client.delete(SALT_KEY)
    assert key_of(sessions_at(redis.url)) != key
    redis.client.set(SALT_KEY, "", ex=DAY)
    empty = session_pseudonym(daily_session_secret(SECRET, ""), CHANNEL, SENDER)
    assert key_of(sessions_at(redis.url)) == empty


# As after a day; as when the salt was missing for a moment; as when Redis restarts.
LOSSES: dict[str, Callable[[RedisServer], object]] = {
    "deleted": lambda redis: redis.client.delete(SALT_KEY),
    "replaced": lambda redis: redis.client.set(SALT_KEY, os.urandom(32).hex(), ex=DAY),
    "all keys lost": lambda redis: redis.client.flushall(),
}


@pytest.mark.parametrize("rotation", ["deleted", "replaced"])
def test_keys_after_salt_rotation_cannot_be_recomputed(rotation: str, redis: RedisServer) -> None:
    """The operator's secret and all of Redis do not identify keys under an old salt.

    The process that made them forgets the salt as soon as it has seen a new one.
    """
    sessions = sessions_at(redis.url)
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "pl")
    keys, salt = pseudonyms(redis), str(redis.client.get(SALT_KEY))
    assert recomputed(redis, keys) == keys != set(), "the search found nothing"
    assert salt in strings_held(sessions)

    LOSSES[rotation](redis)
    assert sessions.open_message(CHANNEL, SENDER)[0].tag is None

    assert pseudonyms(redis) >= keys
    assert recomputed(redis, keys) == set()
    assert salt not in strings_held(sessions)
    assert salt not in [redis.client.get(key) for key in redis.client.scan_iter()]


def test_idle_process_forgets_salt(redis: RedisServer, clock: Clock) -> None:
    """Ten minutes after the last message; otherwise the salt would outlive its day."""
    sessions = sessions_at(redis.url, clock)
    sessions.save(sessions.open_message(CHANNEL, SENDER)[0], "pl")
    salt = str(redis.client.get(SALT_KEY))
    clock.now += TAG_TTL - 1
    sessions.purge()
    assert salt in strings_held(sessions)
    clock.now += 1
    sessions.purge()
    assert salt not in strings_held(sessions)
    assert sessions.open_message(CHANNEL, SENDER)[0].tag == "pl"


# 2. One salt for all processes


@pytest.mark.parametrize("lose_salt", LOSSES.values(), ids=LOSSES)
def test_processes_salt_lost_agree_on_new_salt(
    lose_salt: Callable[[RedisServer], object], redis: RedisServer
) -> None:
    """No process uses the lost salt, and its tags are not found again."""
    processes = [sessions_at(redis.url) for _ in range(3)]
    for rotation in range(3):
        [before] = {key_of(process) for process in processes}
        processes[0].save(processes[0].open_message(CHANNEL, SENDER)[0], "pl")
        assert [process.open_message(CHANNEL, SENDER)[0].tag for process in processes] == ["pl"] * 3
        lose_salt(redis)
        # Each process is the first to notice once.
        processes = [*processes[rotation:], *processes[:rotation]]
        [after] = {key_of(process) for process in [*processes, sessions_at(redis.url)]}
        assert after not in ("", before)
        assert processes[0].open_message(CHANNEL, SENDER)[0].tag is None


def test_processes_started_together_agree_on_salt(redis: RedisServer) -> None:
    """Eight processes meet an empty Redis at the same moment."""
    size = 8
    with ThreadPoolExecutor(size) as pool:
        for _ in range(10):
            redis.client.flushall()
            processes = [sessions_at(redis.url) for _ in range(size)]
            barrier = threading.Barrier(size)

            def load(process: RedisSessionStore, wait: Callable[[], int] = barrier.wait) -> str:
                wait()
                return key_of(process)

            assert len(set(pool.map(load, processes))) == 1


# 3. Every key has a TTL at every moment


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


def test_keys_after_every_command_have_ttl(redis: RedisServer, library: Library) -> None:
    """A process that is killed at any moment leaves no key without a TTL."""
    inspections: list[list[str]] = []
    with command_by_command(redis, lambda: inspections.append(keys_with_wrong_ttl(redis))) as relay:
        send = phone(library, sessions_at(relay.url))
        for sender in (SENDER, f"whatsapp:{SENDER}"):
            for text in TEXTS:
                send(text, sender)
    assert len(inspections) > 2 * len(TEXTS)
    assert not [keys for keys in inspections if keys]
    redis.client.set("planted", "1")
    assert keys_with_wrong_ttl(redis) == ["planted"]


def test_ussd_and_voice_store_no_key(relay: Relay, library: Library) -> None:
    """USSD sessions and calls send Redis no command; a text does."""
    token = "a-secret-part-of-an-address"
    names = ["twilio_sms", "twilio_voice", "africastalking_ussd"]
    channels = load_channels(names, ENVIRON | {"AFRICASTALKING_TOKEN": token})
    sessions = sessions_at(relay.url)
    client = line_of(library, *channels.values(), sessions=sessions)
    for keys in ("", "9", "4", "41", "00"):
        asked = twilio_phone.request(keyed(keys), "/inbound/twilio_voice?tag=pl&place=4")
        assert client.post(**asked).status_code == 200
        dialled = {"sessionId": "1", "phoneNumber": SENDER, "text": f"9*{keys}"}
        answer = client.post(f"/inbound/africastalking_ussd/{token}", data=dialled)
        assert answer.status_code == 200
    assert relay.turns == 0
    client.post(**twilio_phone.request(fields("POLSKI")))
    assert relay.turns > 0
