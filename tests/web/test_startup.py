"""Start of the line: valid and invalid variables, warnings, and an unusable Redis."""

import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event

import pytest

from rights_line.errors import ConfigurationError
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_store import PROBLEM, RedisSessionStore
from rights_line.settings import Settings
from rights_line.web import health
from rights_line.web.app import create_app, open_app_sessions, start_app
from tests.support import twilio_phone
from tests.support.cli import run_python
from tests.support.log import written
from tests.support.redis_line import hang
from tests.support.servers import RedisServer
from tests.support.worlds import SMALL_ROOT, texts_at

HIDDEN = "hunter2"
SECRET = HIDDEN.ljust(32, "-")
REDIS = {"REDIS_URL": "redis://127.0.0.1:1/0", "RIGHTS_LINE_SECRET": SECRET}


def line(**variables: str) -> dict[str, str]:
    """Return the variables of a valid line, updated with others."""
    return texts_at(SMALL_ROOT, {**twilio_phone.ENVIRON, **variables})


def redis_at(address: str) -> dict[str, str]:
    """Return the variables of a line with a Redis."""
    return {**REDIS, "REDIS_URL": address}


# Case -> the invalid variable, and the environment: what needs other variables or the content.
INVALID: dict[str, tuple[str, Mapping[str, str]]] = {
    "no secret": ("RIGHTS_LINE_SECRET", {"REDIS_URL": REDIS["REDIS_URL"]}),
    "short secret": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": SECRET[:-1]}),
    # Output of `head -c 48 /dev/urandom`, as os.environ decodes it.
    "secret of bytes": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": f"{SECRET}\udcff"}),
    "a helpline's number": ("RIGHTS_LINE_NUMBER", {"RIGHTS_LINE_NUMBER": "+47 22 33 11 60"}),
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


VALID: dict[str, Mapping[str, str]] = {
    "memory": {},
    "limits unset": {"RIGHTS_LINE_HOURLY": "", "RIGHTS_LINE_DAILY": ""},
    "secret without Redis": {"RIGHTS_LINE_SECRET": "short"},
    "repetitive secret, which the doctor reports": {**REDIS, "RIGHTS_LINE_SECRET": "s" * 32},
    "empty variables": {"REDIS_URL": "", "RIGHTS_LINE_SERVE": "", "RIGHTS_LINE_LANGUAGES": ""},
    "some languages": {"RIGHTS_LINE_LANGUAGES": " pl , ar ,"},
    "a similar name, as Kubernetes sets some": {"RIGHTS_LINE_SERVICE_HOST": "stable"},
    "Redis": REDIS,
    "sentinels": redis_at("redis+sentinel://:p%40ss@a.example:26379,b.example:26379/line"),
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
    """Each is named; the warnings before the list must not fail on the same URL."""
    invalid = {
        **redis_at(f"redis://:{HIDDEN}@[::1"),
        **{"RIGHTS_LINE_SECRET": HIDDEN, "RIGHTS_LINE_SERVE": "everything", "CHANNELS": "pigeon"},
        "RIGHTS_LINE_LANGUAGES": "pl,xx",
    }
    code, output = run_python(line(**invalid), *command)
    assert (code, "Traceback" in output) == (1, False)
    assert HIDDEN not in output
    assert [output.count(f"\n  {name}: ") for name in invalid] == [1] * len(invalid)


def test_start_unencrypted_remote_redis_prints_warning(
    redis: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line starts; the warning does not contain the address."""
    near, far = redis_at(redis.url), redis_at(f"redis://a:{HIDDEN}@redis.example.org")

    health.print_warnings(line())
    health.print_warnings(line(**near))
    assert capsys.readouterr().err == ""
    health.print_warnings(line(**far))
    (output,) = capsys.readouterr().err.splitlines()
    assert output.startswith(
        "rights-line: REDIS_URL: must use TLS to another host, got an unencrypted"
    )
    assert HIDDEN not in output


def refused(server: RedisServer) -> str:
    server.stop()
    return server.url


def wrong_password(server: RedisServer) -> str:
    server.client.config_set("requirepass", "another password")
    return server.url.replace("//", f"//:{HIDDEN}@")


def hanging(server: RedisServer) -> str:
    hang(server)
    return server.url


@pytest.mark.parametrize("break_server", [refused, wrong_password, hanging])
def test_start_unusable_redis_prints_one_line(
    break_server: Callable[[RedisServer], str],
    own_redis: RedisServer,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """It is the one of /healthz, and holds no part of the address."""
    start_app(line(**redis_at(break_server(own_redis))))
    printed = written(capfd)[1]
    assert printed.count("REDIS_URL") == printed.count(f"rights-line: {PROBLEM}\n") == 1
    assert HIDDEN not in printed


def test_start_report_that_hangs_is_not_waited_for() -> None:
    """The resolver has no time-out of ours."""
    released = Event()
    begun = time.monotonic()

    health.print_report(lambda: {"problems": [], "waiting": [], "released": released.wait()})

    assert time.monotonic() - begun < 0.8
    released.set()


def test_start_misspelled_variable_prints_warning_before_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """CHANNEL in place of CHANNELS: the warning explains the error."""
    with pytest.raises(ConfigurationError, match="CHANNELS: must name a channel"):
        start_app(texts_at(SMALL_ROOT, {"CHANNEL": "try_it"}))
    warning = capsys.readouterr().err
    assert warning.endswith("CHANNEL is not a variable of rights-line; did you mean CHANNELS?\n")
