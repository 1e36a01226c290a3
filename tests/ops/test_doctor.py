"""`rights-line doctor` names each problem of a deployment, and how to fix it."""

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import redis

from rights_line.core.library import Library
from rights_line.errors import ConfigurationError
from rights_line.library import ROOT
from rights_line.ops import Findings, data_request, doctor, redis_checks
from rights_line.sessions import PREFIX
from rights_line.settings import redis_url
from rights_line.settings.redis_url import LINE_USER
from tests.support.clock import TUESDAY
from tests.support.redis_line import SECRET, close_clients, redis_environ, sessions_at
from tests.support.servers import RedisServer, free_port, redis_binary
from tests.support.waiting import wait_until
from tests.support.worlds import SMALL_ROOT, texts_at

TODAY = TUESDAY.date()
TOKEN = "a-token-of-nobody-0123456789"
PASSWORDS = {name: f"{name.lower()}-password-of-the-tests" for name in ("LINE", "DOCTOR", "DRILL")}
BROKEN_ADDRESSES = [
    "redis://line:x@127.0.0.1:{live}/0",  # the wrong password
    *("redis://line:x@127.0.0.1:{port}/0", "redis+sentinel://:x@127.0.0.1:{port}/line"),
    "rediss://line:x@127.0.0.1:{port}/0?ssl_ca_certs=/nowhere.pem",
    *("redis://line:x@127.0.0.1:{port}/0?colour=red", "unix://line:x@/nowhere.sock"),
]
SENTINELS = "redis+sentinel://line:x@127.0.0.1:1,localhost:2/s?sentinel_password=y"


