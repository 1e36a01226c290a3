"""`rights-line drill`: all that is held about a number, and nothing that is not."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rights_line.channels import available
from rights_line.content.loader import ROOT
from rights_line.errors import ConfigurationError
from rights_line.ops.data_request import data_held
from rights_line.sessions import PREFIX, daily_secret, pseudonym
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.web.app import create_app
from tests.support import canary, twilio_phone
from tests.support.redis_line import SECRET, redis_environ
from tests.support.routes import ALL_ROUTES, ENVIRON, KannelPostRoute, Route
from tests.support.servers import RedisServer, free_port

TYPED = canary.NUMBER
NEIGHBOUR = "+4797531865"
CHANNEL = "twilio_sms"
ALL = (CHANNEL, "try_it", "kannel_sms")


def used(redis: RedisServer, *people: tuple[str, str, str]) -> dict[str, str]:
    """Let people have used the line: channel, sender and tag; return the line's variables."""
    sessions = RedisSessionStore(client_factory(redis.url), SECRET)
    for channel, sender, tag in people:
        sessions.save(sessions.load(channel, sender), tag)
    return redis_environ(redis.url)


def run(environ: Mapping[str, str], *arguments: str, given: str = "") -> tuple[int, str]:
    """Run the command as an operator does; return its exit code and all it writes."""
    done = subprocess.run(
        [sys.executable, "-c", "from rights_line.cli import main; exit(main())", *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        timeout=30,
    )
    assert not canary.leaks(done.stdout.encode(), {TYPED}), "it wrote the number"
    return done.returncode, done.stdout


def later(redis: RedisServer, seconds: int) -> None:
    """Bring the end of every key nearer, as if time had passed; Redis' own clock does the rest."""
    for key in redis.client.scan_iter():
        redis.client.pexpire(key, redis.client.pttl(key) - 1000 * seconds)


def of_people(redis: RedisServer) -> list[str]:
    """Return the keys that end in a pseudonym."""
    return [key for key in redis.client.scan_iter() if re.search("[0-9a-f]{32}$", key)]


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([TYPED], ""),
        (TYPED.replace("47", "47 ", 1).split(), ""),
        ([], f"{TYPED}\n"),
        (["--channel", CHANNEL, f"00{TYPED[1:]}"], ""),
    ],
    ids=["as an argument", "in groups", "asked for", "on one channel"],
)
def test_right_after_use(arguments: list[str], given: str, redis: RedisServer) -> None:
    """The language, and in how many seconds it is gone; of whoever else wrote, how many keys."""
    environ = used(redis, (CHANNEL, TYPED, "pl"), (CHANNEL, NEIGHBOUR, "ar"))

    code, report = run(environ, "drill", *arguments, given=given)

    assert code == 0
    assert "twilio_sms: gets replies in the language pl, expires in " in report
    seconds = int(report.partition("expires in ")[2].split()[0])
    assert 500 < seconds <= 600
    assert " ar" not in report


CALLED = {
    "SMS": (CHANNEL, TYPED, "pl", "twilio_sms: gets replies in the language pl"),
    "WhatsApp": (
        CHANNEL,
        f"whatsapp:{TYPED}",
        "?",
        "twilio_sms: was shown the list of languages ?",
    ),
    "without a plus": (CHANNEL, TYPED[1:], "pl", "twilio_sms: gets replies in the language pl"),
    "Kannel": ("kannel_sms", TYPED[1:], "pl", "kannel_sms: gets replies in the language pl"),
    "Kannel without the country": (
        *("kannel_sms", TYPED[3:], "pl", "kannel_sms: gets replies in the language pl"),
    ),
    "another gateway": ("try_it", TYPED, "pl", "try_it: gets replies in the language pl"),
}


@pytest.mark.parametrize(("channel", "sender", "tag", "line"), CALLED.values(), ids=CALLED)
def test_it_is_found_however_a_gateway_writes_it(
    channel: str, sender: str, tag: str, line: str, redis: RedisServer
) -> None:
    """On every gateway, as each of them calls her."""
    environ = used(redis, (channel, sender, tag))

    report = data_held(environ, TYPED, ALL)

    assert line in [one.partition(",")[0] for one in report]


def test_it_knows_what_each_gateway_calls_her(redis: RedisServer) -> None:
    """She writes by each gateway that keeps something; her number, typed once, finds all of it."""
    environ = ENVIRON | redis_environ(redis.url)
    client = create_app(environ).test_client()
    for route in ALL_ROUTES:
        client.open(route.path, method=route.method, **sent(route))
    ours = of_people(redis)

    report = "\n".join(data_held(environ, TYPED, available()))

    assert {key for key in ours if "count" not in key}
    assert "Keys of other people: 0." in report
    assert {name for name in available() if f"{name}: gets replies in" in report} == {
        *("twilio_sms", "kannel_sms", "try_it")
    }


def sent(route: Route) -> dict[str, Any]:
    """Return what Flask's test client is to send of her choice of a language."""
    form = route.fields("POLSKI")
    if route.method == "GET":
        return {"query_string": form}
    if isinstance(route, KannelPostRoute):
        return {"data": form["text"], "headers": {"X-Kannel-From": form["from"]}}
    signed = (
        {"X-Twilio-Signature": twilio_phone.signature(form, route.path)} if route.signed else {}
    )
    return {"data": form, "headers": signed}


