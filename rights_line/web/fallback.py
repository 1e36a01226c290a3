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


@dataclass(frozen=True)
class PreparedResponse:
    """A response as it is sent: status line, headers and body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def from_response(cls, response: Response) -> Self:
        """Render a response, and leave it unchanged."""
        body = response.get_data()
        headers = response.headers.copy()
        headers["Content-Length"] = str(len(body))  # replace it: a proxy may reject two
        return cls(response.status, tuple(headers), body)

    def response(self) -> Response:
        """Return a werkzeug response with the same content."""
        return Response(self.body, self.status, list(self.headers))


def fallback_middleware(
    wrapped: WSGIApplication, fallbacks: Mapping[str, PreparedResponse], page: PreparedResponse
) -> WSGIApplication:
    """Return a WSGI application that sends a fallback response when `wrapped` raises.

    Args:
        wrapped: the application.
        fallbacks: channel name -> response, for paths below /inbound/.
        page: the response for all other paths.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        try:
            return wrapped(environ, start_response)
        except Exception as error:
            name = environ["PATH_INFO"].removeprefix("/inbound/").partition("/")[0]
            response = fallbacks.get(name, page)
            event, channel = ("page", "web") if response is page else ("inbound", name)
            with suppress(Exception):
                milliseconds = 1000 * (time.perf_counter() - started)
                event_log.log_event(event, channel, event_log.class_name(error), milliseconds)
            start_response(response.status, list(response.headers))
            return [response.body]

    return application
