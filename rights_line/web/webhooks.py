"""Webhooks: read a message, compute the reply, deliver it. On any failure: the helplines."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from rights_line import event_log
from rights_line.channels import Channel
from rights_line.core import Inbound, Medium, Reply, ScreenId, conversation, limits
from rights_line.core.library import Library
from rights_line.core.limits import Allowance, apply_allowance, is_emergency
from rights_line.core.understanding.words.normalised_text import normalise_text
from rights_line.core.ussd import respond_ussd
from rights_line.core.voice import respond_voice
from rights_line.errors import BadRequestBody, Malformed, Unauthenticated
from rights_line.sessions import SessionStore
from rights_line.web.http import MAX_BODY_BYTES, MAX_CHAT_BYTES, PreparedResponse, read_body

# Media whose requests carry the state of the conversation: they need no session.
STATELESS: Mapping[Medium, Callable[[Inbound, Library, datetime], Reply]] = {
    Medium.USSD: respond_ussd,
    Medium.VOICE: respond_voice,
}

PLAIN_TEXT = "text/plain; charset=utf-8"

# Logged outcomes. They show that a limit is reached, but not by which sender; a reply without a
# session lists codes with the language word in front.
OUTCOMES = {Allowance.FULL: "answered", Allowance.SHORT: "short", Allowance.NONE: "withheld"}


class Webhooks:
    """The WSGI application at /inbound: GET or POST <channel>[/<token>].

    Attributes:
        fallbacks: channel name -> fallback response, in the channel's format, without a sender.
        count_answer: called with the channel and the screen of a full reply, and with whether it
            follows a number of a list; it returns at once.
            None if answers are not counted.
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
        self._library_over_limit = library.without_model
        self._sessions = sessions
        self._now = now
        self.count_answer: Callable[[str, ScreenId, bool], object] | None = None
        self._fallback = Reply(library.fallback, ends_session=True, closing=library.voice.fallback)
        self.fallbacks = {name: self._deliver_reply(name, self._fallback) for name in channels}
        self._not_found = helplines_page(library, 404)
        self._not_allowed = helplines_page(library, 405, {"Allow": "GET, POST"})

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name, slash, token = environ["PATH_INFO"].removeprefix("/").partition("/")
        if name not in self._channels or "/" in token or (slash and not token):
            response = self._not_found
        elif environ["REQUEST_METHOD"] not in ("GET", "POST"):
            response = self._not_allowed
        else:
            response = self.handle(Request(environ, populate_request=False), name, token)
        return response(environ, start_response)

    def handle(self, incoming: Request, name: str, token: str = "") -> PreparedResponse:
        """Return the response of a configured channel, and log the outcome.

        An unexpected error is answered with 200 as well: a provider stores the request of a failed
        webhook in its error log, and the sender receives nothing.
        """
        started = time.perf_counter()
        try:
            response, outcome = self._answer(incoming, name, token)
        except Unauthenticated:
            response, outcome = _REFUSED, "refused"
        except BadRequestBody:
            response, outcome = _BROKEN, "broken"
        except RequestEntityTooLarge:
            response, outcome = _TOO_LARGE, "too large"
        except Malformed:
            response, outcome = self.fallbacks[name], "malformed"
        except Exception as error:
            response, outcome = self.fallbacks[name], event_log.logged_error_class(error)
        event_log.log_event("inbound", name, outcome, 1000 * (time.perf_counter() - started))
        return response

    def _answer(self, incoming: Request, name: str, token: str) -> tuple[PreparedResponse, str]:
        channel = self._channels[name]
        is_chat = channel.media[0] is Medium.CHAT
        read_body(incoming, MAX_CHAT_BYTES if is_chat else MAX_BODY_BYTES)
        channel.authenticate(incoming, token)
        message = channel.receive(incoming)
        try:
            reply, outcome = self._reply(name, message)
            response = self._deliver_reply(name, reply, message.sender)
        except Exception as error:  # a provider may need the sender, whom `fallbacks` do not know
            response = self._deliver_reply(name, self._fallback, message.sender)
            return response, event_log.logged_error_class(error)
        if reply.screen and self.count_answer:
            with suppress(Exception):  # counting never breaks a reply
                self.count_answer(name, reply.screen, reply.follows_list)
        return response, outcome

    def _deliver_reply(self, name: str, reply: Reply, sender: str = "") -> PreparedResponse:
        return PreparedResponse.from_response(self._channels[name].deliver(reply, sender))

    def _reply(self, name: str, message: Inbound) -> tuple[Reply, str]:
        library, sessions = self._library, self._sessions
        if message.medium in STATELESS:
            reply = STATELESS[message.medium](message, library, self._now())
            return reply, OUTCOMES[Allowance.FULL]
        text = normalise_text(message.text, library.own_lines)
        counts = limits.counts_towards(message, text)
        session, allowance = sessions.open_message(name, message.sender, counts, message.id)
        if allowance > Allowance.FULL:
            library = self._library_over_limit
        tag = session.tag
        understood = conversation.understand(message, text, tag, library)
        has_memory = sessions.save(session, understood.tag)
        reply = conversation.reply(understood, message, library, self._now(), has_memory)
        if not reply.text:
            return reply, OUTCOMES[Allowance.FULL]
        if allowance > Allowance.FULL and is_emergency(understood.found, text, tag, library):
            allowance = sessions.allow_emergency(name, message.sender)
        outcome = OUTCOMES[allowance]
        if not has_memory and allowance < Allowance.NONE:
            outcome += " without session"
        return apply_allowance(reply, allowance, library), outcome


def helplines_page(
    library: Library, status: int, headers: Mapping[str, str] | None = None
) -> PreparedResponse:
    """Return the helplines as plain text with the status of an error."""
    page = Response(library.fallback, status, headers, content_type=PLAIN_TEXT)
    return PreparedResponse.from_response(page)


_REFUSED, _BROKEN, _TOO_LARGE = (
    PreparedResponse.from_response(Response(status=status)) for status in (403, 400, 413)
)
