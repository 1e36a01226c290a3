"""The connection of a client to waitress: one request, one response, then it is closed."""

import time

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from rights_line.web.security_headers import HEADERS
from rights_line.web.serving.listener import is_socket_readable

_NEW_SECONDS = 1.0  # how long a connection may exist before its request arrives


class Answer(WSGITask):  # type: ignore[misc]
    """A response of the application, after which the connection is closed.

    A proxy could send the next message on an open connection while this process stops, and would
    not send it again.
    """

    def execute(self) -> None:
        self.set_close_on_finish()
        super().execute()


class BareError(ErrorTask):  # type: ignore[misc]
    """The response to a malformed request, where waitress would repeat a header of the request."""

    def execute(self) -> None:
        self.request.error.body = ""
        self.response_headers.extend(HEADERS.items())
        super().execute()


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection."""

    task_class = Answer
    error_task_class = BareError

    @property
    def is_serving(self) -> bool:
        """Whether a request is due, arrives or is answered; a connection may stay open without."""
        is_new = time.time() - self.creation_time < _NEW_SECONDS
        is_answered = self.requests or self.total_outbufs_len
        return bool(is_new or self.request or is_answered or is_socket_readable(self.socket))
