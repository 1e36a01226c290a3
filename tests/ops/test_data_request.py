"""`rights-line drill` reports all that is stored about a number."""

import re
from collections.abc import Iterator, Mapping

import pytest

from rights_line.channels import registered_channels
from rights_line.errors import ConfigurationError
from rights_line.library import ROOT
from rights_line.ops import data_request
from rights_line.sessions import PREFIX, TAG_TTL, daily_session_secret, session_pseudonym
from rights_line.sessions.redis_script import SALT_KEY
from rights_line.web.app import create_app
from rights_line.web.webhooks import STATELESS
from tests.support import canary
from tests.support.cli import run
from tests.support.phones import ALL_CHANNELS, ALL_ROUTES
from tests.support.redis_line import SECRET, age, redis_environ, sessions_at
from tests.support.servers import RedisServer, free_port
from tests.support.worlds import SMALL_ROOT, texts_at

NUMBER = canary.NUMBER
OTHER_NUMBER = "+4797531865"
CHANNEL = "twilio_sms"


def save_tags(redis: RedisServer, *people: tuple[str, str, str]) -> dict[str, str]:
    """Save a tag for each (channel, sender, tag); return the environment of the line."""
    sessions = sessions_at(redis.url)
    for channel, sender, tag in people:
        sessions.save(sessions.open_message(channel, sender)[0], tag)
    return redis_environ(redis.url)


def drill(environ: Mapping[str, str], *arguments: str, given: str = "") -> tuple[int, str]:
    """Run the command; return its exit code and its output."""
    done = run("drill", *arguments, given=given, where=ROOT, **environ)
    output = done.stdout + done.stderr
    assert not canary.leaks(output.encode(), {NUMBER}), "the output contains the number"
    return done.returncode, output


def pseudonym_keys(redis: RedisServer) -> list[str]:
    return [key for key in redis.client.scan_iter() if re.search("[0-9a-f]{32}$", key)]


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([NUMBER], ""),
        (NUMBER.replace("47", "47 ", 1).split(), ""),
        ([], f"{NUMBER}\n"),
        ([f"00{NUMBER[1:]}"], ""),
    ],
    ids=["as an argument", "in groups of digits", "on standard input", "with 00"],
)
def test_drill_right_after_use_reports_language_and_expiry(
    arguments: list[str], given: str, redis: RedisServer
) -> None:
    """The report has the language and the seconds left, and nothing of another sender."""
    environ = save_tags(redis, (CHANNEL, NUMBER, "pl"), (CHANNEL, OTHER_NUMBER, "ar"))

    code, report = drill(environ, *arguments, given=given)

    assert code == 0
    assert "twilio_sms: gets replies in the language pl, expires in " in report
    seconds = int(report.partition("language pl, expires in ")[2].split()[0])
    assert 3500 < seconds <= 3600
    assert " ar" not in report


LANGUAGE = "gets replies in the language pl"
SENDERS = {
    "SMS": (CHANNEL, NUMBER, "pl", LANGUAGE),
    "WhatsApp": (CHANNEL, f"whatsapp:{NUMBER}", "?", "was shown the list of languages ?"),
    "without a plus": (CHANNEL, NUMBER[1:], "pl", LANGUAGE),
    "Kannel": ("kannel_sms", NUMBER[1:], "pl", LANGUAGE),
    "Kannel without the country": ("kannel_sms", NUMBER[3:], "pl", LANGUAGE),
    "another channel": ("try_it", NUMBER, "pl", LANGUAGE),
}


@pytest.mark.parametrize(("channel", "sender", "tag", "said"), SENDERS.values(), ids=SENDERS)
def test_drill_number_in_any_channels_format_is_found(
    channel: str, sender: str, tag: str, said: str, redis: RedisServer
) -> None:
    environ = save_tags(redis, (channel, sender, tag))

    report = data_request.answer(environ, NUMBER)

    assert f"{channel}: {said}" in [row.partition(",")[0] for row in report]


def test_drill_after_use_of_every_channel_finds_all_keys(redis: RedisServer) -> None:
    environ = ALL_CHANNELS | redis_environ(redis.url)
    client = create_app(texts_at(SMALL_ROOT, environ)).test_client()
    for route in ALL_ROUTES:
        client.open(**route.arguments("POLSKI"))
    stored = pseudonym_keys(redis)

    report = "\n".join(data_request.answer(environ, NUMBER))

    assert {key for key in stored if "count" not in key}
    assert "Other keys, of people and of messages: 4." in report  # their ids
    storing = {
        name for name, kind in registered_channels().items() if kind.media[0] not in STATELESS
    }
    assert {
        name for name in registered_channels() if f"{name}: gets replies in" in report
    } == storing


