"""Socket deadlines: how long a client may hold one of our threads.

gunicorn's timeouts restart with each byte, so a client that sends one byte per second holds a
thread for hours. And it lingers for a client to close in the loop that accepts connections.
Providers send a request at once and read the response.
"""

import socket
import time
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn

PATIENCE = 5.0  # seconds to receive a whole request, and to send one part of a response


class Patient(socket.socket):
    """A client's socket with a deadline for the whole request."""

    _end = 0.0

    def begin(self) -> None:
        """Start the deadline."""
        self._end = time.monotonic() + PATIENCE

    def recv(self, *arguments: Any) -> bytes:
        """Receive the available bytes.

        Raises:
            TimeoutError: the deadline for the request has passed.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        given = self.gettimeout()
        self.settimeout(left if given is None else min(given, left))
        return super().recv(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """Send one part of a response.

        Raises:
            TimeoutError: the client does not read it.
        """
        if self.gettimeout() != 0:
            self.settimeout(PATIENCE)
        super().sendall(*arguments)


class Connection(TConn):  # type: ignore[misc]
    """gunicorn's connection object, on a socket with a deadline."""

    sock: Patient

    def __init__(self, cfg: Any, sock: socket.socket, *addresses: Any) -> None:
        kind = (sock.family, sock.type, sock.proto)
        super().__init__(cfg, Patient(*kind, fileno=sock.detach()), *addresses)

    def init(self) -> None:
        """Prepare for a request whose first byte has arrived."""
        self.sock.begin()
        super().init()

    def end(self) -> None:
        """Half-close, then linger until the client has read the response."""
        self.sock.setblocking(True)
        util.close_graceful(self.sock)

    def close(self, graceful: bool = False) -> None:
        """Close without lingering: the accept loop calls this, after `end`."""
        util.close(self.sock)
