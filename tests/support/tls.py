"""A TLS proxy with a certificate of a test authority."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.servers import free_port

HOST = "norge-info.example"


def make_certificate(folder: Path, names: str = f"DNS:{HOST}") -> None:
    """Write an authority (ca.pem) and its certificate of the names (line.pem, line.key)."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    _openssl(
        folder, "req", "-x509", *key, "-subj", "/CN=A test", "-keyout", "ca.key", "-out", "ca.pem"
    )
    (folder / "names").write_text(f"subjectAltName={names}\n")
    _openssl(folder, "req", *key, "-subj", f"/CN={HOST}", "-keyout", "line.key", "-out", "line.csr")
    signs = ("-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "line.csr", *signs, "-out", "line.pem")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def trust(folder: Path, home: Path) -> None:
    """Make Chromium with this home folder trust the authority."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (
        ("-N", "--empty-password"),
        ("-A", "-n", "A test", "-t", "C,,", "-i", str(folder / "ca.pem")),
    ):
        subprocess.run(["certutil", "-d", f"sql:{store}", *arguments], check=True)


@contextmanager
def proxy(folder: Path, upstream: str) -> Iterator[int]:
    """Forward TLS connections to host:port, one request each; yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "line.pem", folder / "line.key")
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        threading.Thread(target=_accept, args=[listener, context, upstream], daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, context: ssl.SSLContext, upstream: str) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_relay, args=[client, context, upstream], daemon=True).start()


def _relay(client: socket.socket, context: ssl.SSLContext, upstream: str) -> None:
    host, port = upstream.split(":")
    with (
        suppress(OSError),
        context.wrap_socket(client, server_side=True) as near,
        socket.create_connection((host, int(port))) as far,
    ):
        far.sendall(near.recv(65536))
        while piece := far.recv(65536):
            near.sendall(piece)
