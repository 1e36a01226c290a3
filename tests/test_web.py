"""Whatever breaks, a person gets the helplines in time; whoever reads the log learns nothing."""

import base64
import hashlib
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rights_line import logs, web
from rights_line.channels.twilio_sms import Gateway
from rights_line.core.library import Library
from rights_line.core.messages import Reply
from rights_line.errors import Malformed, Unauthenticated
from rights_line.sessions import MemorySessions, RedisSessions, Sessions, connector
from rights_line.web import LARGEST, OSLO, build_app, days_since
from tests import twilio_phone
from tests.conftest import TUESDAY
from tests.servers import RedisServer, free_port, gunicorn
from tests.twilio_phone import ENVIRON, HER, PATH, fields, plain, said

HELPLINES = ("112", "22331160", "116111")

# What must be nowhere in the output of the server, each in the ways it may be written there.
NUMBER = "+4797531864"
TEXT = "mittolonn sitrongul"
MESSAGE_ID = f"SM{'5a' * 16}"
ADDRESS = "127.0.0.77"
AGENT = "Sitronfon/7.7"


@dataclass(frozen=True)
class Line:
    """The line with Twilio's gateway, and its parts."""

    gateway: Gateway
    sessions: Sessions
    client: FlaskClient

    def post(self, form: dict[str, str]) -> TestResponse:
        return self.client.post(**twilio_phone.request(form))


@pytest.fixture
def line(library: Library) -> Line:
    """A line whose clock stands still."""
    gateway, sessions = Gateway.from_environ(ENVIRON), MemorySessions()
    app = build_app({"twilio_sms": gateway}, library, sessions, dict, lambda: TUESDAY)
    return Line(gateway, sessions, app.test_client())


def helplines_in(text: str) -> list[str]:
    """Return the helplines that a text holds."""
    return [number for number in HELPLINES if number in plain(text)]


def raises(error: BaseException) -> Callable[..., Any]:
    """Return what raises an error, whatever it is asked."""

    def broken(*_: object, **__: object) -> Any:
        raise error

    return broken


STEPS: dict[str, Callable[[Line], object]] = {
    "authenticate": lambda line: line.gateway,
    "receive": lambda line: line.gateway,
    "load": lambda line: line.sessions,
    "respond": lambda line: web,
    "save": lambda line: line.sessions,
    "deliver": lambda line: line.gateway,
}


@pytest.mark.parametrize("error", [Exception, MemoryError, UnicodeError, RecursionError])
@pytest.mark.parametrize("step", STEPS)
def test_what_breaks_is_answered_with_the_helplines(
    step: str,
    error: type[Exception],
    line: Line,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each step may raise anything: 200, TwiML, the helplines; its class is all that is logged."""
    expected = line.gateway.deliver(Reply(library.last_resort))
    monkeypatch.setattr(STEPS[step](line), step, raises(error(f"{HER} wrote {TEXT}")))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    assert helplines_in(said(answer.data)) == [*HELPLINES]
    assert answer.data == expected.data
    out, err = capfd.readouterr()
    row = {"event": "inbound", "channel": "twilio_sms", "outcome": error.__name__}
    assert json.loads(err) == {**row, "ms": json.loads(err)["ms"]}
    assert (out, caplog.text) == ("", "")


def test_what_is_not_from_the_gateway_gets_a_bare_status(
    line: Line, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A request that nobody vouches for is told no more than that."""
    monkeypatch.setattr(line.gateway, "authenticate", raises(Unauthenticated(HER)))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, answer.data) == (403, b"")
    assert json.loads(capfd.readouterr().err)["outcome"] == "refused"


