"""Webhooks: read a message, compute the reply, deliver it. On any failure: the helplines.

This is a WSGI middleware in front of Flask, whose share of a request costs more CPU time than the
reply (docs/adr/0008-webhooks-in-front-of-flask.md).
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

# Media whose requests carry the state of the conversation: they need no session.
STATELESS: Mapping[Medium, Callable[[Inbound, Library, datetime], Reply]] = {
    Medium.USSD: respond_ussd,
    Medium.VOICE: respond_voice,
}

# Logged outcomes. They show that a limit is reached, but not by which sender; a reply without a
# session lists codes with the language word in front.
OUTCOMES = {
    Allowance.FULL: "answered",
    Allowance.SHORT: "short",
    Allowance.NONE: "withheld",
}
WITHOUT_SESSION = OUTCOMES | {
    Allowance.FULL: "answered without session",
    Allowance.SHORT: "short without session",
}

_PATH = re.compile(r"/inbound/(\w+)(?:/([\w-]+))?", re.ASCII)


class Webhooks:
    """The webhooks of all channels.

    Attributes:
        fallbacks: channel name -> fallback response, in the channel's format.
    """

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
        fallback = Reply(library.fallback, ends_session=True, closing=library.voice.fallback)
        self.fallbacks = {
            name: PreparedResponse.from_response(add_security_headers(channel.deliver(fallback)))
            for name, channel in channels.items()
        }

    def middleware(self, wrapped: WSGIApplication) -> WSGIApplication:
        """Return a WSGI application that handles webhooks and passes the rest to `wrapped`.

        A webhook is GET or POST /inbound/<channel>[/<token>], spelled exactly so. Flask handles
        other spellings and methods.
        """

        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            name, token = self._match(environ)
            if not name:
                return wrapped(environ, start_response)
            incoming = Request(environ, populate_request=False)
            # werkzeug's Response.__call__ would check for streams and ranges; there are none.
            response = PreparedResponse.from_response(self.handle(incoming, name, token))
            start_response(response.status, with_security_headers(response.headers))
            return [response.body]

        return application

    def _match(self, environ: WSGIEnvironment) -> tuple[str, str]:
        """Return the channel and the token in the path; the channel is empty if none matches."""
        path = _PATH.fullmatch(environ["PATH_INFO"])
        if not path or environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return "", ""
        name, token = path.groups("")
        return (name, token) if name in self._channels else ("", "")

    def handle(self, incoming: Request, name: str, token: str = "") -> Response:
        """Return the response of a configured channel, and log the outcome; do not raise."""
        started = time.perf_counter()
        response, outcome = _outcome(
            lambda: self._handle(incoming, name, token), self.fallbacks[name]
        )
        event_log.log_event("inbound", name, outcome, 1000 * (time.perf_counter() - started))
        return response

    def _handle(self, incoming: Request, name: str, token: str) -> tuple[Response, str]:
        channel, library, sessions = self._channels[name], self._library, self._sessions
        read_body(incoming)
        channel.authenticate(incoming, token)
        message = channel.receive(incoming)
        if message.medium in STATELESS:
            reply = STATELESS[message.medium](message, library, self._now())
            return channel.deliver(reply), OUTCOMES[Allowance.FULL]
        session = sessions.load(name, message.sender, counts_towards_limit(message, library))
        reply, tag = respond(message, session.tag, library, self._now(), session.is_stored)
        is_saved = sessions.save(session, tag)
        if not is_saved and session.is_stored:
            reply, _ = respond(message, session.tag, library, self._now(), has_memory=False)
        allowance = session.allowance
        is_limited = allowance > Allowance.FULL and bool(reply.text)
        if is_limited and is_emergency(message.text, session.tag, library):
            allowance = sessions.allow_emergency(name, message.sender)
        outcomes = OUTCOMES if is_saved or not reply.text else WITHOUT_SESSION
        outcome = outcomes[allowance if reply.text else Allowance.FULL]
        return channel.deliver(apply_allowance(reply, allowance, library)), outcome


def _outcome(
    handle: Callable[[], tuple[Response, str]], fallback: PreparedResponse
) -> tuple[Response, str]:
    """Return the response and the logged outcome of a handler, also when it raises.

    An unexpected error is answered with 200 as well: a provider stores the request of a failed
    webhook in its error log, and the sender receives nothing.
    """
    try:
        return handle()
    except Unauthenticated:
        return Response(status=403), "refused"
    except BadRequestBody:
        return Response(status=400), "broken"
    except RequestEntityTooLarge:
        return Response(status=413), "too large"
    except Malformed:
        return fallback.response(), "malformed"
    except Exception as error:
        return fallback.response(), event_log.class_name(error)
