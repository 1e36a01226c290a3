"""`app:app` under several WSGI servers: a signed SMS, USSD, pages, health, and the fallback."""

import json
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.phones import ENVIRON
from tests.support.phones.africastalking_ussd import TOKEN, fields
from tests.support.servers import Command, running_line, serve_at
from tests.support.waiting import wait_until

SERVERS: dict[str, Command] = {
    "waitress": serve_at,
    "gunicorn": lambda place: [
        *(sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "4"),
        *("--bind", place, "app:app"),
    ],
    "granian": lambda place: [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", place.partition(":")[2], "--no-ws", "app:app"),
    ],
}
CHANNELS = {"CHANNELS": "twilio_sms,africastalking_ussd"}


def send(request: urllib.request.Request | str) -> tuple[int, str]:
    """Return status and text of a response."""
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module", params=SERVERS)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the line under one server."""
    with running_line(ENVIRON | CHANNELS, SERVERS[request.param]) as line:
        wait_until(lambda: answers(line.address), request.param)
        yield line.address


def answers(address: str) -> bool:
    try:
        return send(f"{address}/healthz")[0] == 200
    except OSError:
        return False


def sms(address: str, path: str = twilio_phone.PATH, signed_path: str = "") -> tuple[int, str]:
    """Send POLSKI by a signed SMS to a path and query."""
    form = twilio_phone.fields("POLSKI")
    message = twilio_phone.request(form, signed_path or path)
    headers = {**message["headers"], "Content-Type": message["content_type"]}
    return send(urllib.request.Request(address + path, message["data"].encode(), headers))


@pytest.mark.parametrize("query", ["", "?msg=a%20b&x=%27"])
def test_server_signed_sms_gets_reply_in_language(address: str, query: str) -> None:
    """Twilio signs path and query as they are configured; for another path it is refused."""
    status, body = sms(address, twilio_phone.PATH + query)
    assert status == 200
    assert "\n4 Praca, placa\n" in twilio_phone.reply_text(body.encode())
    assert sms(address, signed_path="/inbound/twilio_voice") == (403, "")


def test_server_answers_ussd_pages_health_and_unknown_paths(address: str, library: Library) -> None:
    ussd = f"{address}/inbound/africastalking_ussd/{TOKEN}"
    status, text = send(urllib.request.Request(ussd, urlencode(fields("")).encode()))
    assert (status, text[:4], "112" in text) == (200, "CON ", True)
    # The provider sent a malformed message, so a person may be waiting.
    status, text = send(urllib.request.Request(ussd, b"text=1&text=2"))
    assert (status, text[:4], "112" in text) == (200, "END ", True)
    assert 'href="tel:116111"' in send(f"{address}/en/2")[1]
    status, report = send(f"{address}/healthz")
    assert (status, json.loads(report)["status"]) == (200, "ok")
    for path in ("/inbound/nosuch", "/inbound", "/inbound/twilio_sms/a/b"):
        assert send(address + path) == (404, library.fallback)
