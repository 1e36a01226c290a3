"""What is said when anything broke: bytes made when the process starts, in each gateway's format.

They are sent from outside of Flask and of all that answers, so nothing but `never_silent` itself
has to work. Below it is the provider's fallback (`rights-line fallback`).
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
    """An answer, as it goes over the wire."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def from_response(cls, response: Response) -> Self:
        """Return a response as bytes; it is not changed itself."""
        body = response.get_data()
        headers = response.headers.copy()
        headers["Content-Length"] = str(len(body))  # replaces another: a proxy may refuse two
        return cls(response.status, tuple(headers), body)

    def response(self) -> Response:
        return Response(self.body, self.status, list(self.headers))


def fallback_middleware(
    served: WSGIApplication, last_resorts: Mapping[str, PreparedResponse], page: PreparedResponse
) -> WSGIApplication:
    """Return what answers like `served`, and where that raises like the gateway's last resort.

    `page` is said where the address is of no gateway.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun = time.perf_counter()
        try:
            return served(environ, start_response)
        except Exception as error:
            name = environ["PATH_INFO"].removeprefix("/inbound/").partition("/")[0]
            said = last_resorts.get(name, page)
            event, channel = ("page", "web") if said is page else ("inbound", name)
            with suppress(Exception):
                taken = 1000 * (time.perf_counter() - begun)
                event_log.log_event(event, channel, event_log.class_name(error), taken)
            start_response(said.status, list(said.headers))
            return [said.body]

    return answer
