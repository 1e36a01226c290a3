"""The application: the webhooks at /inbound, and Flask for web pages and /healthz.

`create_app` builds it from the environment, `build_app` from parts that exist already.
"""

import gc
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from rights_line import clock
from rights_line.channels import CALLS, SIMULATOR, Channel, load_channels
from rights_line.core.library import Library
from rights_line.core.limits import Limits
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import location, model_file
from rights_line.library.assembly import library_of, reader_of
from rights_line.library.location import choices_of
from rights_line.library.schema import Built, Choices
from rights_line.library.site import Site
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import redis_client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.settings import Settings, number_setting_problems
from rights_line.settings.variable import variable_list
from rights_line.web import http
from rights_line.web.health import (
    Health,
    HealthReport,
    print_report,
    print_warnings,
    unanswered,
)
from rights_line.web.http import MAX_BODY_BYTES
from rights_line.web.pages import pages_blueprint
from rights_line.web.process import DRAINING, release_free_memory, without_collector
from rights_line.web.webhooks import PLAIN_TEXT, Webhooks, helplines_page

T = TypeVar("T")


def start_app(environ: Mapping[str, str]) -> Flask:
    """Build the application and print the warnings; it raises what `create_app` does."""
    print_warnings(environ)  # first: a warning may explain why the line does not start
    with without_collector():
        app = create_app(environ)
        gc.freeze()  # else the next collection would examine all of it
    release_free_memory()
    print_report(app.extensions["health"])
    return app


def create_app(environ: Mapping[str, str]) -> Flask:
    """Build the application that the environment describes.

    Raises:
        ConfigurationError: with every problem in the variables, the content and the catalogs.
    """
    problems: list[Problem] = []
    languages = variable_list(environ, "RIGHTS_LINE_LANGUAGES")
    settings = _collect_problems(lambda: Settings.from_environ(environ), problems)
    channels = _collect_problems(
        lambda: load_channels(variable_list(environ, "CHANNELS"), environ), problems
    )
    # Without settings, for the problems of the texts alone.
    choices = choices_of(settings) if settings else Choices("approved", languages)
    served = _collect_problems(lambda: location.open(environ, choices), problems)
    if served:
        problems += number_setting_problems(environ, served.built.pages.contacts.values())
    if problems or not (settings and channels and served):
        raise ConfigurationError(problems)
    model_file.prepare(served.built.model)
    with ThreadPoolExecutor(1) as pool:  # ONNX Runtime reads while the tables are filled
        loading = pool.submit(served.load_model)
        library = library_of(served.built)
    model = loading.result()
    library = replace(library, reader=reader_of(served.built, model.model))
    found = [*map(str, unanswered(environ, channels)), model.problem]
    health = Health.of_texts(served, filter(None, found))
    sessions = open_app_sessions(settings)
    app = build_app(channels, library, sessions, lambda: health.report(sessions, clock.now()))
    app.config["CHANNELS"] = list(channels)
    site = build_site(settings, served.built, library, channels)
    app.register_blueprint(pages_blueprint(site))
    return app


def _collect_problems(build: Callable[[], T], problems: list[Problem]) -> T | None:
    try:
        return build()
    except ConfigurationError as error:
        problems += error.problems
        return None


def build_site(
    settings: Settings, built: Built, library: Library, channels: Collection[str]
) -> Site:
    """Return the data that web pages and cards are rendered from."""
    return Site(
        library,
        built.pages,
        built.state.languages,
        clock.now,
        settings.number,
        settings.ussd,
        settings.public_url,
        has_simulator=SIMULATOR in channels,
        takes_calls=CALLS in channels,
    )


def open_app_sessions(settings: Settings) -> SessionStore:
    """Return the store for tags and rate limits; it does not connect yet."""
    limits = Limits(settings.hourly, settings.daily)
    if settings.redis_url:
        return RedisSessionStore(
            redis_client_factory(settings.redis_url), settings.secret, limits=limits
        )
    return MemorySessionStore(limits=limits)


def build_app(
    channels: Mapping[str, Channel],
    library: Library,
    sessions: SessionStore,
    health: HealthReport,
    now: Callable[[], datetime] = clock.now,
) -> Flask:
    """Build the application from its parts, without web pages; `now` is an aware clock."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # `http.middleware` answers an exception; Flask would log it, with the request in it.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    # OPTIONS is not supported, and no URL redirects to another.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    webhooks = app.extensions["webhooks"] = Webhooks(channels, library, sessions, now)
    app.extensions["health"], app.extensions["library"] = health, library
    app.wsgi_app = http.middleware(  # type: ignore[method-assign, assignment]
        DispatcherMiddleware(app.wsgi_app, {"/inbound": webhooks}),
        webhooks.fallbacks,
        helplines_page(library, 500),
    )
    _add_healthz(app, health)

    @app.errorhandler(HTTPException)
    def app_error_page(error: HTTPException) -> Response:
        return Response(library.fallback, status=error.code, content_type=PLAIN_TEXT)

    @app.after_request
    def add_app_headers(response: Response) -> Response:
        """Add the security headers, and to a 405 the methods that are allowed."""
        error = request.routing_exception
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        for name, value in http.HEADERS.items():  # a web page has its own policy
            response.headers.setdefault(name, value)
        return response

    return app


def _add_healthz(app: Flask, health: HealthReport) -> None:
    @app.get("/healthz")
    def app_health() -> Any:
        """Return the report; 503 while draining, and with `?strict` on any problem."""
        report = dict(health())
        is_draining = request.environ.get(DRAINING, False)
        if is_draining:
            report["status"] = "draining"
        fails = is_draining or ("strict" in request.args and report.get("problems"))
        return report, 503 if fails else 200
