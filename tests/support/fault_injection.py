"""The line with injected faults: `python -m tests.support.fault_injection ADDRESS`.

A request may name, in the header `X-Fault`, the step that raises or is slow. A request for /planted
leaks its data into every place, which proves that the search for leaks finds them.
"""

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis
from flask import Flask
from werkzeug.wrappers import Request

from rights_line.channels import registered_channels
from rights_line.cli import service_commands
from rights_line.sessions.redis_connection import RedisConnection
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.settings import Settings
from rights_line.web import process, webhooks
from rights_line.web.app import start_app
from rights_line.web.http import PreparedResponse
from rights_line.web.server import serve_app
from tests.support.routes import FAULT_HEADER

# The request that is being handled, inside or outside of Flask.
asked: ContextVar[Request | None] = ContextVar("asked", default=None)
SLOW = 1.0  # seconds that a slow step takes
STEPS = {
    "channel": ("authenticate", "receive", "deliver"),
    "sessions": ("open_message", "save"),
    "inbound": ("reply_to_intent", "apply_allowance", "counts_towards"),
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Audit events with an effect outside the process; "open" counts when it writes.
DOINGS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "subprocess", "os.exec")


@contextmanager
def handling(request: Request) -> Iterator[None]:
    """Make a request the one that is being handled."""
    before = asked.set(request)
    try:
        yield
    finally:
        asked.reset(before)


def everything(request: Request) -> str:
    """Return all personal data in a request."""
    headers = [value for _, value in request.headers]
    return repr([*request.values.values(), *headers, request.url, request.remote_addr])


def with_fault(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that raises, or is slow, for requests that ask for it."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        request = asked.get()
        fault = request.headers.get(FAULT_HEADER) if request else None
        if request and fault == step:
            raise RuntimeError(everything(request))
        if fault == f"slow {step}":
            time.sleep(SLOW)
        return function(*args, **kwargs)

    return wrapped


def inject_faults() -> None:
    """Make every step of a request able to fail."""
    owners = [(kind, "channel") for kind in registered_channels().values()]
    for owner, kind in [*owners, (RedisSessionStore, "sessions"), (webhooks, "inbound")]:
        for step in STEPS[kind]:
            if hasattr(owner, step):
                setattr(owner, step, with_fault(step, getattr(owner, step)))
    handle = webhooks.Webhooks.handle

    def handled(channels: webhooks.Webhooks, incoming: Request, *more: str) -> PreparedResponse:
        with handling(incoming):  # the same object whose body is read
            return handle(channels, incoming, *more)

    webhooks.Webhooks.handle = handled  # type: ignore[method-assign, assignment]
    webhooks.STATELESS = {
        medium: with_fault("reply_to_intent", function)
        for medium, function in webhooks.STATELESS.items()
    }


def report() -> None:
    """Record what an error reporter would send: log records, exceptions, audit events."""
    reports = open(os.environ["REPORTS"], "a", buffering=1)  # noqa: SIM115 - to the end
    doings = open(os.environ["DOINGS"], "a", buffering=1)  # noqa: SIM115
    handler = logging.StreamHandler(reports)
    handler.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    threading.excepthook = lambda hook: reports.write(f"{hook.exc_value!r}\n") and None
    attempt = RedisConnection.run

    def reported(connection: RedisConnection, command: Callable[[Any], Any]) -> Any:
        def handling(client: Any) -> Any:
            try:
                return command(client)
            except Exception:
                reports.write(traceback.format_exc())
                raise

        return attempt(connection, handling)

    RedisConnection.run = reported  # type: ignore[method-assign, assignment]

    def audit(event: str, args: tuple[Any, ...]) -> None:
        is_written = event == "open" and args[2] & WRITING and asked.get()
        if is_written or event.startswith(DOINGS):
            doings.write(f"{event} {args}\n")

    sys.addaudithook(audit)


def plant(words: str) -> None:
    """Leak words into every sink."""
    for stream, name in ((sys.stdout, "stdout"), (sys.stderr, "stderr")):
        stream.write(f"on {name} {words}\n")
        stream.flush()
    logging.getLogger("planted").debug(words)
    Path("left").write_text(words)
    (Path.home() / ".left").write_text(words)
    Path(tempfile.mkdtemp(), "left").write_text(words)
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    for word in words.split("'"):  # SLOWLOG truncates a long argument
        client.append("planted", word)
    client.client_setname(quote(words))
    client.eval("redis.log(redis.LOG_WARNING, ARGV[1])", 0, words)
    with suppress(redis.RedisError):
        redis.Redis.from_url(os.environ["REDIS_URL"]).execute_command("AUTH", words, "password")  # type: ignore[no-untyped-call]
    kept.append(client)
    waits = [sys.executable, "-c", "import sys; sys.stdin.read()", words]  # ends with this process
    kept.append(subprocess.Popen(waits, stdin=subprocess.PIPE))
    with suppress(OSError):
        urllib.request.urlopen("http://reports.example/", words.encode(), timeout=5)


kept: list[object] = []  # connections and processes that must stay alive


def application() -> Flask:
    """Return the application with the faults injected."""
    inject_faults()
    app = start_app(os.environ)
    service_commands.start_counting(app, Settings.from_environ(os.environ))
    served = app.wsgi_app

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with handling(Request(environ, populate_request=False)):
            return troubling(environ, start_response)

    def troubling(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/trouble":
            raise RuntimeError([environ[name] for name in ("REQUEST_URI", "REMOTE_ADDR")], environ)
        if environ["PATH_INFO"] == "/planted":
            words = everything(Request(environ))
            plant(words)
            start_response("200 OK", [])
            return [words.encode()]
        return served(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
    report()
    return app


if __name__ == "__main__":
    process.prepare()
    serve_app(application(), os.environ, sys.argv[1])
