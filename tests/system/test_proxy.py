"""deploy/nginx/rights-line.conf: real nginx with TLS in front of the line."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.support import twilio_phone
from tests.support.canary import NUMBER, TEXT, leaks
from tests.support.phones import ENVIRON, KANNEL_TOKEN
from tests.support.servers import ROOT, LineServer, free_port
from tests.support.tls import make_certificate
from tests.support.waiting import wait_until
from tests.support.wire import AS_FORM, CANARIES, PATH, dial, post_bytes, request_bytes, statuses

HOST = "line.example.org"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(not NGINX, reason="needs nginx")

# As on Debian: every request and every error is logged, unless the server says otherwise.
MAIN = """
daemon off;
pid nginx.pid;
error_log error.log info;
events {}
http {
    access_log access.log;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include rights-line.conf;
}
"""
LOGS_OFF = ("access_log off;", "error_log /dev/null emerg;")


class Proxy:
    """nginx with the shipped file, for a line that listens on a port.

    Args:
        folder: for its files and logs; it has a certificate.
        line_port: the port of the line.
        left_out: settings to remove.
    """

    def __init__(self, folder: Path, line_port: int, left_out: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.port, self.plain_port = free_port(), free_port()
        text = (ROOT / "deploy" / "nginx" / "rights-line.conf").read_text()
        live = f"/etc/letsencrypt/live/{HOST}"
        values = {
            **{"listen [::]:443 ssl default_server;": "", "listen [::]:80 default_server;": ""},
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            f"{live}/fullchain.pem": "line.pem",
            f"{live}/privkey.pem": "line.key",
            "http://127.0.0.1:8000": f"http://127.0.0.1:{line_port}",
            **dict.fromkeys(left_out, ""),
        }
        for shipped, used in values.items():
            assert shipped in text
            text = text.replace(shipped, used)
        (folder / "rights-line.conf").write_text(text)
        (folder / "nginx.conf").write_text(MAIN)

    @contextmanager
    def run(self) -> Iterator["Proxy"]:
        """Run nginx until the end of the block."""
        assert NGINX
        process = subprocess.Popen(
            [NGINX, "-p", self.folder, "-c", "nginx.conf", "-e", "error.log"],
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._listens, "nginx")
            yield self
        finally:
            process.terminate()
            process.wait(timeout=15)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def connect(self) -> ssl.SSLSocket:
        """Open a TLS connection from the canary's address."""
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        return context.wrap_socket(dial(f"127.0.0.1:{self.port}"), server_hostname=HOST)

    def exchange(self, data: bytes) -> bytes:
        """Send bytes over TLS, and return what comes back until the connection closes."""
        with self.connect() as wire:
            return _exchange(wire, data)

    def exchange_plain(self, data: bytes, port: int) -> bytes:
        """Do the same without TLS."""
        with dial(f"127.0.0.1:{port}") as wire:
            return _exchange(wire, data)

    def logged(self) -> set[str]:
        """Return the personal data, tokens and paths in its logs."""
        logs = b"".join(path.read_bytes() for path in self.folder.glob("*.log"))
        more = {word for word in (KANNEL_TOKEN, "/inbound/", "/en/41") if word.encode() in logs}
        return leaks(logs) | more


def _exchange(wire: socket.socket, data: bytes) -> bytes:
    received = b""
    with suppress(ConnectionError):
        wire.sendall(data)
        while piece := wire.recv(65536):
            received += piece
    return received


def page(path: str, *headers: str) -> bytes:
    """Return a request that ends its connection."""
    return request_bytes(f"GET {path} HTTP/1.1", "Connection: close", *headers)


