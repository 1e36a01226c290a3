"""The web server: gather, decide, apply. Whatever breaks, a person still gets the helplines."""

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from rights_line import logs
from rights_line.channels import Channel
from rights_line.core.budget import Answer, afforded, expects_answer, is_emergency
from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.ussd import dial
from rights_line.core.voice import speak
from rights_line.draining import DRAINING
from rights_line.errors import Broken, Malformed, Unauthenticated
from rights_line.headers import HEADERS
from rights_line.last_resort import Ready, never_silent
from rights_line.sessions import Sessions

OSLO = ZoneInfo("Europe/Oslo")
LARGEST = 16 * 1024  # bytes of a body: Twilio's longest SMS, percent-encoded, is 15 KiB
PLAIN = "text/plain; charset=utf-8"

Health = Callable[[], Mapping[str, Any]]

# What answers where every request brings with it all that is to be known: nothing is kept.
STATELESS: Mapping[Medium, Callable[[Inbound, Library, datetime], Reply]] = {
    Medium.USSD: dial,
    Medium.VOICE: speak,
}


def build_app(
    channels: Mapping[str, Channel],
    library: Library,
    sessions: Sessions,
    health: Health,
    now: Callable[[], datetime] = lambda: datetime.now(OSLO),
) -> Flask:
    """Return the server, from parts that are made and sound."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    # What breaks is answered by `never_silent`, and Flask must not write it into a log first.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    # No other method is answered, and no other address redirected.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    last_resort = Reply(library.last_resort, ends=True, farewell=library.call.last_resort)
    last_resorts = {
        name: Ready.made_of(protect(channel.deliver(last_resort)))
        for name, channel in channels.items()
    }
    page = protect(Response(library.last_resort, status=500, content_type=PLAIN))
    answers = never_silent(app.wsgi_app, last_resorts, Ready.made_of(page))
    app.wsgi_app = answers  # type: ignore[method-assign, assignment]
    app.after_request(protect)

    def inbound(incoming: Request, name: str, token: str) -> Response:
        channel = channels[name]
        _take_body(incoming)
        channel.authenticate(incoming, token)
        message = channel.receive(incoming)
        if message.medium in STATELESS:
            return channel.deliver(STATELESS[message.medium](message, library, now()))
        session = sessions.load(name, message.sender, expects_answer(message, library))
        reply, tag = respond(message, session.tag, library, now(), session.remembers)
        if not sessions.save(session, tag) and session.remembers:
            reply, _ = respond(message, session.tag, library, now(), remembers=False)
        may = session.may
        if may > Answer.FULL and reply.text and is_emergency(message.text, session.tag, library):
            may = sessions.urgent(name, message.sender)
        return channel.deliver(afforded(reply, may, library))

    @app.route("/inbound/<name>", methods=["GET", "POST"])
    @app.route("/inbound/<name>/<token>", methods=["GET", "POST"])
    def watched(name: str, token: str = "") -> Response:
        if name not in channels:
            raise NotFound
        begun = time.perf_counter()
        incoming = request._get_current_object()  # type: ignore[attr-defined]  # not by proxy: faster
        answer, outcome = _outcome(lambda: inbound(incoming, name, token), last_resorts[name])
        logs.event("inbound", name, outcome, 1000 * (time.perf_counter() - begun))
        return answer

    @app.before_request
    def take_others() -> None:
        if request.endpoint != "watched":
            _take_body(request)

    @app.get("/healthz")
    def healthz() -> Any:
        drains = request.environ.get(DRAINING, False)
        status = "draining" if drains else "ok"
        return {"status": status, "redis": sessions.state(), **health()}, 503 if drains else 200

    @app.errorhandler(HTTPException)
    def no_page(error: HTTPException) -> Response:
        """Say the helplines on an error page too."""
        return Response(library.last_resort, status=error.code, content_type=PLAIN)

    @app.errorhandler(Broken)
    def broken(error: Broken) -> Response:
        return no_page(BadRequest())

    return app


def protect(response: Response) -> Response:
    """Put the headers on an answer, whatever it is."""
    response.headers.update(HEADERS)
    return response


def _outcome(answer: Callable[[], Response], last_resort: Ready) -> tuple[Response, str]:
    """Return an answer and how it went. What breaks is answered too, with 200: a provider keeps
    the request of a webhook that failed, and the person hears nothing."""
    try:
        return answer(), "answered"
    except Unauthenticated:
        return Response(status=403), "refused"
    except Broken:
        return Response(status=400), "broken"
    except RequestEntityTooLarge:
        return Response(status=413), "too large"
    except Malformed:
        return last_resort.response(), "malformed"
    except Exception as error:
        return last_resort.response(), logs.class_name(error)


def _take_body(incoming: Request) -> None:
    """Read the body, whole: werkzeug takes what was cut off, or has no length, for a shorter one.

    Raises:
        RequestEntityTooLarge: it is longer than any message; the rest is not read.
        Broken: it ends before its end, takes too long, or is badly chunked.
    """
    length, most = incoming.content_length, LARGEST + 1
    if length is None and "Transfer-Encoding" not in incoming.headers:
        return
    if length is not None and length > LARGEST:
        raise RequestEntityTooLarge
    try:
        body = incoming.environ["wsgi.input"].read(most if length is None else length)
    except Exception:  # of the server's own kinds
        raise Broken from None
    if len(body) == most:
        raise RequestEntityTooLarge
    if length not in (None, len(body)):
        raise Broken
    incoming.environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def days_since(day: date) -> int:
    """Return how many days ago a day was, in Norway."""
    return (datetime.now(OSLO).date() - day).days
