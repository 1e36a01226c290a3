"""The headers of every response, whether from Flask, the last resort, or gunicorn itself."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

# Nothing is loaded from other hosts, cached, or told to the next site. No HSTS: for as long as that
# lasts the browser stores the host and the time of the visit (`with_hsts` is opt-in).
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


def with_security_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of an answer, with these in place of what it says of the same."""
    return [*(pair for pair in headers if pair[0] not in HEADERS), *HEADERS.items()]


def add_security_headers(response: Response) -> Response:
    """Put the headers on an answer, whatever it is."""
    response.headers.update(HEADERS)
    return response


def with_hsts(served: WSGIApplication, seconds: int) -> WSGIApplication:
    """Return an application that also tells browsers to use only TLS, for this long."""
    header = ("Strict-Transport-Security", f"max-age={seconds}")

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, header], *error)

        return served(environ, start)

    return answer
