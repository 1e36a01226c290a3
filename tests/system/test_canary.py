"""Whatever fails, no personal data stays anywhere; and the search finds a planted leak.

A day on which everything fails runs twice, with all logs at debug level: as it is, and with a leak
planted into each sink.
"""

import base64
import hashlib
import hmac
import json
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
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from rights_line.content import ContentSources
from rights_line.ops import counts as counts_file
from rights_line.ops.counts import Counts
from rights_line.ops.report import table_row_names
from rights_line.sessions import PREFIX, daily_session_secret
from rights_line.sessions.redis_script import SALT_KEY
from rights_line.web.app import create_app
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
from tests.support.phones import ALL_CHANNELS, ALL_ROUTES, PHONES
from tests.support.phones import SECRETS as CHANNEL_SECRETS
from tests.support.phones.twilio_sms import sms
from tests.support.redis_line import SECRET, go_on, hang, redis_environ
from tests.support.routes import Route, request_from_sender
from tests.support.servers import ROOT, LineServer, RedisServer, free_port, running_line
from tests.support.sites import built
from tests.support.twilio_api import ACCOUNT, API, Failure, answer, fine, twilio_server
from tests.support.waiting import PATIENCE, wait_until
from tests.support.wire import MALFORMED, dial, exchange

MAIN = "from rights_line.cli import main; exit(main())"
SECRETS = (SECRET, *CHANNEL_SECRETS)


# 1. Events of the day


@dataclass
class Day:
    """A line in which faults can be injected, and the sinks that watch it."""

    line: LineServer
    sinks: Sinks
    redis: RedisServer
    environ: Mapping[str, str]
    metrics: bytes = b""

    @property
    def server(self) -> str:
        """The host and port of the line."""
        return self.line.address.removeprefix("http://")

    def ask(self, data: bytes, address: bytes = b"") -> bytes:
        """Send bytes and return what comes back, which is searched but for the address, once."""
        answer = exchange(self.server, data)
        self.sinks.answers.append(answer.replace(address, b"", 1) if address else answer)
        return answer

    def send(self, route: Route, text: str, fault: str = "", *, forged: bool = False) -> bytes:
        answer = self.ask(route.request(text, fault, forged=forged), route.address)
        assert answer.startswith(b"HTTP/1.1 403" if forged else b"HTTP/1.1 200"), (route, text)
        return answer

    def run(self, *command: str, given: str = "", **environ: str) -> int:
        """Run a command with the environment of the line; return its exit code."""
        done = subprocess.run(
            [sys.executable, "-B", *command],  # a .pyc of a test module holds the personal data
            input=given.encode(),
            capture_output=True,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **self.environ, **environ},
            timeout=60,
        )
        self.sinks.answers += [done.stdout, done.stderr]
        return done.returncode


def conversations(day: Day) -> None:
    """Send on each route a word, a language, a number and good-bye, and start again."""
    wait_until(lambda: b'"up"' in day.ask(request_from_sender("GET", "/healthz")))
    for route in ALL_ROUTES:
        for text in (TEXT, "POLSKI", NUMBER, f"{TEXT} 112", "00", "POLSKI", "4"):
            day.send(route, text)


def forged_requests(day: Day) -> None:
    """Send forged messages, and messages by a method that the route does not accept."""
    for route in ALL_ROUTES:
        day.send(route, TEXT, forged=True)
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            day.ask(request_from_sender(method, f"{route.path}?{urlencode(route.fields(TEXT))}"))


def large_requests(day: Day) -> None:
    """Send a body, or a URL, that is larger than any message."""
    for route in ALL_ROUTES:
        answer = day.ask(route.request(NUMBER * 8000))
        assert answer[9:12] in (b"413", b"431", b"400", b""), answer


