"""Raw requests, sent from the canary's address; and malformed requests."""

import re
import socket
from contextlib import suppress
from urllib.parse import urlencode

from tests.support import twilio_phone
from tests.support.canary import ADDRESS, AGENT, MESSAGE_ID, NUMBER, TEXT

PATH = twilio_phone.PATH
CANARIES = f"{NUMBER} {TEXT} {MESSAGE_ID}"
AS_FORM = f"Content-Type: application/x-www-form-urlencoded\r\nUser-Agent: {AGENT}"
FORM = urlencode(twilio_phone.fields(TEXT, NUMBER, MessageSid=f"SM{MESSAGE_ID}"))
QUERY = urlencode({"From": NUMBER, "Body": TEXT, "MessageSid": f"SM{MESSAGE_ID}"})


def dial(server: str) -> socket.socket:
    """Open a TCP connection from the canary's address."""
    host, port = server.split(":")
    return socket.create_connection((host, int(port)), 15, (ADDRESS, 0))


def exchange(server: str, data: bytes, patience: float = 15) -> bytes:
    """Send bytes, and return what comes back until the connection closes, or within seconds."""
    received = b""
    with dial(server) as wire, suppress(ConnectionError, TimeoutError):
        wire.settimeout(patience)
        with suppress(OSError):  # the server may have closed the connection after an error response
            wire.sendall(data)
        while piece := wire.recv(65536):
            received += piece
    return received


def statuses(answer: bytes) -> list[int]:
    """Return the status of each response, except 100 Continue."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] ([2-9]\d\d) ", answer)]


def post_bytes(path: str, body: str, *headers: str, length: int | None = None) -> bytes:
    """Return a POST request, with another Content-Length if given."""
    size = len(body) if length is None else length
    return request_bytes(f"POST {path} HTTP/1.1", *headers, f"Content-Length: {size}", body=body)


def request_bytes(line: str, *headers: str, body: str = "") -> bytes:
    return "\r\n".join([line, "Host: line.example.org", *headers, "", body]).encode("latin-1")


MALFORMED = {
    "garbage": f"GARBAGE {CANARIES}\r\n\r\n".encode(),
    "HTTP/0.9": f"GET /?{QUERY}\r\n\r\n".encode(),
    "HTTP/9.9": request_bytes(f"GET /?{QUERY} HTTP/9.9"),
    "no such method": request_bytes(f"g({NUMBER}) / HTTP/1.1"),
    "a line too long": request_bytes(f"GET /{NUMBER * 1000} HTTP/1.1"),
    "a path beyond ASCII": request_bytes(f"GET /\xff\xfe{NUMBER} HTTP/1.1"),
    "a header without a colon": request_bytes("GET /nosuch HTTP/1.1", CANARIES),
    "a header of another name": request_bytes("GET /nosuch HTTP/1.1", f"X({NUMBER}): {TEXT}"),
    "a header with NUL": request_bytes("GET /nosuch HTTP/1.1", f"X-A: \0{CANARIES}"),
    "a folded header": request_bytes("GET /nosuch HTTP/1.1", "X-A: a", f" {CANARIES}"),
    "a header too long": request_bytes("GET /nosuch HTTP/1.1", f"X-A: {NUMBER * 1000}"),
    "too many headers": request_bytes("GET /nosuch HTTP/1.1", *[f"X-A: {CANARIES}"] * 60),
    "a header injected": request_bytes("GET /nosuch HTTP/1.1", f"X-A: a\n{CANARIES}"),
    "two lengths": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 3", f"Content-Length: {NUMBER[1:]}"
    ),
    "length and chunks": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 3", "Transfer-Encoding: chunked"
    ),
    "a negative length": request_bytes(f"POST {PATH} HTTP/1.1", f"Content-Length: -{NUMBER[1:]}"),
    "a length that is a number": request_bytes(
        f"POST {PATH} HTTP/1.1", f"Content-Length: {NUMBER}"
    ),
    "an unknown coding": request_bytes("POST / HTTP/1.1", f"Transfer-Encoding: {NUMBER}, gzip"),
    "an expectation": request_bytes("GET /nosuch HTTP/1.1", f"Expect: {CANARIES}"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + CANARIES.encode(),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00" + CANARIES.encode() + b"\r\n\r\n",
    "an end in the line": f"GET /?{QUERY}".encode(),
    "an end in the headers": f"GET /nosuch HTTP/1.1\r\nX-A: {CANARIES}".encode(),
    "an end in the body": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 9000", body=FORM
    ),
    "a length beyond all": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 99999999999", body=FORM
    ),
    "a form that is not UTF-8": request_bytes(
        f"POST {PATH} HTTP/1.1", AS_FORM, "Content-Length: 20", body=f"Body=\xff&From={NUMBER}"
    ),
}
