"""The web server: gateways in front, Flask for all else, and a last resort around both."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response

from rights_line.channels import Channel
from rights_line.core.library import Library
from rights_line.core.opening_hours import OSLO
from rights_line.errors import BadRequestBody
from rights_line.sessions import SessionStore
from rights_line.web.fallback import PreparedResponse, fallback_middleware
from rights_line.web.process import DRAINING
from rights_line.web.request_body import MAX_BODY_BYTES, read_body
from rights_line.web.security_headers import add_security_headers
from rights_line.web.webhooks import Webhooks

PLAIN = "text/plain; charset=utf-8"

Health = Callable[[], Mapping[str, Any]]


def build_app(
    channels: Mapping[str, Channel],
    library: Library,
    sessions: SessionStore,
    health: Health,
    now: Callable[[], datetime] = lambda: datetime.now(OSLO),
) -> Flask:
    """Return the server, from parts that are made and sound; `health` returns the report."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # What breaks is answered by `never_silent`, and Flask must not write it into a log first.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    # No other method is answered, and no other address redirected.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    gateways = app.extensions["gateways"] = Webhooks(channels, library, sessions, now)
    page = add_security_headers(Response(library.fallback, status=500, content_type=PLAIN))
    served = gateways.middleware(app.wsgi_app)
    answers = fallback_middleware(served, gateways.fallbacks, PreparedResponse.from_response(page))
    app.wsgi_app = answers  # type: ignore[method-assign, assignment]

    @app.after_request
    def add_headers(response: Response) -> Response:
        """Say which methods there are to whoever asked by another, and put the headers on."""
        refused = request.routing_exception
        if isinstance(refused, MethodNotAllowed):
            response.allow.update(refused.valid_methods or ())
        return add_security_headers(response)

    @app.route("/inbound/<name>", methods=["GET", "POST"])
    @app.route("/inbound/<name>/<token>", methods=["GET", "POST"])
    def inbound(name: str, token: str = "") -> Response:
        """Answer what is a gateway's, however its address is written."""
        if name not in channels:
            raise NotFound
        return gateways.answer(request, name, token)

    @app.before_request
    def read_body_first() -> None:
        if request.endpoint != "inbound":
            read_body(request)

    @app.get("/healthz")
    def healthz() -> Any:
        """Report; 503 while draining, and with `?strict` on any problem."""
        report = dict(health())
        is_draining = request.environ.get(DRAINING, False)
        if is_draining:
            report["status"] = "draining"
        fails = is_draining or ("strict" in request.args and report.get("problems"))
        return report, 503 if fails else 200

    @app.errorhandler(HTTPException)
    def error_page(error: HTTPException) -> Response:
        """Say the helplines on an error page too."""
        return Response(library.fallback, status=error.code, content_type=PLAIN)

    @app.errorhandler(BadRequestBody)
    def broken(error: BadRequestBody) -> Response:
        return error_page(BadRequest())

    return app