def test_drill_whatsapp_username_is_found(redis: RedisServer) -> None:
    """With the prefix `whatsapp:` or without."""
    environ = save_tags(redis, (CHANNEL, "whatsapp:NO.4711abc", "pl"))
    for name in ("NO.4711abc", "whatsapp:NO.4711abc"):
        assert "gets replies in the language pl" in "\n".join(data_request.answer(environ, name))


def test_drill_key_with_label_is_reported_with_it(redis: RedisServer) -> None:
    environ = save_tags(redis, (CHANNEL, NUMBER, "pl"))
    secret = daily_session_secret(SECRET, str(redis.client.get(SALT_KEY)))
    for sender, value in ((NUMBER, "7"), (OTHER_NUMBER, "8")):
        key = session_pseudonym(secret, f"seen:{CHANNEL}", sender).replace(PREFIX, f"{PREFIX}seen:")
        redis.client.set(key, value, ex=60)

    report = "\n".join(data_request.answer(environ, NUMBER))

    assert "twilio_sms: seen: 7, expires in 60 seconds." in report
    assert "seen: 8" not in report


def test_drill_after_an_hour_reports_nothing(redis: RedisServer) -> None:
    """The keys have expired by themselves."""
    environ = save_tags(redis, (CHANNEL, NUMBER, "pl"))
    age(redis, TAG_TTL + 60)

    report = "\n".join(data_request.answer(environ, NUMBER))

    assert "Redis holds nothing about this number." in report
    assert "Other keys, of people and of messages: 0." in report
    assert not pseudonym_keys(redis)


@pytest.mark.parametrize("salt", ["", "0" * 64], ids=["no salt", "salt of another day"])
def test_drill_without_the_salt_of_the_key_finds_nothing(salt: str, redis: RedisServer) -> None:
    """A tag that outlives its salt is still stored, but nobody can tell whose it is."""
    environ = save_tags(redis, (CHANNEL, NUMBER, "pl"))
    redis.client.delete(SALT_KEY)
    if salt:
        redis.client.set(SALT_KEY, salt, ex=60)

    report = "\n".join(data_request.answer(environ, NUMBER))

    assert pseudonym_keys(redis)
    assert "language pl" not in report
    assert f"Other keys, of people and of messages: {len(pseudonym_keys(redis))}." in report
    assert ("salt has expired" in report) is not bool(salt)
    assert bool(redis.client.exists(SALT_KEY)) is bool(salt), "the drill created a salt"


def test_drill_leaves_keys_and_expiry_unchanged(redis: RedisServer) -> None:
    environ = save_tags(redis, (CHANNEL, NUMBER, "pl"))
    age(redis, 300)
    before = {key: redis.client.get(key) for key in redis.client.scan_iter()}

    data_request.answer(environ, NUMBER)

    assert {key: redis.client.get(key) for key in redis.client.scan_iter()} == before
    assert max(redis.client.ttl(key) for key in pseudonym_keys(redis)) <= TAG_TTL - 300


def test_drill_key_without_expiry_is_reported(redis: RedisServer) -> None:
    environ = save_tags(redis, (CHANNEL, NUMBER, "pl"))
    for key in redis.client.scan_iter():
        redis.client.persist(key)

    assert "NEVER EXPIRES" in data_request.answer(environ, NUMBER)[0]


def test_drill_without_redis_points_to_process_memory() -> None:
    code, report = drill({}, NUMBER)

    assert code == 0
    assert "memory of the running process" in " ".join(report.split())
    assert "Held by others: the phone, the phone company" in report


@pytest.fixture
def unreadable(redis: RedisServer) -> Iterator[str]:
    """The URL of a Redis user that may not list keys."""
    redis.client.acl_setuser(
        "line", enabled=True, nopass=True, keys=["*"], commands=["+get", "+ping"]
    )
    yield redis.url.replace("//", "//line:@")
    redis.client.acl_deluser("line")


def test_drill_failed_lookup_raises_configuration_error(unreadable: str) -> None:
    """No country code, no Redis, no permission: an error with a fix, never "nothing"."""
    unreachable = f"redis://127.0.0.1:{free_port()}/0"
    for url, number, place in [
        (unreadable, NUMBER, "REDIS_URL"),
        (unreachable, NUMBER, "REDIS_URL"),
        (unreachable, NUMBER[3:], "NUMBER"),
        (unreachable, " ", "NUMBER"),
    ]:
        with pytest.raises(ConfigurationError) as refused:
            data_request.answer(redis_environ(url), number)
        assert [problem.place for problem in refused.value.problems] == [place]
        assert not canary.leaks(str(refused.value).encode(), {NUMBER})
    code, report = drill(redis_environ(unreadable), given=NUMBER)
    assert (code, "SCAN" in report, "Traceback" in report) == (1, True, False)
