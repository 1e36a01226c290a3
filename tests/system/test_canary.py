"""Whatever happens to the line, nothing of a person stays anywhere; and a search that would see it.

A day on which everything goes wrong is lived three times: as the Procfile starts the line, with all
logs as loud as can be, and with a leak planted into each place.
"""

import base64
import hashlib
import hmac
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest

from rights_line.channels import available
from rights_line.sessions import PREFIX, daily_secret
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.canary import (
    CITY,
    MESSAGE_ID,
    NUMBER,
    PERSONAL_DATA,
    SINKS,
    TEXT,
    Sinks,
    found,
    leaks,
    watched,
)
from tests.support.fault_injection import SLOW, STEPS
from tests.support.redis_line import SECRET, go_on, hang, redis_environ
from tests.support.routes import (
    ALL_ROUTES,
    ENVIRON,
    KANNEL_TOKEN,
    ROUTES,
    USSD_TOKEN,
    Route,
    request_from_sender,
    sms,
)
from tests.support.servers import ROOT, RedisServer, gunicorn
from tests.support.twilio_api import ACCOUNT, API, Failure, answer, fine, twilio_server
from tests.support.waiting import PATIENCE, wait_until
from tests.support.wire import MALFORMED, dial, exchange

SECRETS = (SECRET, twilio_phone.TOKEN, USSD_TOKEN, KANNEL_TOKEN)


# 1. How she reaches each gateway


# 2. What may happen


@dataclass
class Day:
    """A line under gunicorn in which trouble can be made, and what watches it."""

    server: str
    sinks: Sinks
    redis: RedisServer
    environ: Mapping[str, str]

    def ask(self, data: bytes) -> bytes:
        """Send bytes and return what comes back."""
        answer = exchange(self.server, data)
        self.sinks.answers.append(answer)
        return answer

    def send(self, route: Route, text: str, fault: str = "", *, forged: bool = False) -> bytes:
        answer = self.ask(route.request(text, fault, forged=forged))
        assert answer.startswith(b"HTTP/1.1 403" if forged else b"HTTP/1.1 200"), (route, text)
        return answer

    def run(self, *command: str, given: str = "", **environ: str) -> int:
        """Run a command of ours where the line runs; return what it exits with."""
        done = subprocess.run(
            [sys.executable, "-B", *command],  # no file of what a module of the tests says of her
            input=given.encode(),
            capture_output=True,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **self.environ, **environ},
            timeout=60,
        )
        self.sinks.answers += [done.stdout, done.stderr]
        return done.returncode

    def pid(self) -> int:
        return int(self.sinks.pid_file.read_text())

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        children = Path(f"/proc/{self.pid()}/task/{self.pid()}/children")
        return [int(pid) for pid in children.read_text().split()]


def conversations(day: Day) -> None:
    """On each way she writes a word, her language, her own number, good-bye, and comes again."""
    wait_until(lambda: b'"up"' in day.ask(request_from_sender("GET", "/healthz")))
    for route in ALL_ROUTES:
        for text in (TEXT, "POLSKI", NUMBER, f"{TEXT} 112", "00", "POLSKI", "4"):
            day.send(route, text)


def strangers(day: Day) -> None:
    """Nobody vouches for a message, or it comes by a method that is none."""
    for route in ALL_ROUTES:
        day.send(route, TEXT, forged=True)
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            day.ask(request_from_sender(method, f"{route.path}?{urlencode(route.fields(TEXT))}"))


def too_large(day: Day) -> None:
    """A body, or an address, is larger than any message."""
    for route in ALL_ROUTES:
        answer = day.ask(route.request(NUMBER * 2000))
        assert answer[9:12] in (b"413", b"400", b"414", b""), answer


def breaks(day: Day) -> None:
    """Every step of a message raises what it knows."""
    steps = [step for name in STEPS for step in STEPS[name]]
    for route in ALL_ROUTES:
        for step in steps:
            day.send(route, TEXT, step)
    day.ask(request_from_sender("GET", f"/trouble?{urlencode(sms(TEXT))}"))


def malformed(day: Day) -> None:
    """Bytes are no request."""
    for data in MALFORMED.values():
        exchange(day.server, data)


# A page that shows what it was sent shows it to who sent it: to nobody else.
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    *(("/", {}), ("/pl/", {}), ("/pl/41", {}), ("/card/pl", {})),
    ("/try", {}),
    ("/try", {"text": TEXT, "from": NUMBER, "price": CITY, "medium": "sms"}),
    ("/try", {"text": NUMBER, "from": TEXT, "price": MESSAGE_ID, "medium": "ussd"}),
    ("/try", {"text": TEXT, "tag": NUMBER, "place": MESSAGE_ID, "medium": "voice"}),
    ("/outreach", {}),
)


