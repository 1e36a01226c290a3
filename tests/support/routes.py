"""A route by which a message reaches the line, as bytes on the wire or for Flask's test client."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.support.canary import AGENT, MESSAGE_ID
from tests.support.wire import request_bytes

FORM = "application/x-www-form-urlencoded"
FAULT_HEADER = "X-Fault"  # names the step of a request that breaks (fault_injection.py)
Form = dict[str, str]
_numbers = count(1)


def no_headers(form: Form, path: str, forged: bool) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Route:
    """A provider's request to a channel.

    Attributes:
        path: its path.
        fields: turns a text into the fields of the request.
        headers: returns the headers for fields, the path, and whether the request is forged.
        body: turns the fields into the body.
        kind: the Content-Type.
        is_signed: whether the headers prove who sent it; if not, a forged path does not.
        address: the part of a reply that names the sender to the provider, which needs it.
    """

    path: str
    fields: Callable[[str], Form]
    headers: Callable[[Form, str, bool], dict[str, str]] = no_headers
    body: Callable[[Form], str] = urlencode
    kind: str = FORM
    is_signed: bool = False
    address: bytes = b""

    def request(self, text: str, fault: str = "", *, forged: bool = False) -> bytes:
        """Return a message as bytes; a fault names the step that breaks (`fault_injection`)."""
        form, path = self.fields(text), self.path
        headers = [f"{name}: {value}" for name, value in self._headers(form, forged, fault).items()]
        if forged and not self.is_signed:
            path = f"{path}x" if "-" in path else f"{path}/x"
        body = self.body(form).encode().decode("latin-1")  # request_bytes encodes it back
        return request_from_sender("POST", path, *headers, body=body, kind=self.kind)

    def arguments(self, text: str) -> dict[str, Any]:
        """Return a message with an id of its own, for Flask's test client."""
        number = f"{next(_numbers):032x}"
        form = {
            name: value.replace(MESSAGE_ID, number) for name, value in self.fields(text).items()
        }
        return {
            **{"path": self.path, "method": "POST", "headers": self._headers(form, False)},
            **{"data": self.body(form).encode(), "content_type": self.kind},
        }

    def _headers(self, form: Form, forged: bool, fault: str = "") -> dict[str, str]:
        return self.headers(form, self.path, forged) | ({FAULT_HEADER: fault} if fault else {})


def request_from_sender(
    method: str, target: str, *headers: str, body: str = "", kind: str = FORM
) -> bytes:
    """Return a request with the sender's user agent, on a connection of its own."""
    more = [f"User-Agent: {AGENT}", "Connection: close", *headers]
    if body:
        more += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return request_bytes(f"{method} {target} HTTP/1.1", *more, body=body)
