"""The store in Redis: its keys, its commands, its round trips, and values that are malformed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rights_line.core.library import Library
from rights_line.core.limits import SENDER_LIMIT, SENDER_WINDOW
from rights_line.sessions import PREFIX, TAG_TTL
from rights_line.sessions.redis_script import SALT_KEY, SCRIPT, WINDOW_KEYS
from rights_line.settings import Settings
from rights_line.web.app import open_app_sessions
from tests.support import twilio_phone
from tests.support.canary import leaks
from tests.support.clock import TUESDAY
from tests.support.redis_line import (
    ANY_WORD,
    Relay,
    keys_with_wrong_ttl,
    redis_environ,
    screen,
    sessions_at,
)
from tests.support.servers import RedisServer
from tests.support.sms_line import CHANNEL, client_of, phone
from tests.support.twilio_phone import SENDER

KEY = re.compile(re.escape(PREFIX) + "[0-9a-f]{32}")
COUNT_KEY = re.compile(re.escape(f"{PREFIX}count:") + "[0-9a-f]{32}")
WINDOW_KEY = re.compile(f"(?:{'|'.join(map(re.escape, WINDOW_KEYS))})[0-9]{{10}}")  # its end

HOUR, DAY = 3600, 86_400

# 1. Data in Redis

WALK = [
    *(ANY_WORD, "9", "4", "41", "POLSKI", "0", "99", "ENGLISH 4", "112", "????", "22331160"),
    *("STOP", "POLSKI 4", "7", "00", "4"),
]
SENDERS = ["+4790000001", "+4790000002", "whatsapp:+48600000001"]


def content_of(server: RedisServer, tags: set[str]) -> str:
    """Return what a Redis holds: the salt, tags and counts, each with its TTL."""
    keys = sorted(server.client.scan_iter(count=1000))
    values = dict(zip(keys, map(str, server.client.mget(keys)), strict=True))
    content = repr(values)
    assert keys_with_wrong_ttl(server) == []
    assert re.fullmatch("[0-9a-f]{64}", values.pop(SALT_KEY))
    for key, value in values.items():
        if WINDOW_KEY.fullmatch(key):
            assert re.fullmatch("[1-9][0-9]*", value)
        elif COUNT_KEY.fullmatch(key):
            assert value in map(str, range(1, 2 * SENDER_LIMIT + 2))
        else:
            assert KEY.fullmatch(key)
            assert value in tags
    return content


@pytest.fixture(scope="module")
def tags(library: Library) -> set[str]:
    """Every tag that a conversation can have."""
    scripts = {row.script for row in library.languages.values()}
    codes = {code for code in library.codes if len(code) <= 2}
    marks = ("", "?", "-Latn", "-Latn?")
    return {
        *("?", *(f"?{detail}" for detail in (*scripts, *codes))),
        *(f"{tag}{mark}" for tag in library.editions for mark in marks),
        "none",  # what a message's id is kept with, before the first tag
    }


def test_redis_after_every_message_holds_only_tags_and_counts(
    redis: RedisServer, library: Library, tags: set[str]
) -> None:
    send = phone(library, sessions_at(redis.url))
    contents, most = "", 0
    for text in WALK:
        for sender in SENDERS:
            send(text, sender)
            contents += content_of(redis, tags)
            most = max(most, redis.client.dbsize())
    assert not leaks(contents.encode(), SENDERS)
    ids = len(WALK) * len(SENDERS)  # of messages: each is kept with the tag before it
    assert most == 2 * len(SENDERS) + 3 + ids, "the test saw no keys"


@pytest.mark.parametrize("text", ["00", "STOP"])
def test_redis_after_closing_holds_only_count_and_ids(
    text: str, redis: RedisServer, library: Library
) -> None:
    """The count stays; otherwise a robot could close again and again and get replies.

    The ids of the two messages stay, too, under pseudonyms of their own.
    """
    sessions = sessions_at(redis.url)
    send = phone(library, sessions)
    send("POLSKI")
    key = sessions.open_message(CHANNEL, SENDER)[0].key
    assert redis.client.get(key) == "pl"
    send(text)
    shared = (SALT_KEY, *WINDOW_KEYS)
    left = {key for key in redis.client.scan_iter() if not key.startswith(shared)}
    assert len([one for one in left if COUNT_KEY.fullmatch(one)]) == 1
    assert len([one for one in left if KEY.fullmatch(one)]) == len(left) - 1 == 2
    assert not any(key.removeprefix(PREFIX) in one for one in left)


@contextmanager
def watched(server: RedisServer) -> Iterator[list[str]]:
    """Yield a list that receives every command that Redis runs, without the script's text."""
    commands: list[str] = []
    script = SCRIPT.replace("\n", "\\n")
    with server.client.monitor() as monitor:  # type: ignore[no-untyped-call]
        yield commands
        server.client.echo("end of commands")
        for command in monitor.listen():
            if "end of commands" in command["command"]:
                return
            commands.append(command["command"].replace(script, "SCRIPT"))


