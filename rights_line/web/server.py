"""Serve the application with waitress: slow clients, graceful shutdown, sockets from systemd.

waitress reads a request whole before the application gets it, so a slow client holds a connection
and never a thread. Its own threads answer; the main thread runs its loop, so that the process ends
in time even if every thread hangs. Beside documented options this module uses public names of
waitress 3: `wasyncore.loop`; `accepting`, `active_channels` and `channel_class` of its server;
attributes and methods of a connection and of a task.
"""

import logging
import math
import signal
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from rights_line import event_log
from rights_line.web.http import HEADERS, MAX_CHAT_BYTES
from rights_line.web.process import (
    DRAINING,
    allow_open_files,
    bind_listener,
    inherited_socket,
    is_socket_readable,
)

THREADS = 16
MAX_CONNECTIONS = 2000  # open at the same time; more wait in the queue of the listening socket
_OTHER_FILES = 100  # connections to Redis and the files of the process
OPEN_FILES = MAX_CONNECTIONS + _OTHER_FILES
MAX_HEADER_BYTES = 16 * 1024  # Kannel may put a text of 13 parts into the URL, percent-encoded
TIMEOUT = 10  # seconds without a byte until a connection is closed

DRAIN_SECONDS = 3.0  # after SIGTERM: /healthz answers 503, and messages are still answered
# Seconds after SIGTERM when requests in progress are given up. The log and the counts are written
# then, and the process ends within eight seconds.
STOP_AFTER = 7.0
_TICK = 0.05  # seconds between two checks whether the last request is answered
_NEW_SECONDS = 1.0  # how long a connection may exist before its request arrives


class Answer(WSGITask):  # type: ignore[misc]
    """A response of the application, after which the connection is closed.

    A proxy could send the next message on an open connection while this process stops, and would
    not send it again.
    """

    def execute(self) -> None:
        self.set_close_on_finish()
        super().execute()

    def finish(self) -> None:
        super().finish()
        self.channel.send_response()


class BareError(ErrorTask):  # type: ignore[misc]
    """The response to a malformed request, where waitress would repeat a header of the request."""

    def execute(self) -> None:
        self.request.error.body = ""
        self.response_headers.extend(HEADERS.items())
        super().execute()

    def finish(self) -> None:
        super().finish()
        self.channel.send_response()


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection, which sends a response whole."""

    task_class = Answer
    error_task_class = BareError

    def service(self) -> None:
        self._parts: list[bytes] = []
        super().service()

    def write_soon(self, data: bytes) -> int:
        """Collect the response: waitress would send its headers and its body apart."""
        self._parts.append(data)
        return len(data)

    def send_response(self) -> None:
        super().write_soon(b"".join(self._parts))

    def writable(self) -> bool:
        """Return whether the loop has something to send or to close.

        Not while a thread sends: the loop would spin, and take Python's lock from that thread.
        """
        return not self.requests and bool(super().writable())

    @property
    def is_serving(self) -> bool:
        """Whether a request is due, arrives or is answered; a connection may stay open without."""
        is_new = time.time() - self.creation_time < _NEW_SECONDS
        is_answered = self.requests or self.total_outbufs_len
        return bool(is_new or self.request or is_answered or is_socket_readable(self.socket))


class Server:
    """The application on one listening socket.

    `is_inherited`: another process keeps the socket open, such as systemd. Then connections that
    are not accepted wait for the next process.
    """

    def __init__(self, app: WSGIApplication, listener: socket.socket, is_inherited: bool) -> None:
        self._app = app
        self._listener = listener
        self._is_inherited = is_inherited
        self._draining_since = math.inf
        signal.signal(signal.SIGTERM, self._drain)
        self._sockets: dict[int, object] = {}  # file descriptor to socket
        self._server: Any = create_server(
            self._respond,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            ident=None,  # no `Server` header
            connection_limit=allow_open_files(OPEN_FILES) - _OTHER_FILES,
            backlog=2048,
            channel_timeout=TIMEOUT,
            cleanup_interval=1,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_CHAT_BYTES + 1,  # waitress refuses a body of this size
            clear_untrusted_proxy_headers=False,  # the line reads none of them
        )
        self._server.channel_class = Connection

    def run(self) -> None:
        """Serve until SIGINT, or SIGTERM and the end of draining.

        A signal handler could end the process while a connection is accepted; this loop cannot.
        It uses poll(), since select() fails above 1,024 file descriptors.
        """
        with suppress(KeyboardInterrupt):
            while not self._has_stopped():
                wait = _TICK if self._seconds_of_draining() > 0 else 1.0
                wasyncore.loop(timeout=wait, use_poll=True, map=self._sockets, count=1)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # Python resets a handler before it ends
        self._listener.close()

    def _respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("wsgi.file_wrapper", None)  # a connection collects bytes
        environ[DRAINING] = self._seconds_of_draining() > 0
        return self._app(environ, start_response)

    def _drain(self, *_: object) -> None:
        self._draining_since = min(self._draining_since, time.monotonic())

    def _seconds_of_draining(self) -> float:
        """Return the seconds since SIGTERM; negative before it."""
        return time.monotonic() - self._draining_since

    def _has_stopped(self) -> bool:
        """Return whether draining is over and no accepted connection awaits its response."""
        seconds = self._seconds_of_draining()
        if seconds < DRAIN_SECONDS:
            return False
        self._server.accepting = not self._is_inherited
        is_busy = any(channel.is_serving for channel in self._server.active_channels.values())
        may_accept = self._server.accepting and is_socket_readable(self._listener)
        return seconds > STOP_AFTER or not (is_busy or may_accept)


def serve_app(app: WSGIApplication, environ: Mapping[str, str], address: str) -> None:
    """Serve an application until SIGTERM, on the socket of systemd, else at `host:port`.

    Raises:
        ConfigurationError: the address cannot be used, or too few files may be open.
    """
    log_errors()
    inherited = inherited_socket(environ)
    Server(app, inherited or bind_listener(address), inherited is not None).run()


class ErrorClasses(logging.Handler):
    """Log the class of an exception of waitress; its messages may contain a path or an address."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        event_log.log_event("server", "", error.__name__ if error else record.levelname, 0)


def log_errors() -> None:
    """Send waitress's log through the event log; warnings of a long queue are left out."""
    logger = logging.getLogger("waitress")
    logger.handlers = [ErrorClasses()]
    logger.propagate = False
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
