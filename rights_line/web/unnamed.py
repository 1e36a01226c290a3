"""Patch gunicorn: add our headers to its error pages, remove `Server`.

gunicorn has no setting for either, and its error pages echo the request.
"""

from typing import Any

from gunicorn import util
from gunicorn.http.wsgi import Response

from rights_line.web.security_headers import HEADERS

_headers_of_gunicorn = Response.default_headers


def hide_gunicorn() -> None:
    """Patch gunicorn in this process."""
    Response.default_headers = _headers
    util.write_error = _refuse


def _headers(response: Any) -> list[str]:
    lines: list[str] = _headers_of_gunicorn(response)
    return [line for line in lines if not line.startswith("Server:")]


def _refuse(sock: Any, status: int, reason: str, _: str) -> None:
    """Send a bare error response, without anything from the request."""
    headers = {**HEADERS, "Connection": "close", "Content-Length": "0"}
    lines = [f"HTTP/1.1 {status} {reason}", *map(": ".join, headers.items()), "", ""]
    util.write_nonblock(sock, "\r\n".join(lines).encode("ascii"))
