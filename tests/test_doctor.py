"""The doctor names what breaks a promise, and the command that mends it, and keeps it quiet."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from twilio.base.exceptions import TwilioException

from rights_line import doctor_redis, doctor_twilio
from rights_line.core.library import Library
from rights_line.doctor import examine
from rights_line.errors import Fault
from rights_line.sessions import RedisSessions, connector
from rights_line.startup import ROOT
from tests.servers import RedisServer, free_port, redis_binary, wait_until
from tests.twilio_phone import PUBLIC_URL

SECRET = "a secret of the tests, of no use to anybody"
LINE, DOCTOR = "line-password-of-the-tests", "doctor-password-of-the-tests"


class Hardened:
    """A Redis that runs with the shipped files, of which only port, folder and passwords differ."""

    def __init__(self, folder: Path, program: str) -> None:
        self.folder = folder
        self.port = free_port()
        rows = (ROOT / "deploy/redis/redis.conf").read_text("utf-8")
        rows = rows.replace("port 6379\n", f"port {self.port}\n")
        rows = rows.replace("/etc/redis/users.acl", str(folder / "users.acl"))
        (folder / "redis.conf").write_text(f"{rows}dir {folder}\n", "utf-8")
        users = (ROOT / "deploy/redis/users.acl").read_text("utf-8")
        users = users.replace("LINE_PASSWORD", LINE).replace("DOCTOR_PASSWORD", DOCTOR)
        (folder / "users.acl").write_text(users, "utf-8")
        self._out = (folder / "out").open("wb")
        command = [program, str(folder / "redis.conf")]
        self._process = subprocess.Popen(command, stdout=self._out, stderr=subprocess.STDOUT)
        wait_until(self._answers, "redis")

    def url(self, user: str = "line", password: str = LINE) -> str:
        return f"redis://{user}:{password}@127.0.0.1:{self.port}/0"

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url()).ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        self._process.terminate()  # as systemd does: a Redis that may write, writes now
        self._process.wait()
        self._out.close()


@pytest.fixture
def hardened(tmp_path: Path) -> Iterator[Hardened]:
    """A Redis with deploy/redis."""
    server = Hardened(tmp_path, redis_binary())
    yield server
    server.stop()


def test_the_shipped_files_are_well(hardened: Hardened) -> None:
    """With deploy/redis the doctor has nothing to mend."""
    well, faults = doctor_redis.look(hardened.url(), hardened.url("doctor", DOCTOR))

    assert faults == []
    assert "redis: keeps nothing on disk, and shows nobody what it holds" in well


def test_the_line_works_with_the_rights_it_has(hardened: Hardened, library: Library) -> None:
    """Remember, count, forget: everything is allowed that the line asks, and nothing is written."""
    sessions = RedisSessions(connector(hardened.url()), SECRET)
    first = sessions.load("twilio_sms", "+4790000001")
    assert first.remembers
    assert sessions.save(first, "pl")
    again = sessions.load("twilio_sms", "+4790000001")
    assert again.tag == "pl"
    assert sessions.save(again, None)
    assert sessions.state() == "up"
    hardened.stop()

    assert {path.name for path in hardened.folder.iterdir()} == {"redis.conf", "users.acl", "out"}


@pytest.mark.parametrize(
    "command",
    [
        *("MONITOR", "KEYS *", "CONFIG GET save", "CONFIG SET save 1", "SLOWLOG GET", "SAVE"),
        *("DEBUG SLEEP 0", "BGSAVE", "FLUSHALL", "CLIENT LIST", "SCAN 0", "SHUTDOWN", "ACL LIST"),
        *("GET other", "SET other 1", "RANDOMKEY", "SUBSCRIBE news"),
    ],
)
def test_the_line_may_do_nothing_else(command: str, hardened: Hardened) -> None:
    """Whoever steals its address can neither look on nor write anything down."""
    client = redis.Redis.from_url(hardened.url())

    with pytest.raises(redis.ResponseError):
        client.execute_command(*command.split())  # type: ignore[no-untyped-call]


def problems(faults: list[Fault]) -> str:
    """Return what is said of them, to search in."""
    return "\n".join(map(str, faults))


def test_a_plain_redis_is_named_with_what_mends_it(redis_server: RedisServer) -> None:
    """No password, all rights, a slow log, the wrong eviction: each with its command."""
    _, faults = doctor_redis.look(redis_server.url)
    said = problems(faults)

    assert "REDIS_URL: has no password" in said
    for name in doctor_redis.FORBIDDEN:
        assert f"may ask {name}" in said
    assert "redis-cli CONFIG SET slowlog-log-slower-than '-1'" in said
    assert "redis-cli CONFIG SET maxmemory-policy 'volatile-ttl'" in said
    assert "maxmemory is not set" in said
    assert "save is" not in said


def test_what_it_says_mends_it(tmp_path: Path) -> None:
    """Persistence is on: after the command that is named, the doctor names it no more."""
    server = RedisServer(tmp_path, "--save", "60 1", "--appendonly", "yes")
    server.start()
    try:
        before = problems(doctor_redis.look(server.url)[1])
        for row in before.splitlines():
            if "CONFIG SET" in row:
                name, value = row.partition("CONFIG SET ")[2].partition(", and")[0].split(" ", 1)
                server.client.config_set(name, value.strip("'"))
        after = problems(doctor_redis.look(server.url)[1])
    finally:
        server.stop()

    assert "save is '60 1'" in before
    assert "appendonly is 'yes'" in before
    assert "CONFIG SET" not in after


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("redis://line:x@redis.example.org:6379/0", "goes to another machine without TLS"),
        ("redis://line:x@127.0.0.1:1/0", "does not answer"),
        ("redis://127.0.0.1:1/0", "has no password"),
    ],
)
def test_an_address_is_judged(url: str, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In clear to another machine, with no password, to nobody: named, and no password shown."""
    _, faults = doctor_redis.look(url)

    assert named in problems(faults)
    assert "line:x" not in problems(faults)


