"""Twilio's API behind an HTTPS proxy, for a line in a machine without the internet.

Usage: python -m tests.support.twilio_proxy FOLDER PORT, for HTTPS_PROXY=http://127.0.0.1:PORT. The
folder has a certificate (tests.support.tls) of api.twilio.com and messaging.twilio.com.
"""

import socket
import ssl
import sys
import threading
from contextlib import suppress
from pathlib import Path

from tests.support.twilio_account import configure
from tests.support.twilio_api import twilio_server


def accept_tunnel(client: socket.socket, port: int) -> None:
    """Accept CONNECT to any host, and forward the bytes to a port of this machine."""
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        threading.Thread(target=copy, args=[client, server], daemon=True).start()
        copy(server, client)


def copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)


def main(folder: Path, port: int) -> None:
    """Serve an account that is configured as the documentation says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "line.pem", folder / "line.key")
    with (
        twilio_server(context) as (state, api),
        socket.create_server(("127.0.0.1", port)) as listener,
    ):
        configure(state)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=accept_tunnel, args=[client, api], daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
