"""The listener of the metrics: a server and a thread of its own, apart from the line's."""

import socket
import threading
from wsgiref.types import WSGIApplication

from waitress import create_server

_CONNECTIONS = 20


def serve_metrics(listener: socket.socket, app: WSGIApplication) -> None:
    """Serve an application on a bound socket, in a thread that ends with the process."""
    server = create_server(
        app,
        sockets=[listener],
        threads=1,
        ident=None,  # no `Server` header
        connection_limit=_CONNECTIONS,
        channel_timeout=10,
        clear_untrusted_proxy_headers=False,  # none is read
        asyncore_use_poll=True,  # select() fails above 1,024 file descriptors
    )
    threading.Thread(target=server.run, name="metrics", daemon=True).start()
