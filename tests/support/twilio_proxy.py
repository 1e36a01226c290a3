"""Twilio's API behind an HTTPS proxy, for a line in a machine without the internet.

Usage: python -m tests.support.twilio_proxy FOLDER PORT, for HTTPS_PROXY=http://127.0.0.1:PORT. The
folder has a certificate (tests.support.tls) of api.twilio.com and messaging.twilio.com.
"""

import socket
import sys
import threading
from pathlib import Path

from tests.support.tls import proxy, relay
from tests.support.twilio_account import configure
from tests.support.twilio_api import twilio_server


def accept_tunnel(client: socket.socket, port: int) -> None:
    """Accept CONNECT to any host, and forward the bytes to a port of this machine."""
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        relay(client, server)


def main(folder: Path, port: int) -> None:
    """Serve an account that is configured as the documentation says."""
    with twilio_server() as (state, api):
        configure(state)
        with (
            proxy(folder, f"127.0.0.1:{api}") as tls,
            socket.create_server(("127.0.0.1", port)) as listener,
        ):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=accept_tunnel, args=[client, tls], daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
