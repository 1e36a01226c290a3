"""A phone to try it on, with no gateway: `curl --data-urlencode text=hei .../inbound/try_it`.

It needs no secret and so proves nothing about who asks: `make run` enables it, and on a server it
stays off unless CHANNELS names it. `from` may be given, to be several people; the answer is text.
"""

from collections.abc import Mapping
from typing import ClassVar, Self

from werkzeug.wrappers import Request, Response

from rights_line.core.messages import Inbound, Reply
from rights_line.errors import Unauthenticated


class Gateway:
    """No gateway at all."""

    needs: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        return cls()

    def authenticate(self, request: Request, token: str) -> None:
        # A page of another site must not make a browser talk to it.
        if token or request.method != "POST" or request.headers.get("Origin"):
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        return Inbound(request.form.get("from", "try-it"), request.form.get("text", ""))

    def deliver(self, reply: Reply) -> Response:
        return Response(reply.text, content_type="text/plain; charset=utf-8")