def looks(day: Day) -> None:
    """She looks at the pages, and texts on the phone that is drawn there."""
    for path, form in PAGES:
        target = f"{path}?{urlencode(sms(TEXT))}"
        data = request_from_sender("POST" if form else "GET", target, body=urlencode(form))
        answer = exchange(day.server, data)
        assert answer.startswith(b"HTTP/1.1 200"), (path, answer[:40])
        assert form or not leaks(answer), path


def every_route(day: Day) -> None:
    """Every route there is, and some that are none, with her number in it."""
    for path in (*url_rules(), "/", "/pl/41", f"/{NUMBER}", f"/wp-login.php/{MESSAGE_ID}"):
        for method in ("GET", "POST", "HEAD"):
            day.ask(request_from_sender(method, f"{path}?{urlencode(sms(TEXT))}"))


@cache
def url_rules() -> list[str]:
    """Return an address of each rule, with her number where it has a part that varies."""
    rules = create_app(ENVIRON).url_map.iter_rules()
    return [re.sub("<[^>]+>", NUMBER, rule.rule) for rule in rules]


def another_kind(day: Day) -> None:
    """Redis holds under her keys what is no text: it says so, and names the key."""
    for key in list(day.redis.client.scan_iter(match=f"{PREFIX}*")):
        if key != SALT_KEY:
            day.redis.client.delete(key)
            day.redis.client.lpush(key, "no tag")
            day.redis.client.expire(key, 60)
    for route in ALL_ROUTES:
        day.send(route, TEXT)
    day.redis.client.flushall()


def redis_hangs(day: Day) -> None:
    """Redis does not answer, and then does."""
    hang(day.redis)
    for route in ALL_ROUTES:
        day.send(route, TEXT)
    assert b'"down"' in day.ask(request_from_sender("GET", "/healthz"))
    go_on(day.redis)


def she_hangs_up(day: Day) -> None:
    """Who asks is gone before the answer is there."""
    for route in ALL_ROUTES:
        with dial(day.server) as wire:
            wire.sendall(route.request(TEXT, "slow receive"))
    time.sleep(SLOW)


def in_the_middle(day: Day, happens: Callable[[], None]) -> list[bytes]:
    """Let something happen while a message of each way is being answered."""
    answers: list[bytes] = []

    def send(route: Route) -> None:
        with suppress(OSError):
            answers.append(day.ask(route.request(TEXT, "slow respond")))

    senders = [Thread(target=send, args=[route]) for route in ALL_ROUTES]
    for sender in senders:
        sender.start()
    time.sleep(SLOW / 2)
    day.sinks.look()
    happens()
    for sender in senders:
        sender.join(PATIENCE)
    return answers


def times_out(day: Day) -> None:
    """A worker says nothing for so long that gunicorn kills it, and starts another."""
    (worker,) = day.workers()
    in_the_middle(day, lambda: os.kill(worker, signal.SIGSTOP))
    wait_until(lambda: day.workers() not in ([], [worker]))


def drilled(day: Day) -> None:
    """An operator asks what is held about her."""
    command = ("-c", "from rights_line.cli import main; exit(main())", "drill")
    assert day.run(*command, given=f"{NUMBER}\n") == 0


LONG_AGO = "Tue, 25 Nov 2025 10:00:00 +0000"
RECORD = {"from": NUMBER, "date_created": LONG_AGO, "date_sent": LONG_AGO, "direction": "inbound"}
RECORDS = {
    "Messages": {"sid": f"SM{MESSAGE_ID}", "body": TEXT, "status": "received", **RECORD},
    "Calls": {"sid": f"CA{MESSAGE_ID}", "caller_name": CITY, "status": "completed", **RECORD},
}
ERROR = {"code": 20500, "message": f"{NUMBER} wrote {TEXT!r}", "more_info": f"/{NUMBER}"}


def cannot_delete(handler: BaseHTTPRequestHandler) -> bool:
    return handler.command == "DELETE" and answer(handler, 500, ERROR)


def is_busy(handler: BaseHTTPRequestHandler) -> bool:
    return answer(handler, 429, ERROR)


def sends_no_json(handler: BaseHTTPRequestHandler) -> bool:
    return answer(handler, 200, f"{RECORDS}")


def sends_no_records(handler: BaseHTTPRequestHandler) -> bool:
    name = "messages" if "/Messages" in handler.path else "calls"
    return answer(handler, 200, {name: RECORD | {"date_created": NUMBER}})


def hangs_up(handler: BaseHTTPRequestHandler) -> bool:
    return True


