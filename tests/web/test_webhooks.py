"""Gateways in front of Flask answer what Flask would, to the letter; all else is Flask's."""

from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, request_started
from werkzeug.test import Client

from rights_line.channels import load_channels
from rights_line.core.library import Library
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app
from tests.support.clock import TUESDAY
from tests.support.phones import ENVIRON, KANNEL_TOKEN, PHONES

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND", "get")
# As they come over the wire.
PLAIN = ("/inbound/try_it", "/inbound/try_it/a", f"/inbound/kannel_sms/{KANNEL_TOKEN}")
OTHERS = (
    *("/inbound", "/inbound/", "/inbound/nosuch", "/inbound/nosuch/a", "/inbound/twilio_sms"),
    *("/inbound/try_it/", "/inbound/try_it/a/", "/inbound/try_it/a/b", "/INBOUND/try_it"),
    *("//inbound/try_it", "/inbound//try_it", "/inbound/try_it//a", "/a/inbound/try_it", "", "/"),
    *("/inbound/try_it%0A", "/inbound/try_it%00", "/inbound/try_it/%0A", "/inbound/try_it/%C3%A9"),
    *("/inbound/try_it/%FF", "/inbound/try_it%2Fa%2Fb", "/inbound/%C3%A9", "/inbound/try_it/a b"),
    *("/inbound/try_it/..", "/inbound/try_it/a;b", "/inbound/Try_it", "/inbound/try_it|a"),
    f"/inbound/kannel_sms/{KANNEL_TOKEN}.",
)


@pytest.fixture
def app(library: Library) -> Flask:
    """The line without Twilio, whose clock stands still."""
    channels = load_channels(["try_it", "kannel_sms"], ENVIRON)
    return build_app(channels, library, MemorySessionStore(), dict, lambda: TUESDAY)


def answers(app: Flask, request: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what the line answers, and what Flask would alone."""

    def alone(environ: Any, start_response: Any) -> Any:
        return Flask.wsgi_app(app, environ, start_response)

    sent = [Client(served).open(**request) for served in (app.wsgi_app, alone)]
    return [(answer.status, sorted(answer.headers), answer.data) for answer in sent]


@pytest.mark.parametrize("mount", ["", "/line"])
@pytest.mark.parametrize("path", [*PLAIN, *OTHERS])
def test_an_address_is_answered_as_by_flask(path: str, mount: str, app: Flask) -> None:
    """Whatever it is, by whichever method, below whichever path: status, headers and words."""
    raw = {"PATH_INFO": unquote(path, "latin-1"), "SCRIPT_NAME": mount}
    for method in METHODS:
        first, second = answers(app, {"method": method, "environ_overrides": raw})

        assert first == second, method


@pytest.mark.parametrize("name", PHONES)
def test_a_message_is_answered_as_by_flask(name: str, library: Library) -> None:
    """Each gateway's, to the letter."""
    channels = load_channels([name], ENVIRON)
    app = build_app(channels, library, MemorySessionStore(), dict, lambda: TUESDAY)

    first, second = answers(app, PHONES[name]("hei"))

    assert first == second
    assert first[0] == "200 OK"


def asks_flask(app: Flask, method: str, path: str) -> bool:
    """Tell whether Flask hears of a request."""
    heard: list[object] = []

    def hear(*_: object, **__: object) -> None:
        heard.append(None)

    with request_started.connected_to(hear, app):
        raw = {"PATH_INFO": unquote(path, "latin-1")}
        Client(app.wsgi_app).open(method=method, environ_overrides=raw)
    return bool(heard)


@pytest.mark.parametrize("method", METHODS)
def test_flask_hears_of_no_message_of_a_gateway(method: str, app: Flask) -> None:
    """GET and POST of a plain address skip it; else nothing would be won. The rest is its own."""
    is_short = method in ("GET", "POST")

    assert [asks_flask(app, method, path) for path in PLAIN] == [not is_short] * len(PLAIN)
    assert all(asks_flask(app, method, path) for path in OTHERS)