def test_what_cannot_be_read_is_answered_with_the_helplines(
    line: Line, library: Library, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It came from the gateway, and so from somebody who waits; a 4xx would be kept, and silent."""
    monkeypatch.setattr(line.gateway, "receive", raises(Malformed(HER)))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, said(answer.data)) == (200, library.last_resort)
    assert json.loads(capfd.readouterr().err)["outcome"] == "malformed"


def test_a_log_that_cannot_be_written_costs_no_answer(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a closed stream is no reason to be silent."""
    full = open("/dev/full", "w")  # noqa: SIM115 - closing it fails, too
    monkeypatch.setattr("sys.stderr", full)

    assert line.post(fields("hei")).status_code == 200
    with suppress(OSError):
        full.close()
    assert line.post(fields("hei")).status_code == 200


def test_an_event_is_one_line_of_four_fields(capfd: pytest.CaptureFixture[str]) -> None:
    """An event says what, where, how it went and how long, in whole milliseconds."""
    logs.event("inbound", "try_it", "answered", 1.6)

    row = {"event": "inbound", "channel": "try_it", "outcome": "answered", "ms": 2}
    assert capfd.readouterr().err == json.dumps(row) + "\n"


REPLAYED: dict[str, tuple[tuple[str, ...], str]] = {
    "the first message": ((), "hei"),
    "no text": ((), ""),
    "a number before any language": ((), "41"),
    "a helpline": ((), "112"),
    "a language": ((), "POLSKI"),
    "a language and a code": ((), "POLSKI 41"),
    "a code": (("POLSKI",), "41"),
    "the menu": (("POLSKI",), "0"),
    "the languages": (("POLSKI",), "99"),
    "another language": (("POLSKI",), "ENGLISH"),
    "what nobody understands": (("POLSKI",), "xyzzy"),
    "good-bye": (("POLSKI",), "00"),
    "STOP": (("POLSKI",), "STOP"),
}


@pytest.mark.parametrize(("before", "text"), REPLAYED.values(), ids=REPLAYED)
def test_a_message_sent_twice_is_answered_alike(
    before: tuple[str, ...], text: str, line: Line
) -> None:
    """Twilio sends a message again when the answer was lost: she must get the one that was.

    The one exception is a language picked by its number (docs/adr/0001).
    """
    for earlier in before:
        line.post(fields(earlier))
    form = fields(text)

    first, second = line.post(form), line.post(form)

    assert (first.status_code, second.data) == (200, first.data)


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 200), (LARGEST + 1, 413), (1_000_000, 413)])
def test_a_body_has_a_largest_size(size: int, status: int, line: Line) -> None:
    """A body of 16 KiB is read; one byte more is 413, and the next message is answered."""
    form = fields("")
    form["Body"] = "a" * (size - len(urlencode(form)))

    assert line.post(form).status_code == status
    assert line.post(fields("hei")).status_code == 200


ERROR_PAGES = {
    "the root": ("GET", "/", 404),
    "a path": ("GET", f"/wp-login.php?From={NUMBER}", 404),
    "no gateway": ("POST", "/inbound/", 404),
    "a gateway that is none": ("POST", "/inbound/nosuch", 404),
    "a gateway that is not enabled": ("POST", "/inbound/try_it", 404),
    "a path below a gateway": ("POST", f"{PATH}/a/b", 404),
    "a method on a gateway": ("PUT", PATH, 405),
    "a method on the health": ("POST", "/healthz", 405),
    "bytes that are no text": ("GET", "/%FF%FE", 404),
}


@pytest.mark.parametrize(("method", "path", "status"), ERROR_PAGES.values(), ids=ERROR_PAGES)
def test_an_error_page_says_the_helplines(
    method: str, path: str, status: int, line: Line, library: Library
) -> None:
    """Whoever ends on a page that is none still reads where to call; nothing of it is echoed."""
    answer = line.client.open(path, method=method)

    assert (answer.status_code, answer.text) == (status, library.last_resort)
    assert helplines_in(answer.text) == [*HELPLINES]
    assert answer.content_type == "text/plain; charset=utf-8"