class HardenedRedis(RedisServer):
    """A Redis with the files of deploy/redis; only port, folder and passwords differ."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        rows = (ROOT / "deploy/redis/redis.conf").read_text("utf-8")
        rows = rows.replace("port 6379\n", f"port {self.port}\n")
        rows = rows.replace("/etc/redis/users.acl", str(folder / "users.acl"))
        (folder / "redis.conf").write_text(f"{rows}dir {folder}\n", "utf-8")
        shipped = (ROOT / "deploy/redis/users.acl").read_text("utf-8")
        for name, password in PASSWORDS.items():
            assert shipped.count(f">{name}_PASSWORD") == 1
            shipped = shipped.replace(f"{name}_PASSWORD", password)
        (folder / "users.acl").write_text(shipped, "utf-8")
        self._command = [redis_binary(), str(folder / "redis.conf")]
        self.client = redis.Redis.from_url(self.user_url())
        self.start()

    def user_url(self, user: str = "line") -> str:
        return f"redis://{user}:{PASSWORDS[user.upper()]}@127.0.0.1:{self.port}/0"

    def files(self) -> set[str]:
        """Return the files that the server has written into its folder."""
        return {path.name for path in self.folder.iterdir()} - {"redis.conf", "users.acl"}

    def stop(self) -> None:
        assert self._process
        self._process.terminate()  # SIGTERM, as systemd sends: with persistence on, Redis saves now
        self._process.wait()


@pytest.fixture
def hardened(tmp_path: Path) -> Iterator[HardenedRedis]:
    """A Redis with the files of deploy/redis."""
    server = HardenedRedis(tmp_path)
    yield server
    close_clients()
    server.stop()


def check_redis(url: str, doctor_url: str = "") -> Findings:
    return Findings(redis_checks.check_redis(url, doctor_url))


def problems(found: Findings) -> str:
    return "\n".join(map(str, found.problems))


def test_redis_user_line_with_shipped_acl_can_run_sessions(
    hardened: HardenedRedis, library: Library
) -> None:
    """Saving, counting and forgetting are allowed, and no file is written."""
    sessions = sessions_at(hardened.user_url())
    assert sessions.status() == "up", "the command of /healthz is not allowed"
    first = sessions.open_message("twilio_sms", "+4790000001")[0]
    assert first.is_stored
    assert sessions.save(first, "pl")
    again = sessions.open_message("twilio_sms", "+4790000001")[0]
    assert again.tag == "pl"
    assert sessions.save(again, None)
    assert sessions.status() == "up"
    hardened.stop()

    assert hardened.files() == set()


def test_redis_user_drill_with_shipped_acl_can_read_sessions(hardened: HardenedRedis) -> None:
    """The user `line` cannot list keys, so `drill` has a user of its own."""
    sessions = sessions_at(hardened.user_url())
    sessions.save(sessions.open_message("twilio_sms", "+4790000001")[0], "pl")
    environ = redis_environ(hardened.user_url("drill"))

    report = "\n".join(data_request.answer(environ, "+4790000001"))

    assert "twilio_sms: gets replies in the language pl" in report
    with pytest.raises(ConfigurationError, match="SCAN"):
        data_request.answer(environ | {"REDIS_URL": hardened.user_url()}, "+4790000001")


FORBIDDEN_COMMANDS = {
    "line": [
        *("MONITOR", "KEYS *", "CONFIG GET save", "CONFIG SET save 1", "SLOWLOG GET", "SAVE"),
        *("DEBUG SLEEP 0", "BGSAVE", "FLUSHALL", "CLIENT LIST", "SCAN 0", "SHUTDOWN", "ACL LIST"),
        *("GET other", "SET other 1", "RANDOMKEY", "SUBSCRIBE news"),
    ],
    "drill": [
        *("MONITOR", "KEYS *", "CONFIG GET save", "SAVE", "GET other", f"SET {PREFIX}x 1"),
        *(f"DEL {PREFIX}x", f"GETEX {PREFIX}x EX 9", f"EXPIRE {PREFIX}x 9", "EVAL return 0"),
    ],
    "doctor": [
        *("MONITOR", "KEYS *", "CONFIG SET save 1", "SAVE", "BGSAVE", f"GET {PREFIX}x", "SCAN 0"),
        *("ACL LIST", "ACL SETUSER x on", "CLIENT LIST", "SHUTDOWN"),
    ],
}


@pytest.mark.parametrize("user", FORBIDDEN_COMMANDS)
def test_redis_user_forbidden_command_is_refused(user: str, hardened: HardenedRedis) -> None:
    """A stolen REDIS_URL is of no use to watch commands or to write files."""
    for command in FORBIDDEN_COMMANDS[user]:
        with pytest.raises(redis.ResponseError):
            redis.Redis.from_url(hardened.user_url(user)).execute_command(  # type: ignore[no-untyped-call]
                *command.split()
            )


def test_doctor_unconfigured_redis_names_each_problem_and_fix(own_redis: RedisServer) -> None:
    """No password, no ACL, all permissions, a slow log, the wrong eviction policy."""
    report = problems(check_redis(own_redis.url))

    assert "REDIS_URL: must have a password, got none. Use redis://line:PASSWORD@... for" in report
    assert "`redis-cli CONFIG SET requirepass PASSWORD`" in report
    assert f"got the user default. Run `redis-cli ACL SETUSER {LINE_USER}`" in report
    shipped = (ROOT / "deploy/redis/users.acl").read_text("utf-8").splitlines()
    assert f"user {' '.join(shlex.split(LINE_USER))}" in shipped
    assert "its user default must not run MONITOR, SCAN 0, SAVE, CONFIG SET save 1" in report
    assert "Write `slowlog-log-slower-than -1` into redis.conf" in report
    assert "`redis-cli CONFIG SET slowlog-log-slower-than '-1'`" in report
    assert "`redis-cli CONFIG SET maxmemory-policy 'volatile-ttl'`" in report
    assert "`redis-cli CONFIG SET repl-diskless-load 'swapdb'`" in report
    assert "maxmemory must be '64mb', got '0'" in report
    assert "save must" not in report


def test_doctor_running_redis_is_not_disturbed(own_redis: RedisServer, tmp_path: Path) -> None:
    """The doctor runs none of the commands that it warns about."""
    own_redis.client.set("x", "1")

    found = check_redis(own_redis.url)

    assert "MONITOR" in problems(found)
    assert {path.name for path in tmp_path.iterdir()} == set()
    asked = set(own_redis.client.info("commandstats"))
    assert "cmdstat_acl|dryrun" in asked
    forbidden = {"cmdstat_monitor", "cmdstat_scan", "cmdstat_save", "cmdstat_config|set"}
    assert not asked & forbidden


def test_doctor_after_suggested_commands_finds_no_problem(tmp_path: Path) -> None:
    """Redis starts with persistence and all permissions."""
    server = RedisServer(tmp_path, "--save", "60 1", "--appendonly", "yes")
    server.start()
    rights = "on >x resetkeys ~* resetchannels &* +@all"
    server.client.execute_command("ACL", "SETUSER", "line", *rights.split())  # type: ignore[no-untyped-call]
    url = server.url.replace("//", "//line:x@")
    try:
        before = problems(check_redis(url, server.url))
        server.client.execute_command("ACL", "SETUSER", "doctor", *rights.split())  # type: ignore[no-untyped-call]
        server.client.execute_command("ACL SETUSER", *shlex.split(LINE_USER), ">x")  # type: ignore[no-untyped-call]
        # This test logs in as the user default, so the command that disables it comes last.
        for command in sorted(
            re.findall("`redis-cli ([^`]+)`", before), key="default".__contains__
        ):
            server.client.execute_command(*shlex.split(command))  # type: ignore[no-untyped-call]
        after = check_redis(url, server.url.replace("//", "//doctor:x@"))
    finally:
        server.stop()

    assert "save must be '', got '60 1'" in before
    assert "appendonly must be 'no', got 'yes'" in before
    assert "its user line must not run MONITOR" in before
    assert "Use the user `line` of deploy/redis/users.acl" in before
    assert "the user default must be off" in before
    assert (after.problems, after.manual) == ([], [])


def test_doctor_without_permission_to_read_settings_asks_for_manual_checks(
    hardened: HardenedRedis,
) -> None:
    """Settings that the user cannot read are neither ok nor a problem."""
    found = check_redis(hardened.user_url())

    assert found.problems == []
    parts = ("permissions", "settings", "replicas")
    for line, part in zip(found.manual, parts, strict=True):
        assert line.startswith(f"redis: its {part} cannot be read (NoPermissionError); create")
    assert found.ok == ["redis: answers"]


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("redis://line:x@redis.example.org:6379/0", "must use TLS to another host"),
        ("redis+sentinel://line:x@127.0.0.1:1,10.0.0.1:1/s", "must use TLS to another host"),
        ("redis://127.0.0.1:1/0", "must have a password"),
        (f"{SENTINELS.partition('?')[0]}?sentinel_username=line", "must have a password of the"),
        ("redis://:x@127.0.0.1:1/0", "must log in as a user with an ACL"),
        (
            "rediss://line:x@r.example.org?ssl_cert_reqs=none",
            "must verify the server's certificate",
        ),
        ("rediss://line:x@r.example.org?ssl_check_hostname=false", "must verify the server's"),
    ],
)
def test_redis_url_insecure_is_a_problem(url: str, named: str) -> None:
    """The message does not contain the password."""
    report = "\n".join(map(str, redis_url.problems(url)))

    assert named in report
    assert "x@" not in report


@pytest.mark.parametrize(
    "url",
    [
        *("redis://line:x@127.0.0.1:1/0", "rediss://line:x@redis.example.org:6379/0"),
        *("unix://line:x@/run/redis.sock", "unix:///run/redis.sock?username=line&password=x"),
        "redis://line:x@[::1]:1",
        *(SENTINELS, SENTINELS.replace("redis+", "rediss+").replace("localhost", "s.example.org")),
    ],
)
def test_redis_url_secure_has_no_problem(url: str) -> None:
    """TLS, a socket or this machine, and a password and a user."""
    assert list(redis_url.problems(url)) == []
    assert "x" not in redis_url.without_credentials(url).partition(":")[2].replace("example", "")


@pytest.mark.parametrize("url", BROKEN_ADDRESSES)
def test_redis_url_unreachable_is_a_problem(url: str, hardened: HardenedRedis) -> None:
    """For the doctor and for the drill, without a traceback and without the password."""
    unreachable = url.format(port=free_port(), live=hardened.port)

    from_line = check_redis(unreachable)
    from_doctor = check_redis(hardened.user_url(), unreachable)

    assert "REDIS_URL: must lead to a Redis that answers, got " in problems(from_line)
    assert "REDIS_DOCTOR_URL: must lead to a Redis that answers, got " in problems(from_doctor)
    assert "REDIS_DOCTOR_URL: must use TLS" not in problems(from_doctor)
    assert "x@" not in problems(from_line) + problems(from_doctor)
    with pytest.raises(
        ConfigurationError, match="REDIS_URL: must lead to a Redis that can be read"
    ):
        data_request.answer(redis_environ(unreachable), "+4790000001")


def test_redis_doctor_url_malformed_or_without_tls_is_a_problem(hardened: HardenedRedis) -> None:
    """It may be a password without the rest of the URL, so it is not shown."""
    found = check_redis(hardened.user_url(), "redis://[doctor:x")
    without_tls = check_redis(hardened.user_url(), "redis://doctor:x@redis.example.org:1")

    assert problems(found) == "REDIS_DOCTOR_URL: must be a Redis URL. Write it like REDIS_URL."
    assert "REDIS_DOCTOR_URL: must use TLS to another host" in problems(without_tls)


def test_doctor_replica_and_its_master_are_problems(tmp_path: Path, own_redis: RedisServer) -> None:
    """A replica is read-only, and its master has a second copy of the data."""
    own_redis.client.config_set("repl-diskless-sync-delay", 0)  # by default five seconds
    copy = RedisServer(tmp_path, "--replicaof", f"127.0.0.1 {own_redis.port}")
    copy.start()
    try:
        wait_until(lambda: bool(own_redis.client.role()[2]), "the copy")
        replica_report = problems(check_redis(copy.url))
        master_report = problems(check_redis(own_redis.url))
        copy.client.execute_command("REPLICAOF NO ONE")  # type: ignore[no-untyped-call]
        wait_until(lambda: not own_redis.client.role()[2], "the end of the copy")
        after = problems(check_redis(copy.url)) + problems(check_redis(own_redis.url))
    finally:
        copy.stop()

    assert "REDIS_URL: must lead to a master, got a read-only replica." in replica_report
    assert "`redis-cli -h REPLICA REPLICAOF NO ONE`" in master_report
    assert "redis: must have no replicas, got 1." in master_report
    assert "read-only replica" not in after
    assert "no replicas" not in after


def test_doctor_complete_deployment_reports_no_secret(hardened: HardenedRedis) -> None:
    """Channels, Redis with the shipped files, contacts and languages are in one list."""
    environ = {
        **{"CHANNELS": "africastalking_ussd", "AFRICASTALKING_TOKEN": TOKEN},
        **{"REDIS_URL": hardened.user_url(), "RIGHTS_LINE_SECRET": SECRET},
        "REDIS_DOCTOR_URL": hardened.user_url("doctor"),
    }

    found = doctor.run(texts_at(SMALL_ROOT, environ), TODAY)

    report = "\n".join(found.finding_lines())
    assert found.problems == []
    for part in ("permissions", "settings", "replicas"):
        assert f"ok     redis: {part}: no problem found" in report
    place = "https://<your host>/inbound/africastalking_ussd/<AFRICASTALKING_TOKEN>"
    assert f"ok     africastalking_ussd: the webhook is {place}\n" in report
    assert "ok     contacts: verified " in report
    assert "manual languages: drafts, served with the helplines only: en, ar" in report
    assert not any(secret in report for secret in (TOKEN, SECRET, *PASSWORDS.values()))


def test_doctor_runs_each_check_of_a_deployment(hardened: HardenedRedis) -> None:
    """A check that is in no list protects nobody."""
    environ = {
        **{"CHANNELS": "kannel_sms,try_it", "KANNEL_TOKEN": "t" * 32, "RIGHTS_LINE_USSD": "*1#"},
        **{"REDIS_URL": hardened.user_url(), "RIGHTS_LINE_SECRET": SECRET},
        "RIGHTS_LINE_USSD_CODE": "*1#",
    }

    found = doctor.run(texts_at(SMALL_ROOT, environ), date.max)

    expected = {"CHANNELS", "KANNEL_TOKEN", "RIGHTS_LINE_USSD", "content/contacts.yaml"}
    assert {problem.place for problem in found.problems} == expected
    assert any(line.startswith("RIGHTS_LINE_USSD_CODE is not a variable") for line in found.manual)
    assert any(line.startswith("redis: its settings cannot be read") for line in found.manual)
