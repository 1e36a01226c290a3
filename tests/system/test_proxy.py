"""deploy/nginx/ and deploy/caddy/: the real proxies with TLS in front of the line."""

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import pytest

from rights_line.web.http import MAX_CHAT_BYTES
from tests.support import twilio_phone
from tests.support.canary import NUMBER, TEXT, leaks
from tests.support.phones import ENVIRON
from tests.support.phones.kannel_sms import TOKEN as KANNEL_TOKEN
from tests.support.servers import ROOT, LineServer, free_port, listens, running_line
from tests.support.tls import make_certificate
from tests.support.waiting import wait_until
from tests.support.wire import (
    AS_FORM,
    CANARIES,
    PATH,
    dial,
    exchange,
    post_bytes,
    request_bytes,
    statuses,
)

HOST = "line.example.org"
PROGRAMS = {
    name: shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("nginx", "caddy")
}
pytestmark = pytest.mark.skipif(not all(PROGRAMS.values()), reason="needs nginx and caddy")
# -D: the tracer is a process beside the proxy, which gets the signals.
TRACER = ("strace", "-D", "-f", "--quiet=all", "-e", "trace=openat", "-o")
# Some containers do not allow it.
can_trace = pytest.mark.skipif(
    not shutil.which("strace")
    or subprocess.run(["strace", "--quiet=all", "true"], stderr=subprocess.DEVNULL).returncode != 0,
    reason="strace may not trace here",
)
HELPLINES = "112\n22 33 11 60\n116 111\n"

# As on Debian: every request and every error is logged, unless the server says otherwise.
MAIN = """
daemon off;
user root;
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
    """A proxy with the shipped file, for a line that listens on a port.

    Args:
        folder: for its files and logs; it has a certificate.
        line_port: the port of the line.
        left_out: settings to remove.
    """

    name = "nginx"
    shipped = ROOT / "deploy/nginx/rights-line.conf"
    installed = "rights-line.conf"

    def __init__(self, folder: Path, line_port: int, left_out: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.port, self.plain_port = free_port(), free_port()
        text = self.shipped.read_text()
        changes = {
            **dict.fromkeys(left_out, ""),
            **self.changes(),
            "127.0.0.1:8000": f"127.0.0.1:{line_port}",
        }
        for shipped, used in changes.items():
            assert shipped in text
            text = text.replace(shipped, used)
        for place in ("/etc/rights-line", "/var/www/line"):
            text = text.replace(place, str(folder))
        (folder / self.installed).write_text(text)
        (folder / "nginx.conf").write_text(MAIN)
        (folder / "down.txt").write_text(HELPLINES)

    def changes(self) -> dict[str, str]:
        """Return what an operator replaces in the file, and the ports of the test."""
        live = f"/etc/letsencrypt/live/{HOST}"
        return {
            **{"listen [::]:443 ssl default_server;": "", "listen [::]:80 default_server;": ""},
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            f"{live}/fullchain.pem": "line.pem",
            f"{live}/privkey.pem": "line.key",
        }

    def command(self) -> list[str]:
        """Return the command that runs it."""
        return ["-p", str(self.folder), "-c", "nginx.conf", "-e", "error.log"]

    @contextmanager
    def run(self, *tracer: str) -> Iterator["Proxy"]:
        """Run the proxy until the end of the block, with a tracer if given."""
        program = PROGRAMS[self.name]
        assert program
        with (self.folder / "output.log").open("ab") as output:
            process = subprocess.Popen(
                [*tracer, program, *self.command()],
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
                stdout=output,
                stderr=output,
            )
        try:
            wait_until(lambda: listens(self.port), self.name)
            yield self
        finally:
            process.terminate()
            process.wait(timeout=15)

    def connect(self) -> ssl.SSLSocket:
        """Open a TLS connection from the canary's address."""
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        return context.wrap_socket(dial(f"127.0.0.1:{self.port}"), server_hostname=HOST)

    def exchange(self, data: bytes) -> bytes:
        """Send bytes over TLS, and return what comes back until the connection closes."""
        received = b""
        with self.connect() as wire, suppress(ConnectionError):
            wire.sendall(data)
            while piece := wire.recv(65536):
                received += piece
        return received

    def logged(self) -> set[str]:
        """Return the personal data, tokens and paths in its logs."""
        logs = b"".join(path.read_bytes() for path in self.folder.glob("*.log"))
        more = {word for word in (KANNEL_TOKEN, "/inbound/", "/en/41") if word.encode() in logs}
        return leaks(logs) | more


