"""A client's connection: how long it may keep one of our threads.

gunicorn's limits begin anew with each byte, so that a byte a second keeps a thread for hours; and
it waits for the client to close its end in the loop that accepts the others. Providers send a
request at once, and take the answer.
"""

import socket
import time
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn

PATIENCE = 5.0  # seconds from the first byte of a request to the last, and for a part of an answer


class Patient(socket.socket):
    """A client's socket, which waits so long for a whole request and no longer."""

    _end = 0.0

    def begin(self) -> None:
        """Count from now."""
        self._end = time.monotonic() + PATIENCE

    def recv(self, *arguments: Any) -> bytes:
        """Receive what there is.

        Raises:
            TimeoutError: the time for the request is over.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        given = self.gettimeout()
        self.settimeout(left if given is None else min(given, left))
        return super().recv(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """Send a part of an answer.

        Raises:
            TimeoutError: nobody takes it.
        """
        if self.gettimeout() != 0:
            self.settimeout(PATIENCE)
        super().sendall(*arguments)


class Connection(TConn):  # type: ignore[misc]
    """What gunicorn keeps of a connection."""

    sock: Patient

    def __init__(self, cfg: Any, sock: socket.socket, *addresses: Any) -> None:
        kind = (sock.family, sock.type, sock.proto)
        super().__init__(cfg, Patient(*kind, fileno=sock.detach()), *addresses)

    def init(self) -> None:
        """Get ready for a request, of which the first byte is there."""
        self.sock.begin()
        super().init()

    def end(self) -> None:
        """Say good-bye, and wait a little for the client to have read it."""
        self.sock.setblocking(True)
        util.close_graceful(self.sock)

    def close(self, graceful: bool = False) -> None:
        """Close without waiting: this is asked in the loop that accepts, after `end`."""
        util.close(self.sock)
