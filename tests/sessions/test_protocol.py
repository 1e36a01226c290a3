"""Session stores in memory and in Redis behave alike."""

import random
import re

import pytest

from rights_line.core.limits import SENDER_WINDOW, Allowance, Limits
from rights_line.sessions import PREFIX, TAG_TTL
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_store import RedisSessionStore
from tests.support.clock import Clock
from tests.support.held import strings_held
from tests.support.servers import RedisServer
from tests.support.session_backends import UNLIMITED, Backend, backends
from tests.support.sms_line import CHANNEL
from tests.support.twilio_phone import SENDER

BOTH = pytest.mark.parametrize("backend", ["memory", "redis"], indirect=True)
HOUR = 3600

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
SEEN: list[Step] = [*KNOWN, ("load", "sender", "pl")]
STEPS: dict[str, list[Step]] = {
    "nothing known": [("load", "sender", None), ("load", "sender", None)],
    "saved": SEEN,
    "each kind of tag": [
        step
        for tag in ("?Arab", "?52", "pl?", "pl+", "bg-Latn", "bg-Latn?", "bg-Latn+")
        for step in (*KNOWN[:1], ("save", "sender", tag), ("load", "sender", tag), TAG_TTL)
    ],
    "changed": [*SEEN, ("save", "sender", "?"), ("load", "sender", "?")],
    "deleted": [*SEEN, ("save", "sender", None), ("load", "sender", None)],
    "nothing to delete": [*KNOWN[:1], ("save", "sender", None), ("load", "sender", None)],
    "unchanged": [*SEEN, ("save", "sender", "pl"), ("load", "sender", "pl")],
    "expired after an hour": [*KNOWN, TAG_TTL, ("load", "sender", None)],
    "kept since the last message": [
        *KNOWN,
        *(step for _ in range(3) for step in (TAG_TTL - 1, ("load", "sender", "pl"))),
        *(TAG_TTL, ("load", "sender", None)),
    ],
    "kept since the last change": [
        *(*KNOWN, TAG_TTL - 1, ("load", "sender", "pl"), ("save", "sender", "ar")),
        *(TAG_TTL - 1, ("load", "sender", "ar"), TAG_TTL, ("load", "sender", None)),
    ],
    "others do not extend it": [
        *(*KNOWN, TAG_TTL - 1, ("load", "other", None), ("save", "other", "ar")),
        *(1, ("load", "sender", None), ("load", "other", "ar")),
    ],
    "two senders": [
        *(*KNOWN, ("load", "other", None), ("save", "other", "ar")),
        *(("load", "sender", "pl"), ("save", "sender", None), ("load", "other", "ar")),
    ],
    "two channels": [*KNOWN, ("load", "sender by voice", None), ("load", "sender", "pl")],
    "odd senders": [
        step
        for sender in ("empty", "not text", "long")
        for step in (("load", sender, None), ("save", sender, "pl"), ("load", sender, "pl"))
    ],
    # Two messages at once: `4` changes nothing, and `00` deletes the tag meanwhile.
    "deleted meanwhile": [
        *(*SEEN, ("load", "sender again", "pl"), ("save", "sender again", None)),
        *(("save", "sender", "pl"), ("load", "sender", None)),
    ],
}


@BOTH
@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_memory_and_redis_keep_identical_tags(steps: list[Step], backend: Backend) -> None:
    sessions, loaded = backend.make(), {}
    for step in steps:
        match step:
            case "load", sender, tag:
                loaded[sender] = sessions.open_message(*SENDER_IDS[sender])[0]
                assert (loaded[sender].tag, loaded[sender].is_stored) == (tag, True), step
            case "save", sender, tag:
                assert sessions.save(loaded[sender], tag), step
            case int(seconds):
                backend.wait(seconds)


@BOTH
def test_message_delivered_again_is_read_with_its_first_tag(backend: Backend) -> None:
    """For an hour; an id belongs to its sender."""
    sessions = backend.make()
    for before, after in ((None, "pl"), ("pl", "ar")):
        session = sessions.open_message(CHANNEL, SENDER, message_id=after)[0]
        assert session.tag == before
        assert sessions.save(session, after)
        again = sessions.open_message(CHANNEL, SENDER, message_id=after)[0]
        assert (again.tag, again.stored_tag) == (before, after)
    assert sessions.open_message(CHANNEL, "+4790000002", message_id="ar")[0].tag is None
    backend.wait(TAG_TTL)
    assert sessions.open_message(CHANNEL, SENDER, message_id="ar")[0].tag is None


