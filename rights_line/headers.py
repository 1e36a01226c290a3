"""What stands above every answer, whoever gives it: Flask, the last resort, or gunicorn itself."""

from collections.abc import Iterable

from werkzeug.wrappers import Response

# Nothing from other hosts, nothing kept, nobody told where she came from.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


def protected(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of an answer, with these in place of what it says of the same."""
    return [*(pair for pair in headers if pair[0] not in HEADERS), *HEADERS.items()]


def protect(response: Response) -> Response:
    """Put the headers on an answer, whatever it is."""
    response.headers.update(HEADERS)
    return response