def test_commands_contain_no_number(redis: RedisServer, library: Library, tags: set[str]) -> None:
    """MONITOR shows only these commands."""
    key, salt = KEY.pattern, re.escape(SALT_KEY)
    tag = "|".join(map(re.escape, tags))
    count, window = COUNT_KEY.pattern, WINDOW_KEY.pattern
    asked = rf"(?:[][, ]|\b\d{{1,5}}\b|\b{2**53}\b)+"
    allowed = re.compile(
        rf"HELLO \d|CLIENT SETINFO LIB-(NAME|VER) \S+|GET {salt}|GETEX {key} EX {TAG_TTL}"
        rf"|EVAL SCRIPT 3 {salt} {key} {key} [0-9a-f]{{64}} {TAG_TTL} {asked}"
        rf"|EVAL SCRIPT 7 {salt} {key} {count}( {window}){{3}} {key} [0-9a-f]{{64}} {asked}"
        rf"|GET ({count}|{window})|SET {count} \d+ (KEEPTTL|EX {SENDER_WINDOW})"
        rf"|SET {window} \d+ (KEEPTTL|EX \d{{1,5}})"
        rf"|SET {key} ({tag}) (NX GET )?EX {TAG_TTL}|DEL {key}"
        rf"|SET {salt} [0-9a-f]{{64}} NX GET EX {DAY}"
    )
    send = phone(library, sessions_at(redis.url))
    with watched(redis) as commands:
        for text in WALK:
            for sender in SENDERS:
                send(text, sender)
    assert len(commands) > len(WALK) * len(SENDERS)
    assert [command for command in commands if not allowed.fullmatch(command)] == []
    assert not leaks("\n".join(commands).encode(), SENDERS)


# 2. Round trips

TURNS: dict[str, tuple[list[str], str, int]] = {
    "a tag stays": (["POLSKI"], "4", 1),
    "over the limit": (["0"] * 30, "0", 1),
    "another language": (["POLSKI"], "ENGLISH 4", 2),
    "closed": (["POLSKI"], "00", 2),
}


@pytest.mark.parametrize(("before", "text", "turns"), TURNS.values(), ids=TURNS)
def test_message_waits_for_redis_at_most_twice(
    before: list[str], text: str, turns: int, relay: Relay, library: Library
) -> None:
    """Once where the tag does not change; its id takes no time of its own."""
    send = phone(library, sessions_at(relay.url))
    for previous in before:
        send(previous)
    started = relay.turns
    send(text)
    assert relay.turns - started == turns


def test_forged_message_does_not_reach_redis(relay: Relay, library: Library) -> None:
    """Redis gets no command at start-up either."""
    settings = Settings.from_environ(twilio_phone.ENVIRON | redis_environ(relay.url))
    client = client_of(library, open_app_sessions(settings))
    forged = twilio_phone.request(twilio_phone.fields("POLSKI"), token="another token")
    assert client.post(**forged).status_code == 403
    assert relay.turns == 0
    client.post(**twilio_phone.request(twilio_phone.fields("POLSKI")))
    assert relay.turns > 0


# 3. Malformed tags


def set_to(value: bytes) -> Callable[[RedisServer, str], object]:
    return lambda server, key: server.client.set(key, value, ex=TAG_TTL)


MALFORMED: dict[str, Callable[[RedisServer, str], object]] = {
    "not UTF-8": set_to(b"\xff\xfe"),
    "not a tag": set_to(b"<b>"),
    "empty": set_to(b""),
    "a list": lambda server, key: server.client.lpush(key, "pl"),
}


@pytest.mark.parametrize("spoil", MALFORMED.values(), ids=MALFORMED)
def test_open_message_malformed_tag_affects_one_sender(
    spoil: Callable[[RedisServer, str], object], redis: RedisServer, library: Library
) -> None:
    """The key is deleted, and no other sender loses a session."""
    sessions = sessions_at(redis.url)
    send = phone(library, sessions)
    send("POLSKI", "+4790000002")
    send("POLSKI")
    key = sessions.open_message(CHANNEL, SENDER)[0].key
    for text, left in (("4", "?4"), ("112", None)):
        redis.client.delete(key)
        spoil(redis, key)
        reply = send(text)
        assert (reply == library.start) is (text == "4")
        assert redis.client.get(key) == left
        assert (sessions.status(), sessions.problems()) == ("up", [])
    assert send("4", "+4790000002") == screen(library, "4", TUESDAY)