def test_a_page_that_breaks_says_the_helplines(
    library: Library, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An exception outside a message is a 500 with the helplines, and leaves no trace in a log."""
    app = build_app({}, library, MemorySessions(), raises(RuntimeError(NUMBER)))

    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (500, library.last_resort)
    assert (*capfd.readouterr(), caplog.text) == ("", "", "")


def redis_at(url: str) -> Sessions:
    """Return a memory in Redis."""
    return RedisSessions(connector(url), "s" * 32)


def test_health_is_answered_whatever_redis_does(library: Library, redis: RedisServer) -> None:
    """/healthz is 200 and JSON while the line can answer, which it can without Redis."""
    memories = {
        "memory": MemorySessions(),
        "up": redis_at(redis.url),
        "down": redis_at(f"redis://127.0.0.1:{free_port()}/0"),
    }
    for state, sessions in memories.items():
        app = build_app({}, library, sessions, lambda: {"languages": {"en": "draft"}})

        answer = app.test_client().get("/healthz")

        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert answer.json == {"status": "ok", "redis": state, "languages": {"en": "draft"}}


def test_health_says_how_the_real_texts_are(client: FlaskClient) -> None:
    """The real line says which languages are drafts, and how old its numbers are."""
    health = client.get("/healthz").json

    assert health is not None
    assert set(health["languages"].values()) <= {"approved", "draft"}
    assert "en" in health["languages"]
    assert isinstance(health["contacts_verified_days_ago"], int)


def test_days_are_counted_in_norway() -> None:
    """Today is no day ago; a day of last week is seven."""
    today: date = datetime.now(OSLO).date()

    assert [days_since(today - timedelta(days=days)) for days in (0, 7)] == [0, 7]


# --- Under a real gunicorn -----------------------------------------------------------------------


def head(form: dict[str, str], path: str = PATH) -> dict[str, str]:
    """Return the headers that Twilio sends with a form, and the agent we look for."""
    request = twilio_phone.request(form, path)
    return {"Content-Type": request["content_type"], "User-Agent": AGENT, **request["headers"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The line under gunicorn, as the Procfile runs it; its host and port."""
    environ = ENVIRON | {"OUTPUT": str(tmp_path_factory.mktemp("gunicorn") / "output")}
    with gunicorn(environ) as (address, output):
        yield address.removeprefix("http://")
        assert output.read_text().count("Booting worker") == 1, "a worker died"


@pytest.fixture
def connection(server: str) -> Iterator[HTTPConnection]:
    """A connection that is kept open."""
    with closing(HTTPConnection(server, timeout=5)) as made:
        yield made


def send(connection: HTTPConnection, path: str, form: dict[str, str], chunked: bool) -> int:
    """Post a signed form on a connection and return the status."""
    data = urlencode(form).encode()
    body = (data[at : at + 1000] for at in range(0, len(data), 1000)) if chunked else data
    connection.request("POST", path, body, head(form, path), encode_chunked=chunked)
    answer = connection.getresponse()
    answer.read()
    return answer.status


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_real_server_reads_and_refuses_bodies_by_their_size(
    connection: HTTPConnection, chunked: bool
) -> None:
    """With or without Content-Length: small is 200, large is 413, and the same peer goes on."""
    sizes = [100, LARGEST + 1, 100, 60_000, 100]

    answers = [send(connection, PATH, fields("a" * size), chunked) for size in sizes]

    assert answers == [200, 413, 200, 413, 200]


@pytest.mark.parametrize(
    "path", [f"{PATH}?a=%27+%C3%A9%c3%a9", "/inbound/twilio%5Fsms", f"{PATH}?x&y="]
)
def test_a_real_server_hands_on_what_was_signed(connection: HTTPConnection, path: str) -> None:
    """gunicorn leaves the raw path and query as Twilio signed them."""
    assert send(connection, path, fields("hei"), chunked=False) == 200


def dial(server: str) -> socket.socket:
    """Return a bare connection."""
    host, port = server.split(":")
    return socket.create_connection((host, int(port)), 5, (ADDRESS, 0))


def exchange(server: str, data: bytes) -> bytes:
    """Send bytes, hang up one side, and return all that comes back."""
    received = b""
    with dial(server) as wire, suppress(ConnectionError):
        wire.sendall(data)
        with suppress(OSError):  # the server may have hung up already
            wire.shutdown(socket.SHUT_WR)
        while piece := wire.recv(65536):
            received += piece
    return received


def request_bytes(line: str, *headers: str, body: str = "") -> bytes:
    """Return a request as it goes over the wire."""
    return "\r\n".join([line, "Host: line.example.org", *headers, "", body]).encode("latin-1")


CANARIES = f"{NUMBER} {TEXT} {MESSAGE_ID}"
AS_FORM = f"Content-Type: application/x-www-form-urlencoded\r\nUser-Agent: {AGENT}"
FORM = urlencode(fields(TEXT, NUMBER, MessageSid=MESSAGE_ID))
QUERY = urlencode({"From": NUMBER, "Body": TEXT, "MessageSid": MESSAGE_ID})

MALFORMED = {
    "garbage": f"GARBAGE {CANARIES}\r\n\r\n".encode(),
    "HTTP/0.9": f"GET /?{QUERY}\r\n\r\n".encode(),
    "HTTP/9.9": request_bytes(f"GET /?{QUERY} HTTP/9.9"),
    "no such method": request_bytes(f"g({NUMBER}) / HTTP/1.1"),
    "a line too long": request_bytes(f"GET /{NUMBER * 1000} HTTP/1.1"),
    "a path beyond ASCII": request_bytes(f"GET /\xff\xfe{NUMBER} HTTP/1.1"),
    "a header without a colon": request_bytes("GET / HTTP/1.1", CANARIES),
    "a header of another name": request_bytes("GET / HTTP/1.1", f"X({NUMBER}): {TEXT}"),
    "a header with NUL": request_bytes("GET / HTTP/1.1", f"X-A: \0{CANARIES}"),
    "a folded header": request_bytes("GET / HTTP/1.1", "X-A: a", f" {CANARIES}"),
    "a header too long": request_bytes("GET / HTTP/1.1", f"X-A: {NUMBER * 1000}"),
    "too many headers": request_bytes("GET / HTTP/1.1", *[f"X-A: {CANARIES}"] * 60),
    "a header injected": request_bytes("GET / HTTP/1.1", f"X-A: a\n{CANARIES}"),
    "two lengths": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 3", f"Content-Length: {NUMBER[1:]}"
    ),
    "length and chunks": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 3", "Transfer-Encoding: chunked"
    ),
    "a negative length": request_bytes(f"POST {PATH} HTTP/1.1", f"Content-Length: -{NUMBER[1:]}"),
    "a length that is a number": request_bytes(
        f"POST {PATH} HTTP/1.1", f"Content-Length: {NUMBER}"
    ),
    "an unknown coding": request_bytes("POST / HTTP/1.1", f"Transfer-Encoding: {NUMBER}, gzip"),
    "an expectation": request_bytes("GET / HTTP/1.1", f"Expect: {CANARIES}"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + CANARIES.encode(),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00" + CANARIES.encode() + b"\r\n\r\n",
    "an end in the line": f"GET /?{QUERY}".encode(),
    "an end in the headers": f"GET / HTTP/1.1\r\nX-A: {CANARIES}".encode(),
    "an end in the body": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 9000", body=FORM
    ),
    "a length beyond all": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 99999999999", body=FORM
    ),
    "a form that is not UTF-8": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 20", body=f"Body=\xff&From={NUMBER}"
    ),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_real_server_refuses_what_is_malformed(
    server: str, connection: HTTPConnection, data: bytes
) -> None:
    """Bytes that are no request get an error or nothing, and the next message is answered."""
    answer = exchange(server, data)

    assert answer == b"" or answer.split()[1][:1] == b"4" or answer.split()[1] == b"501"
    assert send(connection, PATH, fields("hei"), chunked=False) == 200


