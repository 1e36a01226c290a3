"""deploy/probe.py: a signed message through the public name, or the part that is at fault."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from rights_line.web.app import create_app
from tests.support import tls, twilio_phone
from tests.support.cli import run_python
from tests.support.servers import ROOT, free_port
from tests.support.worlds import SMALL_ROOT, texts_at

PUBLIC_PORT = free_port()
ENVIRON = {
    **twilio_phone.ENVIRON,
    "TWILIO_ACCOUNT_SID": f"AC{'a' * 32}",
    "RIGHTS_LINE_NUMBER": "+4759440000",
    "RIGHTS_LINE_PUBLIC_URL": f"https://127.0.0.1:{PUBLIC_PORT}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate of this address, and one of another name."""
    made = tmp_path_factory.mktemp("tls")
    tls.make_certificate(made, "IP:127.0.0.1")
    (made / "other").mkdir()
    tls.make_certificate(made / "other", "DNS:other.example")
    return made


@contextmanager
def serving(app: WSGIApplication, folder: Path | None = None, port: int = 0) -> Iterator[int]:
    """Serve an application, with TLS and the certificate of a folder if given; yield the port."""
    certificate = (str(folder / "line.pem"), str(folder / "line.key")) if folder else None
    server = make_server("127.0.0.1", port, app, threaded=True, ssl_context=certificate)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def app() -> Flask:
    """The line, which stands behind its proxy and on a port of its own."""
    return create_app(texts_at(SMALL_ROOT, ENVIRON))


@pytest.fixture(scope="module")
def place(app: Flask) -> Iterator[str]:
    """The host and port of the line."""
    with serving(app) as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="module")
def public(app: Flask, folder: Path) -> Iterator[None]:
    """The line on its public port, which is bound once: a second time may come too early."""
    with serving(app, folder, PUBLIC_PORT):
        yield


def probe(place: str, folder: Path, *more: str, **changed: str) -> str:
    """Run the probe with the line's variables, and return what it says."""
    environ = {**ENVIRON, "SSL_CERT_FILE": str(folder / "ca.pem"), **changed}
    code, said = run_python(environ, "deploy/probe.py", place, *more)
    assert (code == 1) == bool(said), said
    return said


@pytest.mark.usefixtures("public")
def test_probe_signed_message_comes_back_says_nothing(place: str, folder: Path) -> None:
    assert probe(place, folder) == ""
    assert probe(place, folder, CHANNELS="kannel_sms") == ""  # it asks for the health only


@pytest.mark.usefixtures("public")
def test_probe_wrong_token_blames_the_line(place: str, folder: Path) -> None:
    assert "refuses the signature" in probe(place, folder, TWILIO_AUTH_TOKEN="another")


def test_probe_nothing_listens_blames_the_proxy(place: str, folder: Path) -> None:
    said = probe(place, folder, RIGHTS_LINE_PUBLIC_URL=f"https://127.0.0.1:{free_port()}")
    assert said.startswith("Proxy: nothing listens on ")


def test_probe_port_is_reachable_only_here_blames_firewall_or_dns(place: str, folder: Path) -> None:
    """Port and proxy are there, but the name leads to an address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        said = probe(place, folder, RIGHTS_LINE_PUBLIC_URL=f"https://127.0.0.2:{port}")

    assert said.startswith(f"Firewall or DNS: the proxy listens here, but 127.0.0.2:{port}")


def test_probe_name_without_address_blames_dns(place: str, folder: Path) -> None:
    said = probe(place, folder, RIGHTS_LINE_PUBLIC_URL="https://nosuch.invalid")

    assert said.startswith("DNS: nosuch.invalid has no address")


def test_probe_certificate_of_another_name_blames_the_certificate(
    app: Flask, place: str, folder: Path
) -> None:
    with serving(app, folder / "other") as port:
        url = f"https://127.0.0.1:{port}"
        said = probe(place, folder / "other", RIGHTS_LINE_PUBLIC_URL=url)
        assert re.match("Certificate of .*: IP address mismatch", said)
        said = probe(place, folder, RIGHTS_LINE_PUBLIC_URL=url)
        assert re.match("Certificate of .*: unable to get local issuer", said)


def test_probe_no_tls_blames_the_proxy(place: str, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"

        assert probe(place, folder, RIGHTS_LINE_PUBLIC_URL=url).startswith("Proxy: no TLS at ")


@pytest.mark.parametrize(
    ("status", "blamed"),
    [(502, "Proxy: it answers 502"), (200, "DNS or proxy: something other"), (404, "DNS or proxy")],
)
def test_probe_other_answer_blames_what_gave_it(
    status: int, blamed: str, place: str, folder: Path
) -> None:
    with serving(Response("Welcome to nginx!", status), folder) as port:
        said = probe(place, folder, RIGHTS_LINE_PUBLIC_URL=f"https://127.0.0.1:{port}")
    assert said.startswith(blamed)


def test_probe_line_is_down_blames_the_line(folder: Path) -> None:
    said = probe(f"127.0.0.1:{free_port()}", folder, "1")
    assert said.startswith("The line: it does not answer on 127.0.0.1:")


def test_probe_line_that_crashed_is_not_waited_for(tmp_path: Path) -> None:
    """A slow start gets a minute; after a crash, the version before must come back soon."""
    systemctl = tmp_path / "systemctl"
    systemctl.write_text("#!/bin/sh\necho 1\n")
    systemctl.chmod(0o755)

    done = subprocess.run(
        [sys.executable, ROOT / "deploy/probe.py", f"127.0.0.1:{free_port()}"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.stderr.startswith("The line: it does not answer on 127.0.0.1:")