def failing_steps(day: Day) -> None:
    """Let every step of a request raise an error that holds the request."""
    steps = [step for name in STEPS for step in STEPS[name]]
    for route in ALL_ROUTES:
        for step in steps:
            day.send(route, TEXT, step)
    day.ask(request_from_sender("GET", f"/trouble?{urlencode(sms(TEXT))}"))


def malformed_requests(day: Day) -> None:
    """Send bytes that are not a valid request."""
    for data in MALFORMED.values():
        exchange(day.server, data, patience=0.5)


# Path and form. Only a page with a form may show what it was sent.
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    *(("/", {}), ("/pl/", {}), ("/pl/41", {}), ("/pl/41/languages", {}), ("/robots.txt", {})),
    *(("/card/pl", {}), ("/show/pl", {})),
    ("/try", {}),
    ("/try", {"text": TEXT, "from": NUMBER, "price": CITY, "session": MESSAGE_ID}),
    ("/try", {"text": NUMBER, "from": TEXT, "price": MESSAGE_ID, "medium": "ussd"}),
    ("/try", {"text": TEXT, "tag": NUMBER, "place": MESSAGE_ID, "medium": "voice"}),
    ("/outreach", {}),
)


def page_views(day: Day) -> None:
    """Visit the web pages, and use the simulator."""
    for path, form in PAGES:
        target = f"{path}?{urlencode(sms(TEXT))}"
        data = request_from_sender("POST" if form else "GET", target, body=urlencode(form))
        answer = exchange(day.server, data)
        assert answer.startswith(b"HTTP/1.1 200"), (path, answer[:40])
        assert form or not leaks(answer), path


def every_route(day: Day) -> None:
    """Request every URL rule, and some unknown paths, with the number in it."""
    for path in (*url_rules(), "/", "/pl/41", f"/{NUMBER}", f"/wp-login.php/{MESSAGE_ID}"):
        for method in ("GET", "POST", "HEAD"):
            day.ask(request_from_sender(method, f"{path}?{urlencode(sms(TEXT))}"))


@cache
def url_rules() -> list[str]:
    """Return a path for each URL rule, with the number in place of each variable part."""
    rules = create_app(ALL_CHANNELS).url_map.iter_rules()
    return [re.sub("<[^>]+>", NUMBER, rule.rule) for rule in rules]


def wrong_type_in_redis(day: Day) -> None:
    """Store lists under the sender's keys: the error of Redis names the key."""
    for key in list(day.redis.client.scan_iter(match=f"{PREFIX}*")):
        if key != SALT_KEY:
            day.redis.client.delete(key)
            day.redis.client.lpush(key, "no tag")
            day.redis.client.expire(key, 60)
    for route in ALL_ROUTES:
        day.send(route, TEXT)
    day.redis.client.flushall()


def redis_hangs(day: Day) -> None:
    """Let Redis hang, and then answer again."""
    hang(day.redis)
    for route in ALL_ROUTES:
        day.send(route, TEXT)
    assert b'"down"' in day.ask(request_from_sender("GET", "/healthz"))
    go_on(day.redis)


def client_hangs_up(day: Day) -> None:
    """Close the connection before the reply is sent."""
    for route in ALL_ROUTES:
        with dial(day.server) as wire:
            wire.sendall(route.request(TEXT, "slow receive"))
    time.sleep(SLOW)


def during_requests(day: Day, event: Callable[[], object]) -> list[bytes]:
    """Run an event while a message of each route is being answered; return the answers."""
    answers: list[bytes] = []

    def send(route: Route) -> None:
        with suppress(OSError):
            answers.append(day.ask(route.request(TEXT, "slow reply_to_intent"), route.address))

    senders = [Thread(target=send, args=[route]) for route in ALL_ROUTES]
    for sender in senders:
        sender.start()
    time.sleep(SLOW / 2)
    day.sinks.look()
    event()
    for sender in senders:
        sender.join(PATIENCE)
    return answers


def data_request(day: Day) -> None:
    """Run `rights-line drill` for the number."""
    assert day.run("-c", MAIN, "drill", given=f"{NUMBER}\n") == 0