FORM = twilio_phone.request(twilio_phone.fields("POLSKI", NUMBER))
SIGNED = f"X-Twilio-Signature: {FORM['headers']['X-Twilio-Signature']}\r\nConnection: close"
SMS = post_bytes(PATH, FORM["data"], AS_FORM, SIGNED)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineServer]:
    """The line with Twilio and Kannel."""
    output = tmp_path_factory.mktemp("line") / "output"
    channels = {"CHANNELS": "twilio_sms,kannel_sms", "OUTPUT": str(output)}
    server = LineServer(ENVIRON | channels)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a certificate."""
    make_certificate(tmp_path, f"DNS:{HOST}")
    return tmp_path


@pytest.fixture
def proxy(folder: Path, line: LineServer) -> Iterator[Proxy]:
    """nginx with the shipped file."""
    with Proxy(folder, line.port).run() as running:
        yield running


def test_proxy_passes_signed_sms_and_page(proxy: Proxy, line: LineServer) -> None:
    """The response has every header of the line; nginx adds its name, and no version."""
    sms, shown = proxy.exchange(SMS), proxy.exchange(page("/en/2"))
    direct = proxy.exchange_plain(page("/en/2"), line.port)

    assert statuses(sms) == [200]
    assert b"4 Praca i placa" in sms
    assert statuses(shown) == [200]
    assert shown.partition(b"\r\n\r\n")[2] == direct.partition(b"\r\n\r\n")[2]
    assert headers(shown) - headers(direct) == {b"Server: nginx"}
    assert headers(direct) - headers(shown) == set()


def headers(answer: bytes) -> set[bytes]:
    """Return the header lines of a response, except its date."""
    lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return {line for line in lines if not line.startswith(b"Date:")}


@pytest.mark.parametrize(
    "path",
    [
        "/inbound/kannel_sms/TOKEN",
        "/inbound/kannel_sms",
        "//inbound//kannel_sms/TOKEN",
        "/inbound/kannel%5Fsms/TOKEN",
        "/x/../inbound/kannel_sms/TOKEN",
        "/inbound%2Fkannel_sms/TOKEN",
    ],
)
def test_proxy_refuses_kannel_from_outside(path: str, proxy: Proxy, line: LineServer) -> None:
    """The line itself would answer the first; nginx does not ask it."""
    sender = (f"X-Kannel-From: {NUMBER}", "Content-Type: text/plain", "Connection: close")
    sms = post_bytes(path.replace("TOKEN", KANNEL_TOKEN), "POLSKI", *sender)

    answer = proxy.exchange(sms)

    assert statuses(answer) == [404]
    assert b"<center>nginx</center>" in answer
    if path == "/inbound/kannel_sms/TOKEN":
        assert statuses(proxy.exchange_plain(sms, line.port)) == [200]


def test_proxy_many_connections_of_an_address_limits_pages_only(proxy: Proxy) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            wire = stack.enter_context(proxy.connect())
            wire.sendall(request_bytes("POST / HTTP/1.1", "Content-Length: 9"))
        wait_until(lambda: statuses(proxy.exchange(page("/en/2"))) == [503], "the limit")

        assert statuses(proxy.exchange(SMS)) == [200]


def cause_errors(proxy: Proxy) -> None:
    """Send requests of each kind that nginx has something to say about."""
    for data in (
        SMS,
        page("/en/41", f"X-A: {CANARIES}"),
        page(f"/inbound/kannel_sms/{KANNEL_TOKEN}?text={NUMBER}"),
        page("/en/41", f"X-A: {NUMBER * 9000}"),
        request_bytes(f"GET /en/41?{TEXT} HTTP/9.9"),
        post_bytes(PATH, "a" * 16_385, AS_FORM, SIGNED),
    ):
        proxy.exchange(data)
    for port in (proxy.port, proxy.plain_port):
        proxy.exchange_plain(page(f"/inbound/kannel_sms/{KANNEL_TOKEN}"), port)
        proxy.exchange_plain(CANARIES.encode() + b"\r\n\r\n", port)


def test_proxy_logs_nothing_of_a_request(folder: Path, line: LineServer) -> None:
    """Nor when the line is down, or when a client speaks no TLS."""
    for port in (line.port, free_port()):
        with Proxy(folder, port).run() as proxy:
            cause_errors(proxy)
        assert proxy.logged() == set()


@pytest.mark.parametrize("setting", LOGS_OFF)
def test_proxy_without_a_setting_of_logs_logs_requests(setting: str, folder: Path) -> None:
    """The search above finds the path, the token and the address."""
    with Proxy(folder, free_port(), left_out=(setting,)).run() as proxy:
        cause_errors(proxy)

    assert proxy.logged() >= {"127.0.0.77", KANNEL_TOKEN, "/inbound/", "/en/41"}


def test_proxy_line_is_down_returns_502_so_that_the_provider_falls_back(folder: Path) -> None:
    with Proxy(folder, free_port()).run() as proxy:
        assert statuses(proxy.exchange(SMS)) == [HTTPStatus.BAD_GATEWAY]


def test_proxy_without_tls_redirects_pages_and_refuses_messages(proxy: Proxy) -> None:
    shown = proxy.exchange_plain(page("/en/2"), proxy.plain_port)
    sms = proxy.exchange_plain(SMS, proxy.plain_port)

    assert statuses(shown) == [301]
    assert b"\r\nLocation: https://line.example.org/en/2\r\n" in shown
    assert statuses(sms) == [404]
