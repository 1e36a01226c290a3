"""The security headers of every response, which also must not name the server."""

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from rights_line.web.app import create_app
from rights_line.web.http import MAX_BODY_BYTES
from rights_line.web.webhooks import Webhooks
from tests.support.canary import NUMBER, TEXT
from tests.support.phones import ENVIRON
from tests.support.servers import running_line
from tests.support.wire import MALFORMED, exchange
from tests.support.worlds import texts_at

# Written out, so that a weaker header fails the test.
EXPECTED = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
NOTHING = {
    *("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
}
FORBIDDEN = {"strict-transport-security", "server", "set-cookie", "etag", "x-powered-by", "via"}

# Method, path, body -> status
REQUESTS = {
    ("GET", "/", b""): 200,
    ("HEAD", "/pl/00", b""): 303,
    ("GET", "/pl/4", b""): 200,
    ("GET", "/pl/00", b""): 303,
    ("GET", "/pl/4/languages", b""): 200,
    ("GET", "/robots.txt", b""): 200,
    ("GET", "/try", b""): 200,
    ("GET", "/card/pl", b""): 200,
    ("GET", "/show/pl", b""): 200,
    ("GET", "/outreach", b""): 200,
    ("POST", "/try", b"text=hei&medium=sms&from=me"): 200,
    ("GET", "/static/screen.css", b""): 404,
    ("GET", "/healthz", b""): 200,
    ("GET", "/nosuch", b""): 404,
    ("GET", "/favicon.ico", b""): 404,
    ("POST", "/pl/", b""): 405,
    ("OPTIONS", "/pl/", b""): 405,
    ("POST", "/inbound/try_it", b"text=hei"): 200,
    ("POST", "/inbound/try_it", b"text=" + b"a" * MAX_BODY_BYTES): 413,
    ("POST", "/inbound/nosuch", b""): 404,
    ("POST", "/inbound/twilio_sms", b"Body=hei"): 403,
    ("PUT", "/inbound/twilio_sms", b""): 405,
}
IDS = [f"{method} {path} {status}" for (method, path, _), status in REQUESTS.items()]
ALL_CHANNELS = ENVIRON | {"CHANNELS": "try_it,twilio_sms"}


@pytest.fixture(scope="module")
def server(small_root: Path) -> Iterator[str]:
    """A line with two channels and all pages, as a server; its host and port."""
    with running_line(texts_at(small_root, ALL_CHANNELS)) as line:
        yield line.address.removeprefix("http://")


def policy_of(page: str) -> set[str]:
    """Return the policy that a page needs: the hashes of its style and script, forms, its icon."""
    if "<style>" not in page:
        return NOTHING
    policy = (NOTHING - {"form-action 'none'"} if "<form" in page else NOTHING) | {"img-src data:"}
    for name, element in {"style-src": "style", "script-src": "script"}.items():
        for text in re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            policy |= {f"{name} 'sha256-{digest}'"}
    return policy | ({"form-action 'self'", "connect-src 'self'"} if "<form" in page else set())


def assert_headers(headers: dict[str, str], page: str = "") -> None:
    """Assert that headers, with lower-case names, are those that each response must have."""
    assert {name: headers.get(name.lower()) for name in EXPECTED} == EXPECTED
    assert {*headers["content-security-policy"].split("; ")} == policy_of(page)
    assert FORBIDDEN.isdisjoint(headers)
    assert "waitress" not in str(headers).lower()


@pytest.mark.parametrize(("sent", "status"), REQUESTS.items(), ids=IDS)
def test_response_over_http_has_security_headers(
    sent: tuple[str, str, bytes], status: int, server: str
) -> None:
    method, path, body = sent
    with closing(HTTPConnection(server, timeout=15)) as connection:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body or None, form)
        answer = connection.getresponse()
        page = answer.read().decode()
    names = [name.lower() for name, _ in answer.getheaders()]
    assert answer.status == status
    assert len(names) == len({*names})
    assert answer.getheader("Connection") == "close"  # otherwise a proxy loses the next response
    assert_headers({name.lower(): value for name, value in answer.getheaders()}, page)


# The server waits for the rest of these, and the test for the server.
UNFINISHED = {"length and chunks", *(name for name in MALFORMED if name.startswith("an end"))}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(data, id=name, marks=[pytest.mark.slow] if name in UNFINISHED else [])
        for name, data in MALFORMED.items()
    ],
)
def test_malformed_request_gets_headers_and_no_echo(server: str, data: bytes) -> None:
    """The server's own error pages would repeat parts of the request."""
    answer = exchange(server, data, patience=1)
    if not answer:
        return  # the server closed the connection
    head, _, page = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    assert first.split()[1][0] in "245"
    assert_headers(
        {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, page
    )
    assert NUMBER[1:] not in answer.decode("latin-1")
    assert TEXT not in answer.decode("latin-1")


@pytest.fixture
def app(small_root: Path) -> Flask:
    """A line with two channels."""
    return create_app(texts_at(small_root, ALL_CHANNELS))


def test_fallback_response_has_security_headers_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fallback of channels and of pages, with Flask itself raising errors."""

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Flask, "full_dispatch_request", broken)
    monkeypatch.setattr(Webhooks, "handle", broken)
    for path, status in {"/inbound/twilio_sms": 200, "/": 500, "/healthz": 500}.items():
        answer = app.test_client().post(path)
        assert answer.status_code == status
        headers = {name.lower(): value for name, value in answer.headers}
        assert_headers(headers)
        assert len(answer.headers) == len(headers)  # a proxy may refuse two Content-Length


def test_requests_above_cover_every_endpoint(app: Flask) -> None:
    """Add each new route above."""
    adapter = app.url_map.bind("")
    covered = {
        adapter.match(path, method=method)[0]
        for method, path, _ in REQUESTS
        if adapter.test(path, method=method)
    }
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - covered == set()
