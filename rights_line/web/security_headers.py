"""Security headers for every response."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# No third-party content, no caching, no referrer. HSTS is opt-in (`with_hsts_header`): until it
# expires, the browser stores the host and the time of the visit.
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


def with_hsts_header(wrapped: WSGIApplication, seconds: int) -> WSGIApplication:
    """Return an application that tells browsers to use only TLS for so many seconds."""
    header = ("Strict-Transport-Security", f"max-age={seconds}")

    def hsts_application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start_with_hsts(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, header], *error)

        return wrapped(environ, start_with_hsts)

    return hsts_application
