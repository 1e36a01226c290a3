"""A TLS proxy with a certificate of a test authority."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.servers import free_port


def make_certificate(folder: Path, names: str) -> None:
    """Write an authority (ca.pem) and its certificate of the names (line.pem, line.key)."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    # Python 3.13 refuses an authority without this.
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    authority = ("-subj", "/CN=A test", *usage, "-keyout", "ca.key", "-out", "ca.pem")
    _openssl(folder, "req", "-x509", *key, *authority)
    (folder / "names").write_text(f"subjectAltName={names}\n")
    _openssl(folder, "req", *key, "-subj", "/CN=line", "-keyout", "line.key", "-out", "line.csr")
    signs = ("-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "line.csr", *signs, "-out", "line.pem")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@contextmanager
def proxy(folder: Path, upstream: str, port: int = 0) -> Iterator[int]:
    """Forward TLS connections to host:port; yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "line.pem", folder / "line.key")
    with socket.create_server(("127.0.0.1", port or free_port())) as listener:
        accepting = threading.Thread(target=_accept, args=[listener, context, upstream])
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which would keep the port
            accepting.join()


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
        relay(near, far)


def relay(near: socket.socket, far: socket.socket) -> None:
    """Copy bytes both ways until the far side closes."""
    threading.Thread(target=_copy, args=[near, far], daemon=True).start()
    _copy(far, near)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
