"""Start of the line: valid and invalid variables, warnings, and an unusable Redis."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from rights_line.errors import ConfigurationError
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis.store import RedisSessionStore
from rights_line.settings import Settings
from rights_line.web import startup
from rights_line.web.app import create_app, open_app_sessions
from tests.support import twilio_phone
from tests.support.cli import run_python
from tests.support.redis_line import hang
from tests.support.servers import RedisServer, running_line
from tests.support.worlds import SMALL_ROOT, texts_at

HIDDEN = "hunter2"
SECRET = HIDDEN.ljust(32, "-")
REDIS = {"REDIS_URL": "redis://127.0.0.1:1/0", "RIGHTS_LINE_SECRET": SECRET}


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server that the test may change or stop."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


def line(**variables: str) -> dict[str, str]:
    """Return the variables of a valid line, updated with others."""
    return texts_at(SMALL_ROOT, {**twilio_phone.ENVIRON, **variables})


def redis_at(address: str) -> dict[str, str]:
    """Return the variables of a line with a Redis."""
    return {**REDIS, "REDIS_URL": address}


# Case -> the invalid variable, and the environment.
INVALID: dict[str, tuple[str, Mapping[str, str]]] = {
    "web URL": ("REDIS_URL", redis_at(f"https://:{HIDDEN}@redis.example.org:6379")),
    "no scheme": ("REDIS_URL", redis_at(f":{HIDDEN}@redis.example.org:6379")),
    "upper case and a space": ("REDIS_URL", redis_at(f" REDIS://:{HIDDEN}@redis.example.org")),
    "port not a number": ("REDIS_URL", redis_at(f"redis://:{HIDDEN}@redis.example.org:port/0")),
    "truncated IPv6 address": ("REDIS_URL", redis_at(f"redis://:{HIDDEN}@[::1")),
    "sentinel without a port": ("REDIS_URL", redis_at(f"redis+sentinel://:{HIDDEN}@host/line")),
    "sentinel without a service": ("REDIS_URL", redis_at(f"redis+sentinel://:{HIDDEN}@host:1")),
    "one of the sentinels without a port": (
        *("REDIS_URL", redis_at(f"rediss+sentinel://:{HIDDEN}@host:1,host/line")),
    ),
    "several servers without sentinels": ("REDIS_URL", redis_at(f"redis://:{HIDDEN}@a:1,b:2")),
    "cluster": ("REDIS_URL", redis_at(f"redis+cluster://:{HIDDEN}@host:1")),
    "a password as base64": ("REDIS_URL", redis_at(f"redis://line:a/{HIDDEN}+=@127.0.0.1:6379/0")),
    "a password that starts like a port": (
        *("REDIS_URL", redis_at(f"redis://line:12/{HIDDEN}=@127.0.0.1:6379/0")),
    ),
    "a password with a #": ("REDIS_URL", redis_at(f"redis://line:12#{HIDDEN}@127.0.0.1:6379/0")),
    "no secret": ("RIGHTS_LINE_SECRET", {"REDIS_URL": REDIS["REDIS_URL"]}),
    "empty secret": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": ""}),
    "short secret": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": SECRET[:-1]}),
    # Output of `head -c 48 /dev/urandom`, as os.environ decodes it.
    "secret of bytes": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": f"{SECRET}\udcff"}),
    "unknown value of SERVE": ("RIGHTS_LINE_SERVE", {"RIGHTS_LINE_SERVE": "everything"}),
    "hourly limit not a number": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "many"}),
    "hourly limit zero": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "0"}),
    "hourly limit negative": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "-1"}),
    **{
        f"{seconds} seconds": ("RIGHTS_LINE_HSTS", {"RIGHTS_LINE_HSTS": seconds})
        for seconds in ("yes", "-1", "1.5", "٣٠٠", "100000000")
    },
    "hourly limit in Arabic digits": ("RIGHTS_LINE_HOURLY", {"RIGHTS_LINE_HOURLY": "٣٠٠"}),
    "daily limit with a space": ("RIGHTS_LINE_DAILY", {"RIGHTS_LINE_DAILY": "3 000"}),
    "daily limit zero": ("RIGHTS_LINE_DAILY", {"RIGHTS_LINE_DAILY": "0"}),
    "number without country code": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "59440000"}),
    "name instead of a number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "Info"}),
    "short code with a plus": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "+2044"}),
    "a helpline's number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "+47 22 33 11 60"}),
    "a helpline's short number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "116111"}),
    "USSD code without * and #": ("RIGHTS_LINE_USSD", {"RIGHTS_LINE_USSD": "123"}),
    "USSD code without #": ("RIGHTS_LINE_USSD", {"RIGHTS_LINE_USSD": "*123"}),
    "unknown language": ("RIGHTS_LINE_LANGUAGES", {"RIGHTS_LINE_LANGUAGES": "pl,xx"}),
    "unknown channel": ("CHANNELS", {"CHANNELS": "twilio_sms,pigeon"}),
    "trailing slash": (
        "RIGHTS_LINE_PUBLIC_URL",
        {"RIGHTS_LINE_PUBLIC_URL": "https://a.example/"},
    ),
    "port zero": (
        "RIGHTS_LINE_PUBLIC_URL",
        {"RIGHTS_LINE_PUBLIC_URL": "https://a.example:0"},
    ),
    # The address is printed on every card.
    "a password in the address": (
        "RIGHTS_LINE_PUBLIC_URL",
        {"RIGHTS_LINE_PUBLIC_URL": f"https://line:{HIDDEN}@a.example"},
    ),
    "empty token": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": ""}),
    "comma instead of a token": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": " , "}),
}


@pytest.mark.parametrize(("name", "variables"), INVALID.values(), ids=INVALID)
def test_create_app_invalid_variable_names_it_without_secret(
    name: str, variables: Mapping[str, str]
) -> None:
    """The one problem has a summary and a fix."""
    with pytest.raises(ConfigurationError) as raised:
        create_app(line(**variables))
    assert [problem.place for problem in raised.value.problems] == [name]
    assert all((problem.summary and problem.fix) for problem in raised.value.problems)
    assert HIDDEN not in str(raised.value)


# Start of the message -> environment.
MESSAGES: dict[str, Mapping[str, str]] = {
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
    "REDIS_URL: must be a Redis URL such as redis://user": redis_at("http://a.example"),
    "TWILIO_ACCOUNT_SID: must be AC followed by 32 hex digits.": {"TWILIO_ACCOUNT_SID": "AC1"},
    "TWILIO_AUTH_TOKEN: must be set for twilio_sms.": {"TWILIO_AUTH_TOKEN": ""},
}


@pytest.mark.parametrize(("message", "variables"), MESSAGES.items(), ids=MESSAGES)
def test_configuration_error_names_subject_requirement_and_value(
    message: str, variables: Mapping[str, str]
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        create_app(line(**variables))
    assert f"\n  {message}" in f"\n{raised.value}"


@pytest.mark.parametrize("password", ["a/b", "12/b", "a#b", "a?b"])
def test_redis_url_password_not_encoded_is_rejected_with_fix(password: str) -> None:
    """The message says how to encode it; the encoded password is accepted."""
    address = "redis://line:{}@127.0.0.1:6379/0"

    with pytest.raises(ConfigurationError, match=r"percent-encode .*: / is %2F") as raised:
        create_app(line(**redis_at(address.format(password))))

    assert password not in str(raised.value)
    assert create_app(line(**redis_at(address.format(quote(password, safe="")))))


ALL_INVALID = {
    **redis_at(f"https://:{HIDDEN}@redis.example.org"),
    **{"RIGHTS_LINE_SECRET": HIDDEN, "RIGHTS_LINE_SERVE": "everything", "CHANNELS": "pigeon"},
}


@pytest.mark.parametrize(
    "more",
    [{}, {"RIGHTS_LINE_LANGUAGES": "pl,xx"}],
    ids=["without languages", "with an unknown language"],
)
def test_create_app_several_invalid_variables_reports_all(more: dict[str, str]) -> None:
    """The operator can fix all of them at once."""
    invalid = ALL_INVALID | more
    with pytest.raises(ConfigurationError) as raised:
        create_app(line(**invalid))
    assert {problem.place for problem in raised.value.problems} == set(invalid)
    assert HIDDEN not in str(raised.value)


def test_invalid_daily_limit_has_message_with_fix() -> None:
    with pytest.raises(ConfigurationError) as raised:
        Settings.from_environ({"RIGHTS_LINE_DAILY": "many"})
    assert str(raised.value.problems[0]) == (
        'RIGHTS_LINE_DAILY: must be a whole number from 1 to 9999999, got "many". Set it to the'
        " full replies a day that you can pay for, such as 3000."
    )


VALID: dict[str, Mapping[str, str]] = {
    "memory": {},
    "hourly limit": {"RIGHTS_LINE_HOURLY": "100"},
    "daily limit": {"RIGHTS_LINE_DAILY": "100"},
    "limits unset": {"RIGHTS_LINE_HOURLY": "", "RIGHTS_LINE_DAILY": ""},
    "secret without Redis": {"RIGHTS_LINE_SECRET": "short"},
    "repetitive secret, which the doctor reports": {
        **REDIS,
        "RIGHTS_LINE_SECRET": "s" * 32,
    },
    "empty variables": {"REDIS_URL": "", "RIGHTS_LINE_SERVE": "", "RIGHTS_LINE_LANGUAGES": ""},
    "number and USSD code": {
        "RIGHTS_LINE_NUMBER": "+47 59 44 00 00",
        "RIGHTS_LINE_USSD": "*384*7#",
    },
    "HSTS": {"RIGHTS_LINE_HSTS": "63072000"},
    "HSTS unset": {"RIGHTS_LINE_HSTS": ""},
    "a short code": {"RIGHTS_LINE_NUMBER": "2044"},
    "no number": {"RIGHTS_LINE_NUMBER": "", "RIGHTS_LINE_USSD": ""},
    "some languages": {"RIGHTS_LINE_LANGUAGES": " pl , ar ,"},
    "Redis": REDIS,
    "TLS": redis_at("rediss://user:p%40ss@redis.example.org:6380/1?ssl_cert_reqs=required"),
    "socket": redis_at("unix:///run/redis.sock?db=1"),
    "sentinels": redis_at("redis+sentinel://:p%40ss@a.example:26379,b.example:26379/line"),
    "sentinels with TLS": redis_at("rediss+sentinel://a.example:1/line?sentinel_password=x"),
}


@pytest.mark.parametrize("variables", VALID.values(), ids=VALID)
def test_create_app_valid_variables_starts(variables: Mapping[str, str]) -> None:
    """The line does not wait for Redis, and uses the configured session store."""
    environ = line(**variables)
    app = create_app(environ)
    answer = app.test_client().post(**twilio_phone.request(twilio_phone.fields("hei", "12345")))
    assert answer.status_code == 200
    kind = RedisSessionStore if environ.get("REDIS_URL") else MemorySessionStore
    assert isinstance(open_app_sessions(Settings.from_environ(environ)), kind)


IMPORT = ("-c", "import app")
SERVE = ("-c", "from rights_line.cli import main; exit(main())", "serve")


@pytest.mark.parametrize("command", [IMPORT, SERVE], ids=["import", "serve"])
def test_start_invalid_variables_prints_list_without_traceback(command: Sequence[str]) -> None:
    invalid = {**INVALID["web URL"][1], **INVALID["unknown value of SERVE"][1]}
    code, output = run_python(line(**invalid), *command)
    assert (code, "Traceback" in output) == (1, False)
    assert HIDDEN not in output
    assert [name for name in invalid if f"\n  {name}: " in output] == [
        "REDIS_URL",
        "RIGHTS_LINE_SERVE",
    ]


def test_start_unencrypted_remote_redis_prints_warning(
    redis: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line starts; the warning does not contain the address."""
    near, far = redis_at(redis.url), redis_at(f"redis://a:{HIDDEN}@redis.example.org")

    startup.print_warnings(line())
    startup.print_warnings(line(**near))
    assert capsys.readouterr().err == ""
    startup.print_warnings(line(**far))
    output, unusable = capsys.readouterr().err.splitlines()
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
    """Allow PING and GET, but not SET."""
    server.client.acl_setuser(
        "line", enabled=True, passwords=f"+{HIDDEN}", keys="*", commands=["+@all", "-set"]
    )
    return server.url.replace("//", f"//line:{HIDDEN}@")


