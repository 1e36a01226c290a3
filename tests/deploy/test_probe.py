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

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.support import tls, twilio_phone
from tests.support.cli import run_python
from tests.support.servers import ROOT, LineServer, free_port, running_line

ACCOUNT = f"AC{'a' * 32}"
NUMBER = "+4759440000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate of this address, and one of another name."""
    made = tmp_path_factory.mktemp("tls")
    tls.make_certificate(made, "IP:127.0.0.1")
    (made / "other").mkdir()
    tls.make_certificate(made / "other", "DNS:other.example")
    return made


@pytest.fixture(scope="module")
def line() -> Iterator[LineServer]:
    """A line whose public port is that of the proxy below."""
    port = free_port()
    environ = {
        **twilio_phone.ENVIRON,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "RIGHTS_LINE_PUBLIC_URL": f"https://127.0.0.1:{port}",
    }
    with running_line(environ) as server:
        yield server


def public_port(line: LineServer) -> int:
    return int(line.environ["RIGHTS_LINE_PUBLIC_URL"].rpartition(":")[2])


def probe(line: LineServer, folder: Path, *place: str, **changed: str) -> str:
    """Run the probe with the line's variables, and return what it says; by default at its place."""
    more = {"SSL_CERT_FILE": str(folder / "ca.pem"), "RIGHTS_LINE_NUMBER": NUMBER}
    asked = place or [f"127.0.0.1:{line.port}"]
    code, said = run_python({**line.environ, **more, **changed}, "deploy/probe.py", *asked)
    assert (code == 1) == bool(said), said
    return said


@contextmanager
def answering(folder: Path, port: int, status: int, body: bytes = b"") -> Iterator[None]:
    """Run another server behind TLS at the public name."""
    certificate = (str(folder / "line.pem"), str(folder / "line.key"))
    server = make_server("127.0.0.1", port, Response(body, status), ssl_context=certificate)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_probe_signed_message_comes_back_says_nothing(line: LineServer, folder: Path) -> None:
    with tls.proxy(folder, f"127.0.0.1:{line.port}", public_port(line)):
        assert probe(line, folder) == ""
        assert probe(line, folder, CHANNELS="kannel_sms") == ""  # it asks for the health only


def test_probe_wrong_token_blames_the_line(line: LineServer, folder: Path) -> None:
    with tls.proxy(folder, f"127.0.0.1:{line.port}", public_port(line)):
        assert "refuses the signature" in probe(line, folder, TWILIO_AUTH_TOKEN="another")


def test_probe_nothing_listens_blames_the_proxy(line: LineServer, folder: Path) -> None:
    assert probe(line, folder).startswith("Proxy: nothing listens on ")


def test_probe_port_is_reachable_only_here_blames_firewall_or_dns(
    line: LineServer, folder: Path
) -> None:
    """Port and proxy are there, but the name leads to an address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        said = probe(line, folder, RIGHTS_LINE_PUBLIC_URL=f"https://127.0.0.2:{port}")

    assert said.startswith(f"Firewall or DNS: the proxy listens here, but 127.0.0.2:{port}")


def test_probe_name_without_address_blames_dns(line: LineServer, folder: Path) -> None:
    said = probe(line, folder, RIGHTS_LINE_PUBLIC_URL="https://nosuch.invalid")

    assert said.startswith("DNS: nosuch.invalid has no address")


def test_probe_certificate_of_another_name_blames_the_certificate(
    line: LineServer, folder: Path
) -> None:
    with tls.proxy(folder / "other", f"127.0.0.1:{line.port}", public_port(line)):
        assert re.match("Certificate of .*: IP address mismatch", probe(line, folder / "other"))
        assert re.match("Certificate of .*: unable to get local issuer", probe(line, folder))


def test_probe_no_tls_blames_the_proxy(line: LineServer, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"

        assert probe(line, folder, RIGHTS_LINE_PUBLIC_URL=url).startswith("Proxy: no TLS at ")


@pytest.mark.parametrize(
    ("status", "blamed"),
    [(502, "Proxy: it answers 502"), (200, "DNS or proxy: something other"), (404, "DNS or proxy")],
)
def test_probe_other_answer_blames_what_gave_it(
    status: int, blamed: str, line: LineServer, folder: Path
) -> None:
    with answering(folder, public_port(line), status, b"Welcome to nginx!"):
        assert probe(line, folder).startswith(blamed)


def test_probe_line_is_down_blames_the_line(line: LineServer, folder: Path) -> None:
    said = probe(line, folder, f"127.0.0.1:{free_port()}", "1")
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
