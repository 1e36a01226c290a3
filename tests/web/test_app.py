"""Whatever breaks, a person gets the helplines in time; whoever reads the log learns nothing."""

import json
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from socket import AF_UNIX as UNIX
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rights_line import event_log
from rights_line.channels.twilio_sms import Channel
from rights_line.core.library import Library
from rights_line.core.messages import Reply
from rights_line.errors import Malformed, Unauthenticated
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web import fallback, webhooks
from rights_line.web.app import build_app
from rights_line.web.request_body import MAX_BODY_BYTES
from tests.support import twilio_phone
from tests.support.canary import AGENT, NUMBER, TEXT
from tests.support.clock import TUESDAY
from tests.support.log import written
from tests.support.servers import gunicorn
from tests.support.twilio_phone import ENVIRON, PATH, SENDER, fields, reply_text, without_spaces
from tests.support.wire import AS_FORM, MALFORMED, dial, exchange, request_bytes

HELPLINES = ("112", "22331160", "116111")


@dataclass(frozen=True)
class Line:
    """The line with Twilio's gateway, and its parts."""

    gateway: Channel
    sessions: SessionStore
    client: FlaskClient

    def post(self, form: dict[str, str]) -> TestResponse:
        return self.client.post(**twilio_phone.request(form))


@pytest.fixture
def line(library: Library) -> Line:
    """A line whose clock stands still."""
    gateway, sessions = Channel.from_environ(ENVIRON), MemorySessionStore()
    app = build_app({"twilio_sms": gateway}, library, sessions, dict, lambda: TUESDAY)
    return Line(gateway, sessions, app.test_client())


def helplines_in(text: str) -> list[str]:
    """Return the helplines that a text holds."""
    return [number for number in HELPLINES if number in without_spaces(text)]


def raises(error: BaseException) -> Callable[..., Any]:
    """Return what raises an error, whatever it is asked."""

    def broken(*_: object, **__: object) -> Any:
        raise error

    return broken