def hanging(server: RedisServer) -> str:
    hang(server)
    return server.url


def invalid_option(server: RedisServer) -> str:
    return f"{server.url}?colour={HIDDEN}"


UNUSABLE_REDIS: dict[Callable[[RedisServer], str], str] = {
    refused: "ConnectionError",
    wrong_password: "AuthenticationError",
    no_rights: "NoPermissionError",
    hanging: "TimeoutError",
    invalid_option: "TypeError",
}


@pytest.mark.parametrize(("break_server", "error"), UNUSABLE_REDIS.items())
def test_start_unusable_redis_prints_one_line(
    break_server: Callable[[RedisServer], str],
    error: str,
    own_redis: RedisServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It has the class of the error; the start is delayed by half a second at most."""
    url = break_server(own_redis)
    begun = time.monotonic()
    startup.print_warnings(line(**redis_at(url)))

    assert time.monotonic() - begun < 0.8
    (output,) = capsys.readouterr().err.splitlines()
    assert output.startswith(f"{UNUSABLE}{error}. The line starts and replies without sessions")
    assert HIDDEN not in output
    assert url not in output


def test_start_error_hanging_lookup_returns_timeout() -> None:
    """The timeout of the start check must not depend on the resolver."""
    released = Event()
    begun = time.monotonic()

    assert startup.redis_error(released.wait) == "TimeoutError"

    assert time.monotonic() - begun < 0.8
    released.set()


def test_line_with_unusable_redis_replies_in_full(own_redis: RedisServer, tmp_path: Path) -> None:
    """With an invalid password; one warning is printed at start."""
    environ = line(**redis_at(wrong_password(own_redis)), OUTPUT=str(tmp_path / "output"))
    environ["RIGHTS_LINE_SERVE"] = "drafts"
    with running_line(texts_at(SMALL_ROOT, environ)) as (address, output):
        message = twilio_phone.request(twilio_phone.fields("POLSKI"))
        form = Request(f"{address}{message['path']}", message["data"].encode(), message["headers"])
        form.add_header("Content-Type", message["content_type"])
        with urlopen(form, timeout=5) as answer:
            assert "POLSKI 4" in twilio_phone.reply_text(answer.read())
    log = output.read_text()  # the last line is written when the process ends
    assert log.count(UNUSABLE) == 1
    assert '"outcome": "answered without session"' in log
    assert HIDDEN not in log


@pytest.mark.parametrize(
    ("more", "warns"),
    [
        ({}, True),
        ({"REDIS_URL": "redis://127.0.0.1:1", "RIGHTS_LINE_SECRET": "s" * 40}, False),
    ],
)
def test_start_under_gunicorn_without_redis_warns_of_several_workers(
    more: Mapping[str, str], warns: bool
) -> None:
    """Workers share no sessions in memory, and none of them can see how many there are."""
    environ = {"CHANNELS": "try_it", "SERVER_SOFTWARE": "gunicorn/23.0.0", **more}
    code, output = run_python(texts_at(SMALL_ROOT, environ), *IMPORT)
    assert (code, "run one gunicorn worker" in output) == (0, warns)


def test_start_misspelled_variable_prints_warning_before_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """CHANNEL in place of CHANNELS: the warning explains the error."""
    with pytest.raises(ConfigurationError, match="CHANNELS: must name a channel"):
        startup.start_app(texts_at(SMALL_ROOT, {"CHANNEL": "try_it"}))
    warning = capsys.readouterr().err
    assert warning.endswith("CHANNEL is not a variable of rights-line; did you mean CHANNELS?\n")


def test_start_malformed_redis_url_is_refused_by_name() -> None:
    """Warnings are printed before validation, and must not fail on the same URL."""
    with pytest.raises(ConfigurationError, match="REDIS_URL: must be a Redis URL"):
        startup.start_app(line(**INVALID["truncated IPv6 address"][1]))