SLOW = {
    "half a head": f"POST {PATH} HTTP/1.1\r\nHost: x".encode(),
    "half a body": request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 99", body="a"),
}


@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW)
def test_whoever_is_slow_keeps_nobody_waiting(server: str, data: bytes) -> None:
    """Requests that never end, from one place and unsigned, do not make the line silent."""
    with ExitStack() as held:
        for _ in range(20):
            held.enter_context(dial(server)).sendall(data)
        mine = held.enter_context(closing(HTTPConnection(server, timeout=3)))

        assert send(mine, PATH, fields("hei"), chunked=False) == 200


# What happens to a message on a bad day, as a module that gunicorn runs in place of app.py.
TROUBLE = """
import sys
from flask import request
from rights_line import web
from app import app

answered, served = web.respond, app.wsgi_app

def respond(inbound, *rest):
    {leak}
    raise RuntimeError(inbound.sender, inbound.text, request.form["MessageSid"])

def wsgi_app(environ, start_response):
    if environ["PATH_INFO"] == "/trouble":
        raise RuntimeError(environ["RAW_URI"], environ["HTTP_USER_AGENT"], environ["REMOTE_ADDR"])
    return served(environ, start_response)

web.respond, app.wsgi_app = respond, wsgi_app
"""
LEAK = "print(inbound.sender, inbound.text, request.form, request.headers, request.remote_addr)"