def test_memory_and_redis_count_identically(redis: RedisServer) -> None:
    """Random senders over hours: each message gets the same allowance."""
    chance = random.Random(7)
    pair = [backends(redis)[name] for name in ("memory", "redis")]
    memory, shared = (backend.make(Limits(60, 400)) for backend in pair)
    seen = set()
    for _ in range(2000):
        sender = f"+47900000{chance.randrange(12):02}"
        counts = chance.random() < 0.9
        one, other = (
            sessions.open_message(CHANNEL, sender, counts)[1] for sessions in (memory, shared)
        )
        assert one == other
        seen.add(one)
        if chance.random() < 0.05:
            seconds = chance.choice([1, 100, SENDER_WINDOW, HOUR])
            pair[0].clock.now += seconds
            pair[1].wait(seconds)
    assert seen == set(Allowance)


Store = MemorySessionStore | RedisSessionStore


def use_store(backend: Backend, limits: Limits) -> tuple[Store, set[str]]:
    """Return a store after messages of every kind, and the pseudonyms that it holds."""
    sessions = backend.make(limits)
    for number in range(5):
        sender = f"{SENDER}{number}"
        sessions.save(sessions.open_message(CHANNEL, sender)[0], "pl")
        sessions.allow_emergency(CHANNEL, sender)
    return sessions, {
        text for text in strings_held(sessions) if re.search("(^|:)[0-9a-f]{32}$", text)
    }


def test_store_after_messages_holds_pseudonyms_only(backend: Backend) -> None:
    """No attribute of a store holds a sender, also while Redis fails; the search finds one."""
    sessions, pseudonyms = use_store(backend, Limits(2, 100))
    assert pseudonyms
    assert not [text for text in strings_held(sessions) if SENDER.strip("+") in text]
    assert strings_held({"planted": [(SENDER,)]}) & strings_held({SENDER: 1}) == {SENDER}


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [(UNLIMITED, TAG_TTL), (Limits(2, 100), 25 * HOUR)],
    ids=["an hour", "a day in which a limit was reached"],
)
def test_store_purged_after_expiry_holds_no_pseudonym(
    limits: Limits, seconds: int, backend: Backend
) -> None:
    """Tags, counts, emergencies and the notes of stale tags."""
    sessions, pseudonyms = use_store(backend, limits)
    tags = {text for text in pseudonyms if re.fullmatch(f"{re.escape(PREFIX)}[0-9a-f]{{32}}", text)}
    backend.clock.now += SENDER_WINDOW - 1
    sessions.purge()
    assert strings_held(sessions) >= pseudonyms
    backend.clock.now += TAG_TTL - SENDER_WINDOW
    sessions.purge()
    assert strings_held(sessions) >= tags
    backend.clock.now += seconds - TAG_TTL + 1
    sessions.purge()
    assert strings_held(sessions) & pseudonyms == set()


def test_memory_full_evicts_oldest_senders(clock: Clock) -> None:
    """The senders who wrote last keep their tags."""
    sessions = MemorySessionStore(clock, max_entries=10)
    senders = [f"+47{number}" for number in range(90_000_000, 90_000_100)]
    for sender in senders:
        sessions.save(sessions.open_message(CHANNEL, sender)[0], "pl")
    known = [sender for sender in senders if sessions.open_message(CHANNEL, sender)[0].tag]
    assert known == senders[-10:]


def test_memory_pseudonyms_differ_by_process_and_are_replaced(clock: Clock) -> None:
    """The key of a process is random, and is replaced after a minute without any tag."""
    sessions, other = MemorySessionStore(clock), MemorySessionStore(clock)
    first = sessions.open_message(CHANNEL, SENDER)[0]
    assert re.fullmatch(re.escape(PREFIX) + "[0-9a-f]{32}", first.key)
    assert first.key not in repr(first)
    assert other.open_message(CHANNEL, SENDER)[0].key != first.key
    clock.now += TAG_TTL + 59
    assert sessions.open_message(CHANNEL, SENDER)[0].key == first.key
    clock.now += TAG_TTL + 60
    assert sessions.open_message(CHANNEL, SENDER)[0].key != first.key
