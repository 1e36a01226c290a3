"""What gunicorn itself puts on the wire: our headers on its error pages, and its name on nothing.

It has no setting for either, and its error pages repeat what was sent.
"""

from typing import Any

from gunicorn import util
from gunicorn.http.wsgi import Response

from rights_line.web.security_headers import HEADERS

_headers_of_gunicorn = Response.default_headers


def hide_gunicorn() -> None:
    """From now on this process answers so."""
    Response.default_headers = _headers
    util.write_error = _refuse


def _headers(response: Any) -> list[str]:
    lines: list[str] = _headers_of_gunicorn(response)
    return [line for line in lines if not line.startswith("Server:")]


def _refuse(sock: Any, status: int, reason: str, _: str) -> None:
    """Answer bytes that are no request: the status, and nothing of what they held."""
    headers = {**HEADERS, "Connection": "close", "Content-Length": "0"}
    lines = [f"HTTP/1.1 {status} {reason}", *map(": ".join, headers.items()), "", ""]
    util.write_nonblock(sock, "\r\n".join(lines).encode("ascii"))
