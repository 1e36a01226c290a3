"""Requests read whole; responses with security headers, and the fallback when anything raises.

The fallback response of a channel has the helplines in its format. It is rendered at start-up and
sent by the outermost middleware, so it depends on no other code. If the process itself is down, the
provider's fallback answers (`rights-line fallback`).
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from rights_line import event_log
from rights_line.errors import BadRequestBody
from rights_line.style import Inline, security_policy

MAX_BODY_BYTES = 16 * 1024  # Twilio's longest SMS, percent-encoded, is 15 KiB
# A chat message of 4,096 letters, and the one that it answers, each letter as \u1234 in JSON. A
# chat provider repeats a request that is refused, and holds back the sender's next messages.
MAX_CHAT_BYTES = 64 * 1024
_HEADER_ONLY = {"frame-ancestors": "'none'"}  # browsers ignore it in a meta element
# No third-party content, no caching, no referrer; and no HSTS (docs/design.md, D14).
HEADERS = {
    "Content-Security-Policy": security_policy(_HEADER_ONLY),  # a page: page_policy
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


def read_body(incoming: Request, max_bytes: int) -> None:
    """Read the body into memory: werkzeug would accept a truncated one as complete.

    Raises:
        RequestEntityTooLarge: the body exceeds `max_bytes`; the rest is not read.
        BadRequestBody: the body is truncated, badly chunked, or did not arrive in time.
    """
    length, most = incoming.content_length, max_bytes + 1
    if length is None and "Transfer-Encoding" not in incoming.headers:
        return
    if length is not None and length > max_bytes:
        raise RequestEntityTooLarge
    try:
        body = incoming.environ["wsgi.input"].read(most if length is None else length)
    except Exception:  # each server raises its own types
        raise BadRequestBody from None
    if len(body) == most:
        raise RequestEntityTooLarge
    if length not in (None, len(body)):
        raise BadRequestBody
    incoming.environ |= {
        **{"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))},
        "wsgi.input_terminated": True,  # else werkzeug reads it through a buffer of 64 KiB
    }


@dataclass(frozen=True)
class PreparedResponse:
    """A response as it is sent: status line, headers and body. It is a WSGI application."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def from_response(cls, response: Response) -> Self:
        """Render a response with the security headers, and leave the original unchanged."""
        body = response.get_data()
        own = HEADERS | {"Content-Length": str(len(body))}
        # Replace a Content-Length: a proxy may reject two.
        kept = [pair for pair in response.headers if pair[0] not in own]
        return cls(response.status, (*kept, *own.items()), body)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, list(self.headers))
        return [self.body]


def middleware(
    wrapped: WSGIApplication, fallbacks: Mapping[str, PreparedResponse], page: PreparedResponse
) -> WSGIApplication:
    """Return a WSGI application that sends a fallback response when `wrapped` raises.

    `fallbacks` has that of each channel, for paths below /inbound/; `page` is for all others.
    """

    def fallback_application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        started = time.perf_counter()
        name = environ["PATH_INFO"].removeprefix("/inbound/").partition("/")[0]
        try:
            return wrapped(environ, start_response)
        except Exception as error:
            response = fallbacks.get(name, page)
            event, channel = ("page", "web") if response is page else ("inbound", name)
            with suppress(Exception):
                milliseconds = 1000 * (time.perf_counter() - started)
                event_log.log_event(
                    event, channel, event_log.logged_error_class(error), milliseconds
                )
            return response(environ, start_response)

    return fallback_application


def page_policy(inline: Inline, has_form: bool) -> str:
    """Return the policy of a page: its own style, script and icon; forms only to this host."""
    ours = {"form-action": "'self'", "connect-src": "'self'"} if has_form else {}
    return security_policy(_HEADER_ONLY | {"img-src": "data:", **inline.sources, **ours})