FAILURES: tuple[Failure, ...] = (
    *(cannot_delete, is_busy, sends_no_json, sends_no_records, hangs_up),
)


def purged(day: Day) -> None:
    """What Twilio keeps of her is deleted, in vain and then well: all that is told is her ids.

    These Twilio has given, and nobody but Twilio is told.
    """
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "NO_PROXY": "127.0.0.1"}
    with twilio_server() as (twilio, port):
        for name, record in RECORDS.items():
            twilio.kept[f"{API}/{name}"] = [{**record, "account_sid": ACCOUNT}]
        for twilio.failure in (*FAILURES, fine):
            status = day.run("-m", "tests.support.purge_command", f"{port}", **account)
            assert (status == 0) == (twilio.failure is fine), twilio.failure
    told = b"\n".join(twilio.heads)
    assert told.count(b"DELETE ") >= 4
    assert leaks(told) == {MESSAGE_ID}


def ends(day: Day) -> None:
    """The line is told to end while messages are being answered: each is, and it ends."""
    answers = in_the_middle(day, lambda: os.kill(day.pid(), signal.SIGTERM))
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}


# In this order: the last ends the day. A new gateway is a row of ROUTES; a new command, or whatever
# else touches a person's data, is a function here.
SOURCES = (
    *(strangers, too_large, breaks, malformed, another_kind, every_route, looks, she_hangs_up),
    *(drilled, purged, conversations, redis_hangs, times_out, conversations, ends),
)


def test_every_page_is_looked_at() -> None:
    """A page that nobody wrote a row for is an error."""
    rules = create_app(ENVIRON).url_map
    looked_at = {rules.bind("").match(path, "POST" if form else "GET")[0] for path, form in PAGES}
    pages = {rule.endpoint for rule in rules.iter_rules() if rule.endpoint.startswith("pages.")}
    assert pages - looked_at == {"pages.static", "pages.cards.static"}


def test_every_gateway_is_watched() -> None:
    """A gateway that nobody wrote a row for is an error."""
    assert set(available()) <= ROUTES.keys()


# 3. The days


LOUD = ("--log-level", "debug")
STOCK = ("--logger-class", "gunicorn.glogging.Logger", "--worker-class", "gthread")
TIMEOUT = ("--timeout", "4")


@dataclass(frozen=True)
class Left:
    """All that a day left, by place; the salt that it ended with, and Redis' address."""

    sinks: Mapping[str, bytes]
    salt: str
    redis: str

    def others(self) -> list[str]:
        """Return what was done but to ask Redis: connections, processes, files written."""
        return [row for row in self.sinks["doings"].decode().splitlines() if self.redis not in row]


def live(folder: Path, *options: str, logs: bool, planted: bool = False) -> Left:
    """Live through a day."""
    with watched(folder, logs=logs) as (sinks, redis):
        environ = {**ENVIRON, **redis_environ(redis.url), **sinks.environ}
        options = (*sinks.options, *options)
        with gunicorn(
            environ, *options, application="tests.support.fault_injection:application()"
        ) as (
            address,
            _,
        ):
            day = Day(address.removeprefix("http://"), sinks, redis, environ)
            if planted:
                day.ask(request_from_sender("POST", "/planted", body=urlencode(sms(TEXT))))
                day.sinks.look()
                breaks(day)
                malformed(day)
                day.sinks.look()
            else:
                for happen in SOURCES:
                    happen(day)
                    day.sinks.look()
        return Left(sinks.collect(), str(redis.client.get(SALT_KEY)), f"{redis.port}")


