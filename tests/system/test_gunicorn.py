"""`app:app` under gunicorn, which passes addresses on in another variable than waitress."""

import sys
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.support import twilio_phone
from tests.support.phones import ENVIRON
from tests.support.servers import listens, running_line
from tests.support.waiting import wait_until


def gunicorn(place: str) -> list[str]:
    """Return the command that serves the line at a host and port."""
    threads = ("--worker-class", "gthread", "--threads", "4")
    return [sys.executable, "-m", "gunicorn", *threads, "--bind", place, "app:app"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_line(ENVIRON | {"CHANNELS": "twilio_sms"}, gunicorn) as line:
        wait_until(lambda: listens(line.port), "gunicorn")
        yield line.address


def sms(address: str, path: str = twilio_phone.PATH, signed_path: str = "") -> tuple[int, bytes]:
    """Send POLSKI by a signed SMS to a path and query; return the status and the response."""
    sent = twilio_phone.request(twilio_phone.fields("POLSKI"), signed_path or path)
    headers = {**sent["headers"], "Content-Type": sent["content_type"]}
    try:
        with urlopen(Request(address + path, sent["data"].encode(), headers), timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize("query", ["", "?msg=a%20b&x=%27"])
def test_server_signed_sms_gets_reply_in_language(address: str, query: str) -> None:
    """Twilio signs path and query as they are configured; for another path it is refused."""
    status, body = sms(address, twilio_phone.PATH + query)
    assert status == 200
    assert "\n4 Praca, placa\n" in twilio_phone.reply_text(body)
    assert sms(address, signed_path="/inbound/twilio_voice") == (403, b"")
