"""The environment: what is right starts the line, and what is wrong is said at once, no secrets."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from rights_line.content.loader import ContentSources
from rights_line.errors import ConfigurationError
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.sessions.start_check import start_error
from rights_line.settings import Settings
from rights_line.web.app import create_app, open_sessions
from rights_line.web.startup_warnings import print_warnings
from tests.support import twilio_phone
from tests.support.cli import run_python
from tests.support.redis_line import hang
from tests.support.servers import RedisServer, gunicorn

HIDDEN = "hunter2"
SECRET = HIDDEN.ljust(32, "-")
REDIS = {"REDIS_URL": "redis://127.0.0.1:1/0", "RIGHTS_LINE_SECRET": SECRET}


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch, sources: ContentSources) -> None:
    """The real content, which is not read anew for each case."""
    monkeypatch.setattr("rights_line.web.app.ContentSources", lambda root: sources)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that the test may break."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


def line(**variables: str) -> dict[str, str]:
    """Return the variables of a line that starts, some of them changed."""
    return {**twilio_phone.ENVIRON, **variables}


def redis_at(address: str) -> dict[str, str]:
    """Return the variables of a line with a Redis."""
    return {**REDIS, "REDIS_URL": address}


# What is wrong, and in which variable.
WRONG: dict[str, tuple[str, Mapping[str, str]]] = {
    "web address": ("REDIS_URL", redis_at(f"https://:{HIDDEN}@redis.example.org:6379")),
    "no scheme": ("REDIS_URL", redis_at(f":{HIDDEN}@redis.example.org:6379")),
    "capitals and a space": ("REDIS_URL", redis_at(f" REDIS://:{HIDDEN}@redis.example.org")),
    "a word for a port": ("REDIS_URL", redis_at(f"redis://:{HIDDEN}@redis.example.org:port/0")),
    "half an IPv6 address": ("REDIS_URL", redis_at(f"redis://:{HIDDEN}@[::1")),
    "sentinel without a port": ("REDIS_URL", redis_at(f"redis+sentinel://:{HIDDEN}@host/line")),
    "sentinel without a service": ("REDIS_URL", redis_at(f"redis+sentinel://:{HIDDEN}@host:1")),
    "a password as base64": ("REDIS_URL", redis_at(f"redis://line:a/{HIDDEN}+=@127.0.0.1:6379/0")),
    "a password that starts like a port": (
        *("REDIS_URL", redis_at(f"redis://line:12/{HIDDEN}=@127.0.0.1:6379/0")),
    ),
    "a password with a #": ("REDIS_URL", redis_at(f"redis://line:12#{HIDDEN}@127.0.0.1:6379/0")),
    "no secret": ("RIGHTS_LINE_SECRET", {"REDIS_URL": REDIS["REDIS_URL"]}),
    "empty secret": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": ""}),
    "short secret": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": SECRET[:-1]}),
    # What `head -c 48 /dev/urandom` gives, as os.environ shows it.
    "secret of bytes": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": f"{SECRET}\udcff"}),
    "processes without Redis": ("WEB_CONCURRENCY", {"WEB_CONCURRENCY": "2"}),
    "neither": ("RIGHTS_LINE_SERVE", {"RIGHTS_LINE_SERVE": "everything"}),
    "no number an hour": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "many"}),
    "nothing an hour": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "0"}),
    "less than nothing": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "-1"}),
    **{
        f"{seconds} seconds": ("RIGHTS_LINE_HSTS", {"RIGHTS_LINE_HSTS": seconds})
        for seconds in ("yes", "-1", "1.5", "٣٠٠", "100000000")
    },
    "digits of another script": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "٣٠٠"}),
    "no number a day": ("RIGHTS_LINE_DAILY", {"RIGHTS_LINE_DAILY": "3 000"}),
    "nothing a day": ("RIGHTS_LINE_DAILY", {"RIGHTS_LINE_DAILY": "0"}),
    "no country": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "59440000"}),
    "a name for a number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "Info"}),
    "a short number with a plus": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "+2044"}),
    "a helpline's number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "+47 22 33 11 60"}),
    "a helpline's short number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "116111"}),
    "a number to dial": ("RIGHTS_LINE_USSD", {"RIGHTS_LINE_USSD": "123"}),
    "half a code to dial": ("RIGHTS_LINE_USSD", {"RIGHTS_LINE_USSD": "*123"}),
    "no language": ("RIGHTS_LINE_LANGUAGES", {"RIGHTS_LINE_LANGUAGES": "pl,xx"}),
    "no gateway": ("CHANNELS", {"CHANNELS": "twilio_sms,pigeon"}),
    "slash at the end": (
        "RIGHTS_LINE_PUBLIC_URL",
        {"RIGHTS_LINE_PUBLIC_URL": "https://a.example/"},
    ),
    "no port to connect to": (
        "RIGHTS_LINE_PUBLIC_URL",
        {"RIGHTS_LINE_PUBLIC_URL": "https://a.example:0"},
    ),
    # It would stand on every card.
    "a password in the address": (
        "RIGHTS_LINE_PUBLIC_URL",
        {"RIGHTS_LINE_PUBLIC_URL": f"https://line:{HIDDEN}@a.example"},
    ),
    "no token": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": ""}),
    "a comma for a token": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": " , "}),
}


@pytest.mark.parametrize(("name", "variables"), WRONG.values(), ids=WRONG)
def test_a_wrong_variable(name: str, variables: Mapping[str, str]) -> None:
    """One fault names the variable and what to do, and shows neither address nor secret."""
    with pytest.raises(ConfigurationError) as refused:
        create_app(line(**variables))
    assert [fault.place for fault in refused.value.problems] == [name]
    assert all((fault.summary and fault.fix) for fault in refused.value.problems)
    assert HIDDEN not in str(refused.value)


# Subject, what must hold, what was found; how to fix it follows.
SAID: dict[str, Mapping[str, str]] = {
    'RIGHTS_LINE_SERVE: must be "approved" or "drafts", got "aproved".': {
        "RIGHTS_LINE_SERVE": "aproved"
    },
    'RIGHTS_LINE_LANGUAGES: unknown language "xx". Use: ': {"RIGHTS_LINE_LANGUAGES": "xx"},
    'CHANNELS: unknown channel "pigeon". Use: ': {"CHANNELS": "pigeon"},
    "RIGHTS_LINE_PUBLIC_URL: must be an http(s) URL without trailing slash, query or creden": {
        "RIGHTS_LINE_PUBLIC_URL": "https://a.example/"
    },
    'RIGHTS_LINE_NUMBER: must be an E.164 number or a 4-6 digit short code, got "Info".': {
        "RIGHTS_LINE_NUMBER": "Info"
    },
    "RIGHTS_LINE_NUMBER: must be the line's own number, got that of ROSA.": {
        "RIGHTS_LINE_NUMBER": "+47 22 33 11 60"
    },
    'RIGHTS_LINE_USSD: must be a USSD code such as *123#, got "123".': {"RIGHTS_LINE_USSD": "123"},
    'RIGHTS_LINE_HOURLY: must be a whole number from 1 to 9999999, got "many".': {
        "RIGHTS_LINE_HOURLY": "many"
    },
    'WEB_CONCURRENCY: must be 1 without REDIS_URL, got "2": ': {"WEB_CONCURRENCY": "2"},
    "REDIS_URL: must be a Redis URL such as redis://user": redis_at("http://a.example"),
    "TWILIO_ACCOUNT_SID: must be AC followed by 32 hex digits.": {"TWILIO_ACCOUNT_SID": "AC1"},
    "TWILIO_AUTH_TOKEN: must be set for twilio_sms.": {"TWILIO_AUTH_TOKEN": ""},
}


@pytest.mark.parametrize(("message", "variables"), SAID.items(), ids=SAID)
def test_message_names_subject_requirement_and_value(
    message: str, variables: Mapping[str, str]
) -> None:
    """Operators read what must hold and what was found."""
    with pytest.raises(ConfigurationError) as refused:
        create_app(line(**variables))
    assert f"\n  {message}" in str(refused.value)


@pytest.mark.parametrize("password", ["a/b", "12/b", "a#b", "a?b"])
def test_a_password_that_must_be_encoded(password: str) -> None:
    """The fault says how; the same password is then accepted."""
    address = "redis://line:{}@127.0.0.1:6379/0"

    with pytest.raises(ConfigurationError, match=r"percent-encode .*: / is %2F") as refused:
        create_app(line(**redis_at(address.format(password))))

    assert password not in str(refused.value)
    assert create_app(line(**redis_at(address.format(quote(password, safe="")))))


ALL_WRONG = {
    **redis_at(f"https://:{HIDDEN}@redis.example.org"),
    **{"RIGHTS_LINE_SECRET": HIDDEN, "RIGHTS_LINE_SERVE": "everything", "CHANNELS": "pigeon"},
}


@pytest.mark.parametrize(
    "more",
    [{}, {"RIGHTS_LINE_LANGUAGES": "pl,xx"}],
    ids=["read from the environment", "compared with the languages"],
)
def test_all_that_is_wrong_is_said_at_once(more: dict[str, str]) -> None:
    """Whoever runs it mends everything in one go."""
    wrong = ALL_WRONG | more
    with pytest.raises(ConfigurationError) as refused:
        create_app(line(**wrong))
    assert {fault.place for fault in refused.value.problems} == set(wrong)
    assert HIDDEN not in str(refused.value)


def test_a_limit_that_is_wrong_is_named_with_what_to_set() -> None:
    """Subject, what must hold, what was found, and how to fix it."""
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environ({"RIGHTS_LINE_DAILY": "many"})
    assert str(refused.value.problems[0]) == (
        'RIGHTS_LINE_DAILY: must be a whole number from 1 to 9999999, got "many". Set it to the'
        " full replies a day that you can pay for, such as 3000."
    )


RIGHT: dict[str, Mapping[str, str]] = {
    "memory": {},
    "an hour": {"RIGHTS_LINE_HOURLY": "100"},
    "a day": {"RIGHTS_LINE_DAILY": "100"},
    "unset": {"RIGHTS_LINE_HOURLY": "", "RIGHTS_LINE_DAILY": ""},
    "one process": {"WEB_CONCURRENCY": "1"},
    "a secret alone": {"RIGHTS_LINE_SECRET": "short"},
    "a secret that repeats itself, which the doctor names": {
        **REDIS,
        "RIGHTS_LINE_SECRET": "s" * 32,
    },
    "empty is unset": {"REDIS_URL": "", "RIGHTS_LINE_SERVE": "", "RIGHTS_LINE_LANGUAGES": ""},
    "a number and a code": {"RIGHTS_LINE_NUMBER": "+47 59 44 00 00", "RIGHTS_LINE_USSD": "*384*7#"},
    "HSTS": {"RIGHTS_LINE_HSTS": "63072000"},
    "HSTS unset": {"RIGHTS_LINE_HSTS": ""},
    "a short code": {"RIGHTS_LINE_NUMBER": "2044"},
    "no number": {"RIGHTS_LINE_NUMBER": "", "RIGHTS_LINE_USSD": ""},
    "some languages": {"RIGHTS_LINE_LANGUAGES": " pl , ar ,"},
    "Redis": REDIS,
    "Redis and processes": {**REDIS, "WEB_CONCURRENCY": "4"},
    "TLS": redis_at("rediss://user:p%40ss@redis.example.org:6380/1?ssl_cert_reqs=required"),
    "socket": redis_at("unix:///run/redis.sock?db=1"),
    "sentinels": redis_at("redis+sentinel://:p%40ss@a.example:26379,b.example:26379/line"),
    "cluster": redis_at("redis+cluster://a.example:6379"),
}


@pytest.mark.parametrize("variables", RIGHT.values(), ids=RIGHT)
def test_what_is_right_starts(variables: Mapping[str, str]) -> None:
    """The line starts, without waiting for any Redis, and keeps tags where it was told to."""
    environ = line(**variables)
    app = create_app(environ)
    answer = app.test_client().post(**twilio_phone.request(twilio_phone.fields("hei", "12345")))
    assert answer.status_code == 200
    kind = RedisSessionStore if environ.get("REDIS_URL") else MemorySessionStore
    assert isinstance(open_sessions(Settings.from_environ(environ)), kind)


GUNICORN = ("--bind", "127.0.0.1:0", "app:app")


def refusal(environ: Mapping[str, str], *command: str) -> str:
    """Start the line, which ends at once; return what it says."""
    code, output = run_python(environ, "-m", *command)
    assert code == 1
    assert "Traceback" not in output
    return output


@pytest.mark.parametrize("module", ["app", "gunicorn"])
def test_a_refusal_is_a_list_and_no_traceback(module: str) -> None:
    """What the operator sees is the list of faults, with whatever the server is started."""
    arguments = GUNICORN if module == "gunicorn" else []
    wrong = {**WRONG["web address"][1], **WRONG["neither"][1]}
    output = refusal(line(**wrong), module, *arguments)
    assert HIDDEN not in output
    assert [name for name in wrong if f"\n  {name}: " in output] == [
        "REDIS_URL",
        "RIGHTS_LINE_SERVE",
    ]


def test_a_redis_that_others_hear_is_said_at_start(redis: RedisServer) -> None:
    """In clear to another machine: the line starts, and says so, without the address."""
    near, far = redis_at(redis.url), redis_at(f"redis://a:{HIDDEN}@redis.example.org")

    assert said_at_start(line(**near)) == []
    assert said_at_start(line()) == []
    output, unusable = said_at_start(line(**far))
    assert output.startswith(
        "rights-line: REDIS_URL: must use TLS to another host, got an unencrypted"
    )
    assert unusable.startswith(UNUSABLE)
    assert HIDDEN not in output + unusable


UNUSABLE = "rights-line: REDIS_URL must lead to a Redis that the line may use, got "


def refused(server: RedisServer) -> str:
    server.stop()
    return server.url


def wrong_password(server: RedisServer) -> str:
    server.client.config_set("requirepass", "another password")
    return server.url.replace("//", f"//:{HIDDEN}@")


def no_rights(server: RedisServer) -> str:
    """PING and GET are allowed, and SET is not."""
    server.client.acl_setuser(
        "line", enabled=True, passwords=f"+{HIDDEN}", keys="*", commands=["+@all", "-set"]
    )
    return server.url.replace("//", f"//line:{HIDDEN}@")


def hanging(server: RedisServer) -> str:
    hang(server)
    return server.url


def invalid_option(server: RedisServer) -> str:
    return f"{server.url}?colour={HIDDEN}"


UNUSABLES: dict[Callable[[RedisServer], str], str] = {
    refused: "ConnectionError",
    wrong_password: "AuthenticationError",
    no_rights: "NoPermissionError",
    hanging: "TimeoutError",
    invalid_option: "TypeError",
}


@pytest.mark.parametrize(("break_it", "error"), UNUSABLES.items())
def test_a_redis_that_cannot_be_used_is_one_line_at_start(
    break_it: Callable[[RedisServer], str],
    error: str,
    own_redis: RedisServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The line names the class of the error, and delays the start by half a second at most."""
    url = break_it(own_redis)
    begun = time.monotonic()
    print_warnings(line(**redis_at(url)))

    assert time.monotonic() - begun < 0.8
    (output,) = capsys.readouterr().err.splitlines()
    assert output.startswith(f"{UNUSABLE}{error}. The line starts and replies without sessions")
    assert HIDDEN not in output
    assert url not in output


