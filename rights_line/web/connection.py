"""The connection of a client to waitress: one request, one response, then it is closed."""

import time

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from rights_line.web.http import HEADERS
from rights_line.web.process import is_socket_readable

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