STEPS: dict[str, Callable[[Line], object]] = {
    "authenticate": lambda line: line.gateway,
    "receive": lambda line: line.gateway,
    "load": lambda line: line.sessions,
    "respond": lambda line: webhooks,
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
    expected = line.gateway.deliver(Reply(library.fallback))
    monkeypatch.setattr(STEPS[step](line), step, raises(error(f"{SENDER} wrote {TEXT}")))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    assert helplines_in(reply_text(answer.data)) == [*HELPLINES]
    assert answer.data == expected.data
    out, err = written(capfd)
    row = {"event": "inbound", "channel": "twilio_sms", "outcome": error.__name__}
    assert json.loads(err) == {**row, "ms": json.loads(err)["ms"]}
    assert (out, caplog.text) == ("", "")


def test_what_is_not_from_the_gateway_gets_a_bare_status(
    line: Line, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A request that nobody vouches for is told no more than that."""
    monkeypatch.setattr(line.gateway, "authenticate", raises(Unauthenticated(SENDER)))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, answer.data) == (403, b"")
    assert json.loads(written(capfd)[1])["outcome"] == "refused"


def test_what_cannot_be_read_is_answered_with_the_helplines(
    line: Line, library: Library, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It came from the gateway, and so from somebody who waits; a 4xx would be kept, and silent."""
    monkeypatch.setattr(line.gateway, "receive", raises(Malformed(SENDER)))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, reply_text(answer.data)) == (200, library.fallback)
    assert json.loads(written(capfd)[1])["outcome"] == "malformed"


def test_an_event_is_one_line_of_four_fields(capfd: pytest.CaptureFixture[str]) -> None:
    """An event says what, where, how it went and how long, in whole milliseconds."""
    event_log.log_event("inbound", "try_it", "answered", 1.6)

    row = {"event": "inbound", "channel": "try_it", "outcome": "answered", "ms": 2}
    assert written(capfd)[1] == json.dumps(row) + "\n"


@pytest.mark.parametrize("module", [webhooks, fallback], ids=["inbound", "last_resort"])
def test_an_event_says_how_long_an_answer_took(
    module: ModuleType,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In milliseconds, of which it took two thousand."""
    moments = iter([5.0, 7.0])
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: next(moments)))
    if module is fallback:
        monkeypatch.setattr(webhooks, "_outcome", raises(RuntimeError()))

    line.post(fields("hei"))

    assert json.loads(written(capfd)[1])["ms"] == 2000


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


@pytest.mark.parametrize(
    ("size", "status"), [(16_383, 200), (16_384, 200), (16_385, 413), (1_000_000, 413)]
)
def test_a_body_has_a_largest_size(size: int, status: int, line: Line) -> None:
    """A body of 16 KiB is read; one byte more is 413, and the next message is answered."""
    form = fields("")
    form["Body"] = "a" * (size - len(urlencode(form)))

    assert line.post(form).status_code == status
    assert line.post(fields("hei")).status_code == 200


def test_what_is_not_kept_is_not_promised(
    line: Line, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where her language could not be kept, each code stands with its word."""
    monkeypatch.setattr(line.sessions, "save", lambda session, tag: False)
    word = library.editions["pl"].language.word

    assert f"\n{word} 4 " in reply_text(line.post(fields(word)).data)


class Torn(BytesIO):
    """A body of which the server says, in its own words, that it does not come."""

    def read(self, *_: object) -> bytes:
        raise OSError


BODIES = {
    "cut off": (BytesIO(b"a" * 10), 11, 400),
    "torn": (Torn(), 11, 400),
    "too large": (BytesIO(b"a" * MAX_BODY_BYTES), MAX_BODY_BYTES + 1, 413),
}


@pytest.mark.parametrize("path", [PATH, "/healthz"])
@pytest.mark.parametrize(("body", "length", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_not_whole_is_refused(
    path: str, body: BytesIO, length: int, status: int, line: Line
) -> None:
    """A gateway's is taken for no shorter message; on a page it is no other than on a gateway."""
    body.seek(0)
    answer = line.client.post(
        path, input_stream=body, environ_overrides={"CONTENT_LENGTH": str(length)}
    )

    assert answer.status_code == status


ERROR_PAGES = {
    "the root": ("GET", "/", 404),
    "a path": ("GET", f"/wp-login.php?From={NUMBER}", 404),
    "no gateway": ("POST", "/inbound/", 404),
    "a gateway that is none": ("POST", "/inbound/nosuch", 404),
    "a gateway that is not enabled": ("POST", "/inbound/try_it", 404),
    "a path below a gateway": ("POST", f"{PATH}/a/b", 404),
    "a method on a gateway": ("PUT", PATH, 405),
    "OPTIONS of a gateway": ("OPTIONS", PATH, 405),
    "a method on the health": ("POST", "/healthz", 405),
    "two slashes": ("POST", PATH.replace("/t", "//t"), 404),
    "bytes that are no text": ("GET", "/%FF%FE", 404),
}


METHODS = {PATH: {"GET", "HEAD", "POST"}, "/healthz": {"GET", "HEAD"}}


@pytest.mark.parametrize(("method", "path", "status"), ERROR_PAGES.values(), ids=ERROR_PAGES)
def test_an_error_page_says_the_helplines(
    method: str, path: str, status: int, line: Line, library: Library
) -> None:
    """Whoever ends on a page that is none still reads where to call; nothing of it is echoed."""
    answer = line.client.open(path, method=method)

    assert (answer.status_code, answer.text) == (status, library.fallback)
    assert helplines_in(answer.text) == [*HELPLINES]
    assert answer.content_type == "text/plain; charset=utf-8"
    assert {*answer.allow} == (METHODS[path] if status == 405 else set())


def test_a_page_that_breaks_says_the_helplines(
    library: Library, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An exception outside a message is a 500 with the helplines; its class is all that is told."""
    app = build_app({}, library, MemorySessionStore(), raises(RuntimeError(NUMBER)))

    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (500, library.fallback)
    out, err = written(capfd)
    row = {"event": "page", "channel": "web", "outcome": "RuntimeError"}
    assert json.loads(err) == {**row, "ms": json.loads(err)["ms"]}
    assert (out, caplog.text) == ("", "")


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
    sizes = [100, MAX_BODY_BYTES + 1, 100, 60_000, 100]

    answers = [send(connection, PATH, fields("a" * size), chunked) for size in sizes]

    assert answers == [200, 413, 200, 413, 200]


@pytest.mark.parametrize(
    "path", [f"{PATH}?a=%27+%C3%A9%c3%a9", "/inbound/twilio%5Fsms", f"{PATH}?x&y="]
)
def test_a_real_server_hands_on_what_was_signed(connection: HTTPConnection, path: str) -> None:
    """gunicorn leaves the raw path and query as Twilio signed them."""
    assert send(connection, path, fields("hei"), chunked=False) == 200


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_real_server_refuses_what_is_malformed(
    server: str, connection: HTTPConnection, data: bytes
) -> None:
    """Bytes that are no request get an error or nothing, and the next message is answered."""
    answer = exchange(server, data)

    assert answer == b"" or answer.split()[1][:1] == b"4"
    assert send(connection, PATH, fields("hei"), chunked=False) == 200


SLOW = {
    "half a head": f"POST {PATH} HTTP/1.1\r\nHost: x".encode(),
    "half a body": request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 99", body="a"),
}


@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW)
def test_whoever_is_slow_keeps_nobody_waiting(server: str, data: bytes) -> None:
    """Requests that never end, from one place and unsigned, do not make the line silent."""
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(dial(server)).sendall(data)
        mine = stack.enter_context(closing(HTTPConnection(server, timeout=3)))

        assert send(mine, PATH, fields("hei"), chunked=False) == 200


def test_no_header_changes_the_path(tmp_path: Path) -> None:
    """A proxy that forbids /healthz must not be passed by; a Unix socket is open to its group."""
    path = tmp_path / "line.sock"
    data = request_bytes("GET /x/healthz HTTP/1.1", "SCRIPT_NAME: /x", "PATH_INFO: /healthz")
    environ = ENVIRON | {"OUTPUT": str(tmp_path / "output")}
    with gunicorn(environ, "--bind", f"unix:{path}") as (address, _), socket.socket(UNIX) as wire:
        wire.connect(str(path))
        wire.sendall(data)
        assert wire.recv(65536).startswith(b"HTTP/1.1 404")
        assert exchange(address.removeprefix("http://"), data).startswith(b"HTTP/1.1 404")
        assert stat.S_IMODE(path.stat().st_mode) == 0o770