def test_a_name_lookup_that_hangs_delays_no_start() -> None:
    """A resolver has no timeout of ours."""
    released = Event()
    begun = time.monotonic()

    assert start_error(released.wait) == "TimeoutError"

    assert time.monotonic() - begun < 0.8
    released.set()


def test_a_line_whose_redis_cannot_be_used_answers(own_redis: RedisServer, tmp_path: Path) -> None:
    """Under gunicorn, with a wrong password: one line at start, and then full replies."""
    environ = line(**redis_at(wrong_password(own_redis)), OUTPUT=str(tmp_path / "output"))
    environ["RIGHTS_LINE_SERVE"] = "drafts"
    with gunicorn(environ) as (address, output):
        asked = twilio_phone.request(twilio_phone.fields("POLSKI"))
        form = Request(f"{address}{asked['path']}", asked["data"].encode(), asked["headers"])
        form.add_header("Content-Type", asked["content_type"])
        with urlopen(form, timeout=5) as answer:
            assert "POLSKI 4" in twilio_phone.reply_text(answer.read())
        log = output.read_text()
    assert log.count(UNUSABLE) == 1
    assert '"outcome": "answered without session"' in log
    assert HIDDEN not in log


def said_at_start(environ: Mapping[str, str]) -> list[str]:
    """Import the application; return what it says."""
    code, output = run_python(environ, "-c", "import app")
    assert code == 0
    return output.splitlines()


def test_warning_precedes_the_refusal_that_it_explains() -> None:
    """CHANNEL in place of CHANNELS: nothing is enabled, and the operator reads why."""
    warning, output = refusal({"CHANNEL": "try_it"}, "app").split("\n", 1)

    assert warning.endswith("CHANNEL is not a variable of rights-line; did you mean CHANNELS?")
    assert "CHANNELS: must name a channel" in output


def test_malformed_redis_url_is_refused_without_a_traceback() -> None:
    """Warnings come first, and must not fail on what is about to be refused."""
    output = refusal(line(**WRONG["half an IPv6 address"][1]), "app")
    assert "\n  REDIS_URL: must be a Redis URL" in output


def test_processes_that_share_nothing_do_not_start() -> None:
    """However gunicorn is told of them: her number would lead into the language of another."""
    assert "REDIS_URL" in refusal(line(), "gunicorn", "--workers", "2", *GUNICORN)


def test_gunicorn_is_not_to_speak_tls_itself() -> None:
    """Where it did, half of the requests were refused, and 128 clients that began silenced it."""
    certificate = ("--certfile", os.devnull, "--keyfile", os.devnull)
    assert "put a proxy in front" in refusal(line(), "gunicorn", *certificate, *GUNICORN)
