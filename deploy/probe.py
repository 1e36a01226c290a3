"""Send a signed test message through the public name, and say what is at fault if it fails.

Usage, with the line's variables: probe.py [ADDRESS [SECONDS]]

The line listens on 127.0.0.1:8000 by default, and may take a minute to start on a slow machine.
"""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

LOCAL = "127.0.0.1:8000"
STARTS = "60"  # seconds in which the line must have started
RESTARTED = ("systemctl", "show", "--property=NRestarts", "--value", "rights-line.service")
PATIENCE = 15  # seconds, as Twilio waits
# No subscriber has this number: Norwegian mobile numbers start with 4 or 9.
SENDER = "+4700000000"
FORM = "application/x-www-form-urlencoded"
CHANNELS = ("twilio_sms", "twilio_voice")


class Request(NamedTuple):
    """A request to the line."""

    method: str
    path: str
    body: str
    headers: Mapping[str, str]


HEALTH = Request("GET", "/healthz", "", {})


class Fault(Exception):
    """A sentence for the operator: DNS, firewall, proxy, certificate or line."""


def probe(environ: Mapping[str, str], local: str = LOCAL, starts: str = STARTS) -> None:
    """Send a message to the line itself, then through the public name.

    Raises:
        Fault: it did not come back.
    """
    check_line(local, float(starts))
    url = urlsplit(environ["RIGHTS_LINE_PUBLIC_URL"])
    host, port = url.hostname or "", url.port or 443
    for address in resolve(host):
        with connect(host, address, port) as wire:
            check_reply(host, exchange(wire, host, message(environ)))


def check_line(local: str, starts: float) -> None:
    """Wait until the line answers on this machine, or has crashed."""
    host, _, port = local.rpartition(":")
    deadline = time.monotonic() + starts
    while time.monotonic() < deadline and not has_crashed():
        try:
            with socket.create_connection((host, int(port)), PATIENCE) as wire:
                if exchange(wire, host, HEALTH)[0] == 200:
                    return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise Fault(f"The line: it does not answer on {local}.")


def has_crashed() -> bool:
    """Return whether systemd has started the line again by itself."""
    try:
        done = subprocess.run(RESTARTED, capture_output=True, text=True)
    except FileNotFoundError:  # no systemd
        return False
    return done.stdout.strip() not in ("", "0")


def resolve(host: str) -> list[str]:
    """Return the addresses of a host name."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        raise Fault(f"DNS: {host} has no address. Create its A record, and wait.") from None
    return sorted({str(row[4][0]) for row in found})


def connect(host: str, address: str, port: int) -> ssl.SSLSocket:
    """Open a TLS connection to one address of the host."""
    try:
        wire = socket.create_connection((address, port), PATIENCE)
    except OSError as error:
        where = f"{address}:{port} ({error.strerror or error})"
        if listens(port):
            raise Fault(
                f"Firewall or DNS: the proxy listens here, but {where} cannot be reached. Open port"
                f" {port}, and compare the address with that of this machine."
            ) from None
        raise Fault(f"Proxy: nothing listens on {where}. See `systemctl status nginx`.") from None
    try:
        return ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise Fault(
            f"Certificate of {address}:{port}: {error.verify_message.rstrip('.')}."
        ) from None
    except OSError as error:
        raise Fault(f"Proxy: no TLS at {address}:{port}: {error}.") from None


def listens(port: int) -> bool:
    """Return whether a server on this machine listens on the port."""
    with socket.socket() as wire:
        return wire.connect_ex(("127.0.0.1", port)) == 0


def message(environ: Mapping[str, str]) -> Request:
    """Return a signed message of the first channel of Twilio, or else a request of the health."""
    enabled = environ.get("CHANNELS", "")
    channel = next((name for name in CHANNELS if name in enabled), "")
    if not channel:
        return HEALTH
    path, account = f"/inbound/{channel}", environ["TWILIO_ACCOUNT_SID"]
    sid = "0" * 32
    form = {"AccountSid": account, "From": SENDER, "To": environ["RIGHTS_LINE_NUMBER"]}
    form |= {"Body": "0", "MessageSid": f"SM{sid}", "CallSid": f"CA{sid}", "CallStatus": "ringing"}
    validator = RequestValidator(environ["TWILIO_AUTH_TOKEN"].split(",")[-1].strip())
    signature = validator.compute_signature(environ["RIGHTS_LINE_PUBLIC_URL"] + path, form)
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
    return Request("POST", path, urlencode(form), headers)


def exchange(wire: socket.socket, host: str, request: Request) -> tuple[int, str]:
    """Send a request on an open connection, and return status and body of the response."""
    connection = http.client.HTTPConnection(host)
    connection.sock = wire
    headers = {**request.headers, "Connection": "close"}
    connection.request(request.method, request.path, request.body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def check_reply(host: str, reply: tuple[int, str]) -> None:
    """Raise a fault unless the reply is that of the line."""
    status, body = reply
    if status == 200 and ("112" in body or '"status"' in body):
        return
    if status == 403:
        raise Fault(
            "The line: it refuses the signature. TWILIO_AUTH_TOKEN, TWILIO_ACCOUNT_SID and "
            "RIGHTS_LINE_PUBLIC_URL must be those of the account and of this host."
        )
    if status in (502, 503, 504):
        raise Fault(f"Proxy: it answers {status}, so it does not reach the line.")
    raise Fault(f"DNS or proxy: something other than the line answers at {host}, with {status}.")


if __name__ == "__main__":
    try:
        probe(os.environ, *sys.argv[1:])
    except Fault as fault:
        sys.exit(str(fault))
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"Proxy: the connection ended without a reply: {error}.")