LONG_AGO = "Tue, 25 Nov 2025 10:00:00 +0000"
RECORD = {"from": NUMBER, "date_created": LONG_AGO, "date_sent": LONG_AGO, "direction": "inbound"}
RECORDS = {
    "Messages": {"sid": f"SM{MESSAGE_ID}", "body": TEXT, "status": "received", **RECORD},
    "Calls": {"sid": f"CA{MESSAGE_ID}", "caller_name": CITY, "status": "completed", **RECORD},
}
ERROR = {"code": 20500, "message": f"{NUMBER} wrote {TEXT!r}", "more_info": f"/{NUMBER}"}


FAILURES: Mapping[str, Failure] = {
    "deletes nothing": lambda handler: handler.command == "DELETE" and answer(handler, 500, ERROR),
    "is busy": lambda handler: answer(handler, 429, ERROR),
    "sends no JSON": lambda handler: answer(handler, 200, f"{RECORDS}"),
    "sends no records": lambda handler: answer(
        handler, 200, dict.fromkeys(("messages", "calls"), RECORD | {"date_created": NUMBER})
    ),
    "hangs up": lambda _: True,
    "works": fine,
}


def twilio_purge(day: Day) -> None:
    """Purge records at a Twilio that fails, and then works; requests hold only Twilio's own ids."""
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "NO_PROXY": "127.0.0.1"}
    with twilio_server() as (twilio, port):
        for name, record in RECORDS.items():
            twilio.kept[f"{API}/{name}"] = [{**record, "account_sid": ACCOUNT}]
        for name, twilio.failure in FAILURES.items():
            status = day.run("-m", "tests.support.purge_command", f"{port}", **account)
            assert (status == 0) == (name == "works"), name
    requested = b"\n".join(twilio.heads)
    assert requested.count(b"DELETE ") >= 4
    assert leaks(requested) == {MESSAGE_ID}


def metrics_scrape(day: Day) -> None:
    with urlopen(f"http://{day.environ['RIGHTS_LINE_METRICS']}/metrics", timeout=5) as answer:
        day.metrics = bytes(answer.read())
    day.sinks.answers.append(day.metrics)


def funder_report(day: Day) -> None:
    """Make the report of the day as if it had been in a quarter that is over."""
    day.line.wait()
    log, counts, page = (day.sinks.work / name for name in ("dated.log", "old.json", "report.html"))
    lines = day.line.output.read_text().splitlines()
    log.write_text("".join(f"2026-07-01T12:00:00+02:00 {line}\n" for line in lines))
    (cells,) = counts_file.read(Path(day.environ["RIGHTS_LINE_COUNTS"])).values()
    counts.write_text(json.dumps({"2026-Q3": cells}))
    options = ("--quarter", "2026-Q3", "--out", str(page))
    environ = {"RIGHTS_LINE_COUNTS": str(counts)}
    assert day.run("-c", MAIN, "report", str(log), *options, **environ) == 0
    day.sinks.answers.append(page.read_bytes())


def shutdown(day: Day) -> None:
    """Send SIGTERM while messages are being answered: each gets its reply."""
    answers = during_requests(day, lambda: day.line.send_signal(signal.SIGTERM))
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}


# In this order: `shutdown` ends the line. New code that touches personal data needs a function
# here.
SOURCES = (
    *(forged_requests, large_requests, failing_steps, malformed_requests, wrong_type_in_redis),
    *(every_route, page_views, client_hangs_up, data_request, twilio_purge, conversations),
    *(redis_hangs, conversations, metrics_scrape, shutdown, funder_report),
)


def planted_leaks(day: Day) -> None:
    """Leak the personal data into each sink."""
    day.ask(request_from_sender("POST", "/planted", body=urlencode(sms(TEXT))))


PLANTED = (planted_leaks, failing_steps, malformed_requests)


