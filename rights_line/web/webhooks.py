"""A message to a gateway: gather, decide, apply. Whatever breaks, a person gets the helplines.

It stands in front of Flask, whose part of a request costs more than the answer (docs/adr/0008).
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from rights_line import event_log
from rights_line.channels import Channel
from rights_line.core.conversation import respond
from rights_line.core.emergencies import is_emergency
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.rate_limit import Allowance, apply_allowance, counts_towards_limit
from rights_line.core.ussd import respond_ussd
from rights_line.core.voice import respond_voice
from rights_line.errors import BadRequestBody, Malformed, Unauthenticated
from rights_line.sessions import SessionStore
from rights_line.web.fallback import PreparedResponse
from rights_line.web.request_body import read_body
from rights_line.web.security_headers import add_security_headers, with_security_headers

# What answers where every request brings with it all that is to be known: nothing is kept.
STATELESS: Mapping[Medium, Callable[[Inbound, Library, datetime], Reply]] = {
    Medium.USSD: respond_ussd,
    Medium.VOICE: respond_voice,
}

# Logged outcomes. They show that a limit is reached, but not whose; a reply without a session
# shows codes that need the language word.
OUTCOMES = {
    Allowance.FULL: "answered",
    Allowance.SHORT: "short",
    Allowance.NONE: "withheld",
}
WITHOUT_SESSION = OUTCOMES | {
    Allowance.FULL: "answered without session",
    Allowance.SHORT: "short without session",
}

_ADDRESS = re.compile(r"/inbound/(\w+)(?:/([\w-]+))?", re.ASCII)


class Webhooks:
    """Every gateway, and a WSGI application that answers them and leaves all else to another."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        library: Library,
        sessions: SessionStore,
        now: Callable[[], datetime],
    ) -> None:
        self._channels = channels
        self._library = library
        self._sessions = sessions
        self._now = now
        said = Reply(library.fallback, ends_session=True, closing=library.voice.fallback)
        self.fallbacks = {
            name: PreparedResponse.from_response(add_security_headers(channel.deliver(said)))
            for name, channel in channels.items()
        }

    def middleware(self, others: WSGIApplication) -> WSGIApplication:
        """Return what answers gateways itself, and asks `others` for the rest.

        What is not written plainly, or asks by another method, is the rest: all that a framework
        makes of an address is left to it.
        """

        def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            name, token = self._match(environ)
            if not name:
                return others(environ, start_response)
            incoming = Request(environ, populate_request=False)
            # werkzeug would look for more that a response may have; this one is whole.
            said = PreparedResponse.from_response(self.answer(incoming, name, token))
            start_response(said.status, with_security_headers(said.headers))
            return [said.body]

        return served

    def _match(self, environ: WSGIEnvironment) -> tuple[str, str]:
        """Return which gateway is asked, and the token in its address; or no name."""
        address = _ADDRESS.fullmatch(environ["PATH_INFO"])
        if not address or environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return "", ""
        name, token = address.groups("")
        return (name, token) if name in self._channels else ("", "")

    def answer(self, incoming: Request, name: str, token: str = "") -> Response:
        """Return the answer of a gateway there is, whatever breaks, and log how that went."""
        begun = time.perf_counter()
        answer, outcome = _outcome(
            lambda: self._answer(incoming, name, token), self.fallbacks[name]
        )
        event_log.log_event("inbound", name, outcome, 1000 * (time.perf_counter() - begun))
        return answer

    def _answer(self, incoming: Request, name: str, token: str) -> tuple[Response, str]:
        channel, library, sessions = self._channels[name], self._library, self._sessions
        read_body(incoming)
        channel.authenticate(incoming, token)
        message = channel.receive(incoming)
        if message.medium in STATELESS:
            reply = STATELESS[message.medium](message, library, self._now())
            return channel.deliver(reply), OUTCOMES[Allowance.FULL]
        session = sessions.load(name, message.sender, counts_towards_limit(message, library))
        reply, tag = respond(message, session.tag, library, self._now(), session.is_stored)
        is_kept = sessions.save(session, tag)
        if not is_kept and session.is_stored:
            reply, _ = respond(message, session.tag, library, self._now(), has_memory=False)
        allowance = session.allowance
        is_limited = allowance > Allowance.FULL and bool(reply.text)
        if is_limited and is_emergency(message.text, session.tag, library):
            allowance = sessions.allow_emergency(name, message.sender)
        outcomes = OUTCOMES if is_kept or not reply.text else WITHOUT_SESSION
        outcome = outcomes[allowance if reply.text else Allowance.FULL]
        return channel.deliver(apply_allowance(reply, allowance, library)), outcome


def _outcome(
    answer: Callable[[], tuple[Response, str]], last_resort: PreparedResponse
) -> tuple[Response, str]:
    """Return an answer and how it went. What breaks is answered too, with 200: a provider keeps
    the request of a webhook that failed, and the person hears nothing."""
    try:
        return answer()
    except Unauthenticated:
        return Response(status=403), "refused"
    except BadRequestBody:
        return Response(status=400), "broken"
    except RequestEntityTooLarge:
        return Response(status=413), "too large"
    except Malformed:
        return last_resort.response(), "malformed"
    except Exception as error:
        return last_resort.response(), event_log.class_name(error)