def test_a_name_of_whatsapp_is_found(redis: RedisServer) -> None:
    """Who writes there under a name and not a number is found by it, with the prefix or without."""
    environ = used(redis, (CHANNEL, "whatsapp:NO.4711abc", "pl"))
    for name in ("NO.4711abc", "whatsapp:NO.4711abc"):
        assert "gets replies in the language pl" in "\n".join(data_held(environ, name, ALL))


def test_it_says_what_it_cannot_see(redis: RedisServer) -> None:
    """What processes count in their memory, and what others hold."""
    report = " ".join(data_held(used(redis), TYPED, ALL))
    assert "Each running process also counts replies" in report
    assert "Twilio lists number, texts and calls until" in report


def test_what_has_a_label_is_found(redis: RedisServer) -> None:
    """Whatever else is kept of a person, under a key with any label, is named with it."""
    environ = used(redis, (CHANNEL, TYPED, "pl"))
    secret = daily_secret(SECRET, str(redis.client.get(SALT_KEY)))
    for sender, value in ((TYPED, "7"), (NEIGHBOUR, "8")):
        key = pseudonym(secret, f"seen:{CHANNEL}", sender).replace(PREFIX, f"{PREFIX}seen:")
        redis.client.set(key, value, ex=60)

    report = "\n".join(data_held(environ, TYPED, ALL))

    assert "twilio_sms: seen: 7, expires in 60 seconds." in report
    assert "seen: 8" not in report


def test_eleven_minutes_later_nothing_is_held(redis: RedisServer) -> None:
    """The keys are gone by their own end, and the drill says that nothing is held."""
    environ = used(redis, (CHANNEL, TYPED, "pl"))
    later(redis, 11 * 60)

    report = "\n".join(data_held(environ, TYPED, [CHANNEL]))

    assert "Redis holds nothing about this number on twilio_sms." in report
    assert "Keys of other people: 0." in report
    assert not of_people(redis)


@pytest.mark.parametrize("salt", ["", "0" * 64], ids=["none", "another day's"])
def test_after_the_salt_is_gone_a_key_is_nobodys(salt: str, redis: RedisServer) -> None:
    """A tag that outlives its salt is there, and is no longer hers: nobody can tell."""
    environ = used(redis, (CHANNEL, TYPED, "pl"))
    redis.client.delete(SALT_KEY)
    if salt:
        redis.client.set(SALT_KEY, salt, ex=60)

    report = "\n".join(data_held(environ, TYPED, [CHANNEL]))

    assert of_people(redis)
    assert "language pl" not in report
    assert f"Keys of other people: {len(of_people(redis))}." in report
    assert ("salt has expired" in report) is not bool(salt)
    assert bool(redis.client.exists(SALT_KEY)) is bool(salt), "a drill makes no salt"


def test_a_drill_changes_nothing(redis: RedisServer) -> None:
    """Looking lets no tag live longer, and makes no key."""
    environ = used(redis, (CHANNEL, TYPED, "pl"))
    later(redis, 300)
    before = {key: redis.client.get(key) for key in redis.client.scan_iter()}

    data_held(environ, TYPED, [CHANNEL])

    assert {key: redis.client.get(key) for key in redis.client.scan_iter()} == before
    assert max(redis.client.ttl(key) for key in of_people(redis)) <= 300


def test_a_key_without_an_end_is_named_a_fault(redis: RedisServer) -> None:
    """What would stay for ever is said as plainly."""
    environ = used(redis, (CHANNEL, TYPED, "pl"))
    for key in redis.client.scan_iter():
        redis.client.persist(key)

    assert "NEVER EXPIRES" in data_held(environ, TYPED, [CHANNEL])[0]


def test_with_a_memory_of_its_own_only_the_process_knows() -> None:
    """Without Redis the command says who knows, and that nobody can ask."""
    code, report = run({}, "drill", TYPED)

    assert code == 0
    assert "memory of the running process" in report
    assert "Held by others: the phone, the phone company" in report


@pytest.fixture
def unreadable(redis: RedisServer) -> Iterator[str]:
    """A Redis whose user may do what the line does, and no more."""
    redis.client.acl_setuser(
        "line", enabled=True, nopass=True, keys=["*"], commands=["+get", "+ping"]
    )
    yield redis.url.replace("//", "//line:@")
    redis.client.acl_deluser("line")


def test_what_cannot_be_looked_up_is_said(unreadable: str, tmp_path: Path) -> None:
    """No country, no Redis, no right to look: an error that says what to do, never "nothing"."""
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    for url, number, place in [
        (unreadable, TYPED, "REDIS_URL"),
        (nobody, TYPED, "REDIS_URL"),
        (nobody, TYPED[3:], "NUMBER"),
        (nobody, " ", "NUMBER"),
    ]:
        with pytest.raises(ConfigurationError) as refused:
            data_held(redis_environ(url), number, ALL)
        assert [fault.place for fault in refused.value.problems] == [place]
        assert not canary.leaks(str(refused.value).encode(), {TYPED})
    code, report = run(redis_environ(unreadable), "drill", given=TYPED)
    assert (code, "SCAN" in report, "Traceback" in report) == (1, True, False)