def test_web_pages_are_all_visited() -> None:
    """A new web page needs a row in PAGES."""
    rules = create_app(ALL_CHANNELS).url_map
    visited = {rules.bind("").match(path, "POST" if form else "GET")[0] for path, form in PAGES}
    pages = {rule.endpoint for rule in rules.iter_rules() if rule.endpoint.startswith("pages.")}
    assert pages - visited == set()


def test_channels_all_have_requests() -> None:
    """Each phone sends the number and the text by at least one route."""
    for phone in PHONES.values():
        sent = [route.request(TEXT) for route in phone.ROUTES]
        assert all(leaks(data) >= {NUMBER, TEXT} for data in sent)
        assert sent


# 2. The days


@dataclass(frozen=True)
class Left:
    """All that a day left behind, by sink; the last salt, and the port of Redis."""

    sinks: Mapping[str, bytes]
    salt: str
    redis: str
    metrics: bytes
    counts: Counts

    def others(self) -> list[str]:
        """Return connections, new processes and written files, except connections to Redis.

        At start, waitress looks up its default address, which it does not use.
        """
        rows = self.sinks["doings"].decode().splitlines()
        return [row for row in rows if self.redis not in row and "'0.0.0.0', '8080'" not in row]


def with_faults(place: str) -> list[str]:
    """Return the command that serves a line in which faults can be injected."""
    return [sys.executable, "-m", "tests.support.fault_injection", place]