DAY = [
    *MALFORMED.values(),
    request_bytes(f"GET {PATH}?{QUERY} HTTP/1.1", AS_FORM),
    request_bytes(f"GET /{NUMBER}?{QUERY} HTTP/1.1", AS_FORM),
    request_bytes(f"GET /trouble?{QUERY} HTTP/1.1", AS_FORM),
    request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, f"Content-Length: {len(FORM)}", body=FORM),
]


def written(word: str) -> set[str]:
    """Return the ways in which a word may be written: as it is, grouped, encoded, hashed."""
    data = word.encode()
    digits = word.removeprefix("+47")
    pairs = " ".join(digits[at : at + 2] for at in range(0, 8, 2))
    encoded = {urlencode({"": word})[1:], data.hex(), base64.b64encode(data).decode()}
    hashes = {hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256")}
    return {word, digits, pairs, f"{digits[:3]} {digits[3:5]} {digits[5:]}"} | encoded | hashes


def found(output: str) -> set[str]:
    """Return whatever is in the output and must not be."""
    canaries = (NUMBER, TEXT, MESSAGE_ID, ADDRESS, AGENT)
    return {word for word in canaries if any(form in output for form in written(word))}


def a_bad_day(folder: Path, *options: str, leak: str = "pass") -> str:
    """Return all that gunicorn writes from start to end while everything goes wrong."""
    (folder / "trouble.py").write_text(TROUBLE.format(leak=leak))
    environ = ENVIRON | {"OUTPUT": str(folder / "output"), "PYTHONPATH": str(folder)}
    form = fields(TEXT, NUMBER, MessageSid=MESSAGE_ID)
    with gunicorn(environ, *options, "trouble:app") as (address, output):
        server = address.removeprefix("http://")
        for data in DAY:
            exchange(server, data)
        with closing(HTTPConnection(server, source_address=(ADDRESS, 0))) as connection:
            assert send(connection, PATH, form, chunked=False) == 200
    return output.read_text()


LOUD = ("--log-level", "debug", "--access-logfile", "-")


@pytest.mark.parametrize("options", [(), LOUD], ids=["as the Procfile says", "as loud as can be"])
def test_a_real_server_writes_nothing_about_a_person(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    """Neither number, text, message id, address nor agent is in gunicorn's output."""
    output = a_bad_day(tmp_path, *options)

    assert found(output) == set()
    assert '"outcome": "RuntimeError"' in output
    assert output.count("one message withheld") >= 20
    for word in ("Starting gunicorn", "Listening at", "Booting worker", "Shutting down"):
        assert word in output


STOCK = ("--logger-class", "gunicorn.glogging.Logger")
PLANTED: dict[str, tuple[tuple[str, ...], str, set[str]]] = {
    "gunicorn's own log": (STOCK, "pass", {NUMBER, TEXT, MESSAGE_ID, ADDRESS, AGENT}),
    "its access log": ((*STOCK, *LOUD), "pass", {NUMBER, TEXT, MESSAGE_ID, ADDRESS, AGENT}),
    "a print": ((), LEAK, {NUMBER, TEXT, MESSAGE_ID, ADDRESS, AGENT}),
}


@pytest.mark.parametrize(("options", "leak", "words"), PLANTED.values(), ids=PLANTED)
def test_a_planted_leak_is_found(
    options: tuple[str, ...], leak: str, words: set[str], tmp_path: Path
) -> None:
    """The test above can fail: with a leak planted, the same day finds what leaked."""
    assert found(a_bad_day(tmp_path, *options, leak=leak)) == words


@pytest.mark.parametrize("form", sorted(written(NUMBER)))
def test_a_number_is_found_however_it_is_written(form: str) -> None:
    """A number in a log is found with or without country code, grouped, encoded or hashed."""
    assert found(f"a line about {form}, and more") == {NUMBER}