def test_valkey_is_judged_alike(tmp_path: Path) -> None:
    """Where there is a Valkey, the shipped files serve it, too."""
    program = shutil.which("valkey-server")
    if program is None:
        pytest.skip("no valkey-server is installed")
    server = Hardened(tmp_path, program)
    try:
        assert doctor_redis.look(server.url(), server.url("doctor", DOCTOR))[1] == []
    finally:
        server.stop()


SMS, CALLS = f"{PUBLIC_URL}/inbound/twilio_sms", f"{PUBLIC_URL}/inbound/twilio_voice"


def account(smart: bool = False, **changed: Any) -> Any:
    """Return a client of an account whose one number is set up well, but for some things."""
    number = {
        **{"phone_number": "+4759440000", "sms_url": SMS, "sms_method": "POST"},
        **{"sms_fallback_url": "https://handler.twilio.com/twiml/EH1", "voice_url": CALLS},
        **{"voice_method": "POST", "voice_fallback_url": "https://handler.twilio.com/twiml/EH2"},
        **changed,
    }
    service = SimpleNamespace(friendly_name="line", smart_encoding=smart)

    def listing(rows: list[Any]) -> Any:
        return SimpleNamespace(list=lambda limit: rows)

    return SimpleNamespace(
        incoming_phone_numbers=listing([SimpleNamespace(**number)]),
        messaging=SimpleNamespace(v1=SimpleNamespace(services=listing([service]))),
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"sms_url": "https://demo.twilio.com/welcome/sms/reply"}, f"Set it to {SMS}"),
        ({"sms_method": "GET"}, "its sms webhook is not POST"),
        ({"sms_fallback_url": ""}, "`rights-line fallback` prints"),
        ({"voice_url": ""}, f"Set it to {CALLS}"),
        ({"voice_fallback_url": None}, "`rights-line fallback --voice` prints"),
        ({"smart": True}, "Smart Encoding is on"),
    ],
    ids=str,
)
def test_what_is_wrong_at_twilio_is_named(changed: dict[str, Any], named: str) -> None:
    """A webhook elsewhere, no fallback, texts that are changed: each with what to do."""
    gateways = ["twilio_sms", "twilio_voice"]
    sound = doctor_twilio.look(account(), PUBLIC_URL, gateways)
    _, faults = doctor_twilio.look(account(**changed), PUBLIC_URL, gateways)

    assert sound[1] == []
    assert len(faults) == 1
    assert named in problems(faults)


def test_a_gateway_that_is_off_is_not_asked_for() -> None:
    """Whoever answers no calls needs no webhook for them."""
    assert doctor_twilio.look(account(voice_url=""), PUBLIC_URL, ["twilio_sms"])[1] == []


def test_a_twilio_that_does_not_answer_is_named() -> None:
    """A wrong token, or no network: said, with no traceback."""

    def broken(limit: int) -> None:
        raise TwilioException("secret")

    client = account()
    client.incoming_phone_numbers = SimpleNamespace(list=broken)
    _, faults = doctor_twilio.look(client, PUBLIC_URL, ["twilio_sms"])

    assert "does not answer (TwilioException)" in problems(faults)
    assert "secret" not in problems(faults)


def test_a_whole_deployment(hardened: Hardened) -> None:
    """Gateways, Redis, contacts, languages: one list, and no secret in it."""
    environ = {
        **{"CHANNELS": "africastalking_ussd", "WEBHOOK_TOKEN": "t" * 32},
        **{"REDIS_URL": hardened.url(), "RIGHTS_LINE_SECRET": SECRET},
        "REDIS_DOCTOR_URL": hardened.url("doctor", DOCTOR),
    }

    well, faults = examine(environ, ROOT)

    said = "\n".join(well)
    assert faults == []
    assert "africastalking_ussd: point it to https://<your host>/inbound/" in said
    assert "contacts: compared with their sources" in said
    assert "languages: drafts" in said
    assert not any(secret in said for secret in ("t" * 32, SECRET, LINE, DOCTOR))
