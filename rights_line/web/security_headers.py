"""Security headers for every response."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from rights_line.style.inline import Inline, security_policy

_HEADER_ONLY = {"frame-ancestors": "'none'"}  # browsers ignore it in a meta element


def page_policy(inline: Inline, has_form: bool) -> str:
    """Return the policy of a page: its own style, script and icon; forms only to this host."""
    ours = {"form-action": "'self'", "connect-src": "'self'"} if has_form else {}
    return security_policy(_HEADER_ONLY | {"img-src": "data:", **inline.sources, **ours})


# No third-party content, no caching, no referrer. HSTS is opt-in (`with_hsts`): until it
# expires, the browser stores the host and the time of the visit.
HEADERS = {
    "Content-Security-Policy": security_policy(_HEADER_ONLY),  # a page: page_policy
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


def with_hsts(wrapped: WSGIApplication, seconds: int) -> WSGIApplication:
    """Return an application that tells browsers to use only TLS for so many seconds."""
    header = ("Strict-Transport-Security", f"max-age={seconds}")

    def hsts_application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start_with_hsts(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, header], *error)

        return wrapped(environ, start_with_hsts)

    return hsts_application