def run_day(folder: Path, planted: bool = False) -> Left:
    with watched(folder) as (sinks, redis):
        file = folder / "home" / "counts.json"
        counting = {
            "RIGHTS_LINE_METRICS": f"127.0.0.1:{free_port()}",
            "RIGHTS_LINE_COUNTS": str(file),
        }
        environ = {**ALL_CHANNELS, **redis_environ(redis.url), **sinks.environ, **counting}
        with running_line(environ, with_faults, sinks.work) as line:
            day = Day(line, sinks, redis, environ)
            for event in PLANTED if planted else SOURCES:
                event(day)
                day.sinks.look()
            line.send_signal(signal.SIGTERM)
            line.wait()
        salt = str(redis.client.get(SALT_KEY))
        return Left(sinks.collect(), salt, f"{redis.port}", day.metrics, counts_file.read(file))


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """All that a day of failures leaves behind."""
    return run_day(tmp_path_factory.mktemp("day"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """All that a day with planted leaks leaves behind."""
    return run_day(tmp_path_factory.mktemp("leaky"), planted=True)


def test_day_of_failures_leaves_no_personal_data(day: Left) -> None:
    """Number, text, message id, city, address and user agent are in no sink, in any form."""
    assert found(day.sinks) == {}


@pytest.mark.parametrize("sink", SINKS)
def test_search_finds_planted_leak(sink: str, planted: Left) -> None:
    assert leaks(planted.sinks[sink]) == PERSONAL_DATA


def test_day_of_failures_reaches_every_sink(day: Left) -> None:
    """Each sink holds the traces of what happened, so there was something to search."""
    for outcome in (b"RuntimeError", b"refused", b"withheld", b"answered"):
        assert b'"outcome": "%s"' % outcome in day.sinks["output"]
    for sink in ("MONITOR", "SLOWLOG", "RDB"):
        assert PREFIX.encode() in day.sinks[sink], sink
    assert b"fault_injection" in day.sinks["processes"]
    assert b"redis-py" in day.sinks["CLIENT LIST"]
    assert b"TimeoutError" in day.sinks["reports"]
    assert b"HTTP/1.1 403" in day.sinks["answers"]


def test_search_covers_both_streams_and_every_folder(planted: Left) -> None:
    """A leak is found on stdout, on stderr, in the working folder, in HOME and in TMPDIR."""
    for stream in (b"on stdout", b"on stderr"):
        (line,) = [row for row in planted.sinks["output"].splitlines() if row.startswith(stream)]
        assert leaks(line) == PERSONAL_DATA
    for place in (b"/work/left\n", b"/home/.left\n", b"/tmp/"):
        _, _, file = planted.sinks["files"].partition(place)
        assert leaks(file) == PERSONAL_DATA


def test_line_connects_only_to_redis(day: Left, planted: Left) -> None:
    """It starts no process and writes no file either; with planted leaks, all three are recorded.

    Files that are deleted before the end of the day are found only here.
    """
    assert day.redis in day.sinks["doings"].decode()
    assert (day.others(), day.sinks["proxy"]) == ([], b"")
    events = {row.split()[0] for row in planted.others()}
    assert events >= {"subprocess.Popen", "socket.connect", "open"}


def test_secrets_and_derived_key_are_in_no_sink(day: Left) -> None:
    """Neither the operator's secrets nor the key made of secret and salt are in Redis or a log."""
    derived = daily_session_secret(SECRET, day.salt)
    assert day.salt.encode() in day.sinks["MONITOR"]
    assert found(day.sinks, SECRETS) == {}
    forms = (derived, derived.hex().encode(), base64.b64encode(derived))
    assert not [sink for sink in SINKS for form in forms if form in day.sinks[sink]]


SERIES = re.compile(r"rights_line_(?:problems|redis_down|contacts_overdue) [0-9]+\.0")


def test_metrics_show_the_health_alone(day: Left) -> None:
    """The counts are in their file at midnight, or at the end of the process."""
    samples = [row for row in day.metrics.decode().splitlines() if not row.startswith("#")]
    assert len(samples) == 3
    assert all(map(SERIES.fullmatch, samples))


def test_counts_hold_known_names_and_tens_only(day: Left, sources: ContentSources) -> None:
    """The file and the report count the day, and name nothing but rows of the content."""
    ((_, kinds),) = day.counts.items()
    names = table_row_names(built(sources, "drafts"))
    assert kinds["languages"]["pl"] >= 10
    assert kinds["topics"]["work"] >= 10
    for kind, cells in kinds.items():
        assert cells.keys() <= names[kind].keys()
        assert all(number % 10 == 0 for number in cells.values())
    assert b"<dt>Message</dt>" in day.sinks["answers"]


# 3. The search

DIGITS = b"97531864"
FORMS = (
    *(NUMBER.encode(), b"004797531864", b"%2B4797531864", DIGITS, b"97 53 18 64", b"975-31-864"),
    *("975\u00a031\u00a0864".encode(), b"tel:+4797531864", b"KzQ3OTc1MzE4NjQ="),
    *(base64.b64encode(lead + DIGITS + b"z") for lead in (b"a", b"ab")),
    *(b"2b34373937353331383634", DIGITS.hex().upper().encode(), NUMBER.encode("utf-16")),
    DIGITS.decode().encode("utf-16-be"),
    *(
        hashlib.new(name, text).hexdigest().encode()
        for name in ("md5", "sha1", "sha256")
        for text in (NUMBER.encode(), DIGITS, b"4797531864", b"whatsapp:+4797531864")
    ),
    hashlib.sha256(NUMBER.encode()).hexdigest()[:32].encode(),
    hashlib.sha256(b"twilio_sms\0+4797531864").hexdigest().encode(),
    hashlib.sha256(NUMBER.encode()).digest(),
    base64.b64encode(hashlib.sha1(NUMBER.encode()).digest()),
)


@pytest.mark.parametrize("form", FORMS)
def test_search_finds_number_in_each_form(form: bytes) -> None:
    """With or without its country code, grouped, encoded or hashed."""
    assert leaks(b"a line about " + form + b", and more") == {NUMBER}


def test_search_ignores_other_number_and_keyed_pseudonym() -> None:
    pseudonym = hmac.digest(b"a key", NUMBER.encode(), "sha256").hex()
    assert leaks(f"+4797531865 {pseudonym} 97531 864".encode()) == set()
