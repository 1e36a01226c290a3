"""Webhooks, which are served before Flask: the responses must be equal to those of Flask."""

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
# Raw paths, as in the request line.
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
    """A line without Twilio, with a fixed clock."""
    channels = load_channels(["try_it", "kannel_sms"], ENVIRON)
    return build_app(channels, library, MemorySessionStore(), dict, lambda: TUESDAY)


def answers(app: Flask, request: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the response of the line, and that of Flask flask_only."""

    def flask_only(environ: Any, start_response: Any) -> Any:
        return Flask.wsgi_app(app, environ, start_response)

    sent = [Client(served).open(**request) for served in (app.wsgi_app, flask_only)]
    return [(answer.status, sorted(answer.headers), answer.data) for answer in sent]


@pytest.mark.parametrize("mount", ["", "/line"])
@pytest.mark.parametrize("path", [*PLAIN, *OTHERS])
def test_webhook_any_path_and_method_answers_as_flask(path: str, mount: str, app: Flask) -> None:
    """Status, headers and body are equal, for each method and mount point."""
    raw = {"PATH_INFO": unquote(path, "latin-1"), "SCRIPT_NAME": mount}
    for method in METHODS:
        first, second = answers(app, {"method": method, "environ_overrides": raw})

        assert first == second, method


@pytest.mark.parametrize("name", PHONES)
def test_webhook_message_answers_as_flask(name: str, library: Library) -> None:
    """Checked for each channel."""
    channels = load_channels([name], ENVIRON)
    app = build_app(channels, library, MemorySessionStore(), dict, lambda: TUESDAY)

    first, second = answers(app, PHONES[name]("hei"))

    assert first == second
    assert first[0] == "200 OK"


def calls_flask(app: Flask, method: str, path: str) -> bool:
    """Return whether Flask handles a request."""
    handled: list[object] = []

    def record(*_: object, **__: object) -> None:
        handled.append(None)

    with request_started.connected_to(record, app):
        raw = {"PATH_INFO": unquote(path, "latin-1")}
        Client(app.wsgi_app).open(method=method, environ_overrides=raw)
    return bool(handled)


@pytest.mark.parametrize("method", METHODS)
def test_webhook_plain_path_does_not_call_flask(method: str, app: Flask) -> None:
    """Flask handles other methods and paths."""
    is_direct = method in ("GET", "POST")

    assert [calls_flask(app, method, path) for path in PLAIN] == [not is_direct] * len(PLAIN)
    assert all(calls_flask(app, method, path) for path in OTHERS)