@pytest.fixture(scope="module", params=["as the Procfile says", "as loud as can be"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """All that a day leaves behind on which everything goes wrong."""
    folder = tmp_path_factory.mktemp("day")
    if request.param == "as loud as can be":
        return live(folder, *LOUD, *TIMEOUT, logs=True)
    return live(folder, *TIMEOUT, logs=False)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """All that a day leaves behind on which everything leaks."""
    return live(tmp_path_factory.mktemp("leaky"), *LOUD, *STOCK, logs=True, planted=True)


def test_nothing_of_a_person_is_left(day: Left) -> None:
    """Neither number, text, message id, city, address nor agent is anywhere, however written."""
    assert found(day.sinks) == {}


@pytest.mark.parametrize("sink", SINKS)
def test_a_planted_leak_is_found(sink: str, planted: Left) -> None:
    """The test above can fail: in each place the same search finds what was left there."""
    assert leaks(planted.sinks[sink]) == PERSONAL_DATA


def test_each_place_was_looked_at(day: Left) -> None:
    """Where nothing was found there was something to search."""
    log = day.sinks["output"] + day.sinks["error"]
    assert log.count(b"Malformed request") >= 20
    for outcome in (b"RuntimeError", b"refused", b"too large", b"answered"):
        assert b'"outcome": "%s"' % outcome in log
    for words in (b"Starting gunicorn", b"Booting worker", b"WORKER TIMEOUT", b"Handling signal"):
        assert words in log
    for sink in ("MONITOR", "SLOWLOG", "RDB"):
        assert PREFIX.encode() in day.sinks[sink], sink
    assert b"gunicorn" in day.sinks["processes"]
    assert b"redis-py" in day.sinks["CLIENT LIST"]
    assert b"WRONGTYPE" in day.sinks["reports"]
    assert b"HTTP/1.1 403" in day.sinks["answers"]


def test_both_streams_and_every_folder_are_searched(planted: Left) -> None:
    """On stdout and stderr alike, and in the working folder, at home and in TMP."""
    for stream in (b"on stdout", b"on stderr"):
        (line,) = [row for row in planted.sinks["output"].splitlines() if row.startswith(stream)]
        assert leaks(line) == PERSONAL_DATA
    for place in (b"/work/left\n", b"/home/.left\n", b"/tmp/"):
        _, _, file = planted.sinks["files"].partition(place)
        assert leaks(file) == PERSONAL_DATA


def test_the_line_turns_to_nobody_but_redis(day: Left, planted: Left) -> None:
    """It connects to nothing else, starts no process, writes no file; where it does, that is seen.

    A file that is written and gone, or written anew, is in none of the places at the end.
    """
    assert day.redis in day.sinks["doings"].decode()
    assert (day.others(), day.sinks["proxy"]) == ([], b"")
    events = {row.split()[0] for row in planted.others()}
    assert events >= {"subprocess.Popen", "socket.connect", "open"}


def test_no_key_is_left(day: Left) -> None:
    """No secret of the operator's, nor what is made of it and the salt, is in Redis or a log."""
    made = daily_secret(SECRET, day.salt)
    assert day.salt.encode() in day.sinks["MONITOR"]
    assert found(day.sinks, SECRETS) == {}
    forms = (made, made.hex().encode(), base64.b64encode(made))
    assert not [sink for sink in SINKS for form in forms if form in day.sinks[sink]]


# 4. The search

DIGITS = b"97531864"
WRITTEN = {
    "with a plus": NUMBER.encode(),
    "without": b"4797531864",
    "with zeros": b"004797531864",
    "percent-encoded": b"%2B4797531864",
    "its last eight digits": DIGITS,
    "in pairs": b"97 53 18 64",
    "in threes": b"975 31 864",
    "with hyphens": b"975-31-864",
    "with hard blanks": "975\u00a031\u00a0864".encode(),
    "as an address": b"tel:+4797531864",
    "in base64": b"KzQ3OTc1MzE4NjQ=",
    "in base64, after a letter": base64.b64encode(b"a" + DIGITS + b"z"),
    "in base64, after two": base64.b64encode(b"ab" + DIGITS + b"z"),
    "in hex": b"2b34373937353331383634",
    "in large hex": DIGITS.hex().upper().encode(),
    "UTF-16": NUMBER.encode("utf-16"),
    "UTF-16, the other way": DIGITS.decode().encode("utf-16-be"),
    **{
        f"{name} of {text.decode()}": hashlib.new(name, text).hexdigest().encode()
        for name in ("md5", "sha1", "sha256")
        for text in (NUMBER.encode(), DIGITS, b"4797531864", b"whatsapp:+4797531864")
    },
    "half of a hash": hashlib.sha256(NUMBER.encode()).hexdigest()[:32].encode(),
    "a hash with the gateway": hashlib.sha256(b"twilio_sms\0+4797531864").hexdigest().encode(),
    "a hash as bytes": hashlib.sha256(NUMBER.encode()).digest(),
    "a hash in base64": base64.b64encode(hashlib.sha1(NUMBER.encode()).digest()),
}


@pytest.mark.parametrize("form", WRITTEN.values(), ids=WRITTEN)
def test_a_number_is_found_however_it_is_written(form: bytes) -> None:
    """A number is found with or without its country, grouped, encoded or hashed."""
    assert leaks(b"a line about " + form + b", and more") == {NUMBER}


def test_what_is_not_hers_is_not_found() -> None:
    """Another number, and a pseudonym made with a key, are no leak."""
    pseudonym = hmac.digest(b"a key", NUMBER.encode(), "sha256").hex()
    assert leaks(f"+4797531865 {pseudonym} 97531 864".encode()) == set()
