"""Slow, idle and oversized clients: others are not delayed."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rights_line.web.server import TIMEOUT
from tests.support import twilio_phone
from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.phones import ENVIRON
from tests.support.phones.africastalking_ussd import TOKEN
from tests.support.servers import LineServer, running_line
from tests.support.wire import AS_FORM, PATH, dial, exchange, post_bytes, request_bytes, statuses

MEMORY_GROWTH = 30 * 1024  # KiB
USSD_PATH = f"/inbound/africastalking_ussd/{TOKEN}"


@pytest.fixture(scope="module")
def line() -> Iterator[LineServer]:
    """The line with its channels."""
    with running_line(ENVIRON | {"CHANNELS": "twilio_sms,africastalking_ussd"}) as server:
        yield server


@pytest.fixture
def server(line: LineServer) -> str:
    """The host and port of the line."""
    return line.address.removeprefix("http://")


# An emergency, because its limit is the highest.
SMS = twilio_phone.fields("112", NUMBER, FromCity=CITY, MessageSid=f"SM{MESSAGE_ID}")
FORM = urlencode(SMS)
SIGNED = f"X-Twilio-Signature: {twilio_phone.signature(SMS)}"
USSD = urlencode({"sessionId": MESSAGE_ID, "phoneNumber": NUMBER, "text": "2*1"})
CHUNKED = "Transfer-Encoding: chunked"


def sms(length: int | None = None) -> bytes:
    """Return a signed SMS, with another Content-Length if given."""
    return post_bytes(PATH, FORM, AS_FORM, SIGNED, length=length)


def chunked(body: str) -> bytes:
    """Return the same in chunks; `body` is everything after the headers."""
    return request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, SIGNED, CHUNKED, body=body)


def in_chunks(body: str) -> str:
    """Return a body in two chunks and the last one."""
    half = len(body) // 2
    return "".join(f"{len(part):x}\r\n{part}\r\n" for part in (body[:half], body[half:], ""))


def seconds_to_answer(server: str) -> float:
    """Send a message without a rate limit, and return the seconds until the right reply."""
    begun = time.monotonic()
    answer = exchange(server, GENUINE["USSD"])
    assert statuses(answer) == [200]
    assert b"112" in answer
    return time.monotonic() - begun


def median_seconds(server: str) -> float:
    return sorted(seconds_to_answer(server) for _ in range(9))[4]


# 1. Genuine and truncated requests

GENUINE = {
    "an SMS": sms(),
    "an SMS in chunks": chunked(in_chunks(FORM)),
    "an SMS over HTTP/1.0": sms().replace(b" HTTP/1.1", b" HTTP/1.0"),
    "USSD": post_bytes(USSD_PATH, USSD, AS_FORM),
    "an escaped path": sms()
    .replace(b"twilio_sms", b"twilio%5Fsms", 1)
    .replace(
        SIGNED.encode(),
        f"X-Twilio-Signature: {twilio_phone.signature(SMS, '/inbound/twilio%5Fsms')}".encode(),
    ),
}


@pytest.mark.parametrize("data", GENUINE.values(), ids=GENUINE)
def test_genuine_request_gets_helplines_and_close(data: bytes, server: str) -> None:
    """The connection closes: a proxy that pools it could lose the next message at a restart."""
    answer = exchange(server, data)

    assert statuses(answer) == [200]
    assert b"112" in answer
    assert b"\r\nConnection: close\r\n" in answer
    assert b"\r\nServer:" not in answer


TRUNCATED = {
    "body one byte short": sms(len(FORM) + 1),
    "body much too short": sms(16_000),
    "no last chunk": chunked(in_chunks(FORM).removesuffix("0\r\n\r\n")),
    "truncated after the last chunk": chunked(in_chunks(FORM).removesuffix("\r\n")),
    "truncated chunk": chunked(f"{len(FORM) + 9:x}\r\n{FORM}"),
    "only a size": chunked(f"{len(FORM):x}\r\n"),
}


@pytest.mark.parametrize("data", TRUNCATED.values(), ids=TRUNCATED)
def test_truncated_body_is_not_a_shorter_message(data: bytes, server: str) -> None:
    """The part that arrived has a valid signature; the connection closes without a reply."""
    with dial(server) as wire:
        wire.sendall(data)
        wire.shutdown(socket.SHUT_WR)

        assert wire.recv(65536) == b""


# 2. Large requests

MEGABYTE = b"a" * 1_000_000
MANY = "&".join(["a"] * 8_000)  # about as many fields as the largest body holds


def start_of_message(length: str) -> bytes:
    """Return the head of a signed message with another header for the length of its body."""
    return request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, SIGNED, length)


LARGE = {
    "body of 16 KiB and a byte": (sms(16_385) + b"a" * (16_385 - len(FORM)), {413}),
    "body of 1 MB": (start_of_message("Content-Length: 1000000") + MEGABYTE, {413}),
    "10 MB in chunks": (
        start_of_message(CHUNKED) + (b"186a0\r\n" + b"a" * 100_000 + b"\r\n") * 100,
        {413},
    ),
    "10 MB in chunks of one byte": (start_of_message(CHUNKED) + b"1\r\na\r\n" * 1_700_000, {413}),
    "10 MB in place of a chunk size": (start_of_message(CHUNKED) + MEGABYTE * 10, {400, 413}),
    "8,000 fields": (post_bytes(PATH, MANY, AS_FORM, SIGNED), {403}),
    "a header of 10 MB": (b"GET /nosuch HTTP/1.1\r\nX-A: " + MEGABYTE * 10, {431}),
    "a request line of 10 MB": (b"GET /" + MEGABYTE * 10, {431}),
}


def test_large_request_is_refused_without_memory_growth(server: str, line: LineServer) -> None:
    def flood() -> int:
        for name, (data, expected) in LARGE.items():
            kinds = set(statuses(exchange(server, data)))
            # A client that is still sending may see the connection closed before the answer.
            assert kinds <= expected, name
        status = Path(f"/proc/{line.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    before, after = flood(), flood()

    assert after - before < MEMORY_GROWTH, f"grew by {after - before} KiB"


# 3. Slow and idle clients

HANGING = {
    "half a body": start_of_message("Content-Length: 999") + b"From=",
    "half a chunk": start_of_message(CHUNKED) + b"3e7\r\nFrom=",
    "half a header": f"POST {PATH} HTTP/1.1\r\nX-A: ".encode(),
}


@pytest.mark.timed
@pytest.mark.parametrize("data", HANGING.values(), ids=HANGING)
def test_120_hanging_clients_delay_message_by_less_than_50_ms(data: bytes, server: str) -> None:
    alone = median_seconds(server)
    with ExitStack() as stack:
        for _ in range(120):
            stack.enter_context(dial(server)).sendall(data)

        assert median_seconds(server) - alone < 0.05


@pytest.mark.timed
def test_900_idle_connections_delay_message_by_less_than_1_s(server: str) -> None:
    with ExitStack() as stack:
        for _ in range(900):
            stack.enter_context(dial(server))

        assert seconds_to_answer(server) < 1


def test_client_that_sends_nothing_is_disconnected(server: str) -> None:
    """After ten seconds, whatever it has sent before."""
    with ExitStack() as stack:
        wires = [stack.enter_context(dial(server)) for _ in HANGING]
        for wire, data in zip(wires, HANGING.values(), strict=True):
            wire.sendall(data)
            wire.settimeout(TIMEOUT + 5)

        assert [wire.recv(65536) for wire in wires] == [b""] * len(wires)


@pytest.mark.timed
def test_clients_that_do_not_read_block_no_other(server: str) -> None:
    """Forty clients that send requests, and neither read nor hang up."""
    with ExitStack() as stack:
        for _ in range(40):
            wire = stack.enter_context(dial(server))
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            wire.sendall(request_bytes("GET /nb/ HTTP/1.1"))

        assert seconds_to_answer(server) < 1