class Caddy(Proxy):
    """Caddy with the shipped file."""

    name = "caddy"
    shipped = ROOT / "deploy/caddy/Caddyfile"
    installed = "Caddyfile"

    def changes(self) -> dict[str, str]:
        ports = f"\thttp_port {self.plain_port}\n\thttps_port {self.port}\n"
        return {
            "admin off\n": f"admin off\n{ports}",
            "\tTLS\n": f"\ttls {self.folder}/line.pem {self.folder}/line.key\n",
            "line.example.org {": "line.example.org {\n\tbind 127.0.0.1",
        }

    def command(self) -> list[str]:
        return ["run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES = pytest.mark.parametrize("kind", [Proxy, Caddy])


def without_tls(port: int, data: bytes) -> bytes:
    return exchange(f"127.0.0.1:{port}", data)


def page(path: str, *headers: str) -> bytes:
    """Return a request that ends its connection."""
    return request_bytes(f"GET {path} HTTP/1.1", "Connection: close", *headers)


FORM = twilio_phone.request(twilio_phone.fields("POLSKI", NUMBER))
SIGNED = f"X-Twilio-Signature: {FORM['headers']['X-Twilio-Signature']}\r\nConnection: close"
SMS = post_bytes(PATH, FORM["data"], AS_FORM, SIGNED)


@pytest.fixture(scope="module")
def line() -> Iterator[LineServer]:
    """The line with Twilio and Kannel."""
    with running_line(ENVIRON | {"CHANNELS": "twilio_sms,kannel_sms"}) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_certificate(tmp_path, f"DNS:{HOST}")
    return tmp_path


@pytest.fixture(params=[Proxy, Caddy])
def proxy(folder: Path, line: LineServer, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """A proxy with the shipped file."""
    with request.param(folder, line.port).run() as running:
        yield running


def test_proxy_passes_signed_sms_and_page(proxy: Proxy, line: LineServer) -> None:
    """The response has every header of the line; the proxy adds its name, and no version."""
    sms, shown = proxy.exchange(SMS), proxy.exchange(page("/en/2"))
    direct = without_tls(line.port, page("/en/2"))

    assert statuses(sms) == [200]
    assert b"4 Praca, placa" in sms
    assert statuses(shown) == [200]
    assert direct.partition(b"\r\n\r\n")[2] in shown.partition(b"\r\n\r\n")[2]
    added = headers(shown) - headers(direct) - {b"transfer-encoding: chunked"}
    assert added == {f"server: {proxy.name}".encode()}
    assert headers(direct) - headers(shown) == set()


def headers(answer: bytes) -> set[bytes]:
    """Return the header lines of a response, except its date and length."""
    lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    kept = {line.lower() for line in lines}
    return {line for line in kept if not line.startswith((b"date:", b"content-length:"))}


def test_proxy_serves_recordings(proxy: Proxy) -> None:
    (proxy.folder / "audio").mkdir()
    (proxy.folder / "audio" / "so-1.wav").write_bytes(b"RIFF")
    played = proxy.exchange(page("/audio/so-1.wav"))
    assert played.endswith(b"\r\n\r\nRIFF")
    assert b"content-type: audio/wav" in headers(played)
    assert statuses(proxy.exchange(page("/audio/"))) in ([403], [404])


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
    """The line itself would answer the first; the proxy does not ask it."""
    sender = (f"X-Kannel-From: {NUMBER}", "Content-Type: text/plain", "Connection: close")
    sms = post_bytes(path.replace("TOKEN", KANNEL_TOKEN), "POLSKI", *sender)

    answer = proxy.exchange(sms)

    assert statuses(answer) == [404]
    assert b"Content-Security-Policy" not in answer  # which the line sends
    if path == "/inbound/kannel_sms/TOKEN":
        assert statuses(without_tls(line.port, sms)) == [200]


def test_nginx_many_connections_of_an_address_limits_pages_only(
    folder: Path, line: LineServer
) -> None:
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(folder, line.port).run())
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
        without_tls(port, page(f"/inbound/kannel_sms/{KANNEL_TOKEN}"))
        without_tls(port, CANARIES.encode() + b"\r\n\r\n")


@PROXIES
def test_proxy_logs_nothing_of_a_request(kind: type[Proxy], folder: Path, line: LineServer) -> None:
    """Nor when the line is down, or when a client speaks no TLS."""
    for port in (line.port, free_port()):
        with kind(folder, port).run() as proxy:
            cause_errors(proxy)
        assert proxy.logged() == set()


@pytest.mark.parametrize("setting", LOGS_OFF)
def test_nginx_without_a_setting_of_logs_logs_requests(setting: str, folder: Path) -> None:
    """The search above finds the path, the token and the address."""
    with Proxy(folder, free_port(), left_out=(setting,)).run() as proxy:
        cause_errors(proxy)

    assert proxy.logged() >= {"127.0.0.77", KANNEL_TOKEN, "/inbound/", "/en/41"}


def test_caddy_without_its_setting_of_logs_logs_requests(folder: Path) -> None:
    """An error that has a page of its own is not logged in any case."""
    (page_of_errors,) = re.findall(r"(?ms)^\thandle_errors \{$.*?^\t\}$", Caddy.shipped.read_text())
    left_out = ("include tls tls.obtain tls.renew", page_of_errors)
    with Caddy(folder, free_port(), left_out).run() as proxy:
        cause_errors(proxy)

    assert proxy.logged() >= {"127.0.0.77", "/en/41"}


@PROXIES
def test_proxy_line_is_down_shows_readers_helplines_and_providers_502(
    kind: type[Proxy], folder: Path
) -> None:
    """The provider's fallback answers then."""
    with kind(folder, free_port()).run() as proxy:
        shown, sms = proxy.exchange(page("/en/2")), proxy.exchange(SMS)

    assert statuses(shown) == [HTTPStatus.SERVICE_UNAVAILABLE]
    assert shown.endswith(HELPLINES.encode())
    assert {b"cache-control: no-store", b"content-type: text/plain; charset=utf-8"} <= headers(
        shown
    )
    assert statuses(sms) == [HTTPStatus.BAD_GATEWAY]
    assert HELPLINES.encode() not in sms


def files_created_for_longest_message(proxy: Proxy) -> list[str]:
    """Send the longest SMS and the longest body of a chat; return the files that are created."""
    text = twilio_phone.request(twilio_phone.fields("Ж" * 2_500, NUMBER))
    signed = f"X-Twilio-Signature: {text['headers']['X-Twilio-Signature']}\r\nConnection: close"
    opened = proxy.folder / "opened"
    with proxy.run(*TRACER, str(opened)):
        proxy.exchange(page("/en/2"))  # all that is written at the start has been written
        before = len(opened.read_text())
        sms = post_bytes(PATH, text["data"], AS_FORM, signed)
        assert statuses(proxy.exchange(sms)) == [200]
        chat = post_bytes(PATH, "a" * MAX_CHAT_BYTES, AS_FORM, signed)
        assert statuses(proxy.exchange(chat)) == [413]  # by the line: SMS are shorter
    rows = opened.read_text()[before:].splitlines()
    # Caddy saves its configuration at some moment after the start.
    return [row for row in rows if "O_CREAT" in row and "autosave" not in row]


@can_trace
@PROXIES
def test_proxy_keeps_bodies_out_of_files(kind: type[Proxy], folder: Path, line: LineServer) -> None:
    assert files_created_for_longest_message(kind(folder, line.port)) == []


@can_trace
def test_nginx_with_default_buffer_writes_a_body_to_a_file(folder: Path, line: LineServer) -> None:
    """The search above finds it."""
    without = Proxy(folder, line.port, left_out=("client_body_buffer_size 128k;",))

    assert len(files_created_for_longest_message(without)) == 2


def test_proxy_without_tls_redirects_pages_and_refuses_messages(proxy: Proxy) -> None:
    shown = without_tls(proxy.plain_port, page("/en/2"))
    sms = without_tls(proxy.plain_port, SMS)

    assert statuses(shown) == [301]
    assert b"\r\nLocation: https://line.example.org/en/2\r\n" in shown
    assert statuses(sms) == [404]
