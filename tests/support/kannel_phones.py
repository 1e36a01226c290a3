"""Phones that text to Kannel over the line protocol of its fake SMS centre."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

OURS = "2440"

_ANSWER = re.compile(rf"(?:^|\n){OURS} (\S+) (text|udh|ucs-2|data) ".encode())


class Phones:
    """Many phones and their SMS centre: a fakesmsc that records every reply."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def send(self, *messages: tuple[str, str]) -> None:
        """Send a text from each number; in UCS-2 unless it is ASCII."""
        lines = [f"{number} {OURS} {_written(text)}\n" for number, text in messages]
        self._connection.sendall("".join(lines).encode())

    def heard(self) -> dict[str, list[str]]:
        """Return the texts that each number has received so far, parts joined."""
        with suppress(BlockingIOError):
            while data := self._connection.recv(1 << 16, socket.MSG_DONTWAIT):
                self._received += data
        parts: dict[tuple[str, bytes], dict[int, bytes]] = {}
        texts: dict[str, list[str]] = {}
        for number, kind, body in _answers(self._received):
            if kind != "udh":
                text = _url_decoded(body).decode("utf-16-be") if kind == "ucs-2" else body.decode()
                texts.setdefault(number, []).append(text)
                continue
            header, _, data = body.partition(b" data ")
            *_, reference, total, place = _url_decoded(header)
            joined = parts.setdefault((number, bytes([reference])), {})
            joined[place] = _url_decoded(data)
            if len(joined) == total:
                whole = b"".join(part for _, part in sorted(joined.items()))
                # The encoding is not given; in UCS-2 every space and digit contains a zero byte.
                text = whole.decode("utf-16-be" if b"\0" in whole else "utf-8")
                texts.setdefault(number, []).append(text)
        return texts


def _written(text: str) -> str:
    if text.isascii():
        return f"text {text}"
    return "ucs2 " + "".join(f"%{byte:02x}" for byte in text.encode("utf-16-be"))


def _answers(received: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield receiver, kind and body; a text may contain line breaks."""
    starts = list(_ANSWER.finditer(received))
    ends = [start.start() for start in starts[1:]] + [len(received) - 1]
    for start, end in zip(starts, ends, strict=False):
        if received[end : end + 1] == b"\n":  # else it is incomplete
            yield start[1].decode(), start[2].decode(), received[start.end() : end]


def _url_decoded(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))
