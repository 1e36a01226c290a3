"""The WSGI application: errors, logged events and size limits."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rights_line.channels.twilio_sms import Channel
from rights_line.core import Medium, Reply, conversation
from rights_line.core.library import Library
from rights_line.errors import Malformed, Unauthenticated
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web import webhooks
from tests.support import twilio_phone
from tests.support.canary import NUMBER, TEXT
from tests.support.log import written
from tests.support.sms_line import line_of
from tests.support.twilio_phone import ENVIRON, PATH, SENDER, fields, reply_text
from tests.support.wording import missing_helplines


@dataclass(frozen=True)
class Line:
    """The line with the channel twilio_sms, and its parts."""

    channel: Channel
    sessions: SessionStore
    client: FlaskClient

    def post(self, form: dict[str, str]) -> TestResponse:
        return self.client.post(**twilio_phone.request(form))


@pytest.fixture
def line(library: Library) -> Line:
    """A line with a fixed clock."""
    channel, sessions = Channel.from_environ(ENVIRON), MemorySessionStore()
    return Line(channel, sessions, line_of(library, channel, sessions=sessions))


def raises(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises an error for any arguments."""

    def broken(*_: object, **__: object) -> Any:
        raise error

    return broken


STEPS: dict[str, Callable[[Line], object]] = {
    "authenticate": lambda line: line.channel,
    "receive": lambda line: line.channel,
    "open_message": lambda line: line.sessions,
    "understand": lambda line: conversation,
    "reply": lambda line: conversation,
    "save": lambda line: line.sessions,
    "deliver": lambda line: line.channel,
}


@pytest.mark.parametrize("error", [Exception, MemoryError, UnicodeError, RecursionError])
@pytest.mark.parametrize("step", STEPS)
def test_webhook_step_raises_error_replies_with_helplines(
    step: str,
    error: type[Exception],
    line: Line,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reply is 200 and TwiML; only the class of the error is logged."""
    expected = line.channel.deliver(Reply(library.fallback))
    monkeypatch.setattr(STEPS[step](line), step, raises(error(f"{SENDER} wrote {TEXT}")))

    answer = line.post(fields(TEXT))

    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    assert missing_helplines(reply_text(answer.data)) == []
    assert answer.data == expected.data
    out, err = written(capfd)
    row = {"event": "inbound", "channel": "twilio_sms", "outcome": error.__name__}
    assert json.loads(err) == {**row, "ms": json.loads(err)["ms"]}
    assert (out, caplog.text) == ("", "")


def test_webhook_refused_or_malformed_request_is_answered_and_logged(
    line: Line, library: Library, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whom the provider authenticated is waiting; after a 4xx they would get nothing."""
    monkeypatch.setattr(line.channel, "receive", raises(Malformed(SENDER)))
    moments = iter([5.0, 7.0, 7.0, 8.0])
    clock = SimpleNamespace(perf_counter=lambda: next(moments))
    monkeypatch.setattr(webhooks, "time", clock)
    answer = line.post(fields(TEXT))
    assert (answer.status_code, reply_text(answer.data)) == (200, library.fallback)
    row = json.loads(written(capfd)[1])
    assert (row["outcome"], row["ms"]) == ("malformed", 2000)
    monkeypatch.setattr(line.channel, "authenticate", raises(Unauthenticated(SENDER)))
    answer = line.post(fields(TEXT))
    assert (answer.status_code, answer.data) == (403, b"")
    assert json.loads(written(capfd)[1])["outcome"] == "refused"


@pytest.mark.parametrize(
    ("medium", "size", "status"),
    [
        *((Medium.SMS, 16_384, 200), (Medium.SMS, 16_385, 413)),
        *((Medium.CHAT, 65_536, 200), (Medium.CHAT, 65_537, 413)),
    ],
)
def test_webhook_body_over_the_limit_returns_413(
    medium: Medium, size: int, status: int, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long chat message in JSON takes six bytes for each letter. The next one is answered."""
    monkeypatch.setattr(Channel, "media", (medium,))
    form = fields("")
    form["Body"] = "a" * (size - len(urlencode(form)))
    assert line.post(form).status_code == status
    assert line.post(fields("hei")).status_code == 200


class Torn(BytesIO):
    """A body whose connection breaks while it is read."""

    def read(self, *_: object) -> bytes:
        raise OSError


@pytest.mark.parametrize("body", [BytesIO(b"a" * 10), Torn()], ids=["cut off", "torn"])
def test_webhook_incomplete_body_is_rejected(body: BytesIO, line: Line) -> None:
    """A truncated body must not be read as a shorter message."""
    overrides = {"CONTENT_LENGTH": "11"}
    answer = line.client.post(PATH, input_stream=body, environ_overrides=overrides)

    assert answer.status_code == 400


UNKNOWN_REQUESTS = {
    "the root": ("GET", "/", 404),
    "a slash after a channel": ("POST", f"{PATH}/", 404),
    "a path": ("GET", f"/wp-login.php?From={NUMBER}", 404),
    "no channel": ("POST", "/inbound/", 404),
    "an unknown channel": ("POST", "/inbound/nosuch", 404),
    "a channel that is not enabled": ("POST", "/inbound/try_it", 404),
    "a path below a channel": ("POST", f"{PATH}/a/b", 404),
    "another method on a channel": ("PUT", PATH, 405),
    "OPTIONS of a channel": ("OPTIONS", PATH, 405),
    "another method on the health check": ("POST", "/healthz", 405),
    "invalid UTF-8": ("GET", "/%FF%FE", 404),
}


METHODS = {PATH: {"GET", "POST"}, "/healthz": {"GET", "HEAD"}}


@pytest.mark.parametrize(
    ("method", "path", "status"), UNKNOWN_REQUESTS.values(), ids=UNKNOWN_REQUESTS
)
def test_unknown_path_or_method_returns_helplines(
    method: str, path: str, status: int, line: Line, library: Library
) -> None:
    """The response does not repeat the request."""
    answer = line.client.open(path, method=method)

    assert (answer.status_code, answer.text) == (status, library.fallback)
    assert missing_helplines(answer.text) == []
    assert answer.content_type == "text/plain; charset=utf-8"
    assert {*answer.allow} == (METHODS[path] if status == 405 else set())
