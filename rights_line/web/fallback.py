"""Fallback responses: the helplines in each channel's format, sent when anything else raises.

They are rendered at start-up and sent by the outermost middleware, so they depend on no other
code. If the process itself is down, the provider's fallback answers (`rights-line fallback`).
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

from rights_line import event_log
from rights_line.web.security_headers import HEADERS


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

    def prepared_response(self) -> Response:
        """Return a werkzeug response with the same content."""
        return Response(self.body, self.status, list(self.headers))

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
