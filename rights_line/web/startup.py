"""Put the parts together, or say everything that is wrong at once."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from flask import Flask

from rights_line.channels import load_channels
from rights_line.content.loader import ContentSources, build_library
from rights_line.content.site import Site
from rights_line.core.library import Library
from rights_line.core.opening_hours import OSLO
from rights_line.core.rate_limit import Limits
from rights_line.errors import ConfigurationError, Problem
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.sessions.redis_client import client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.sessions.redis_url import transport_faults
from rights_line.sessions.start_check import start_error
from rights_line.settings import (
    Settings,
    language_problems,
    number_problems,
    split_list,
    variable_warnings,
)
from rights_line.web.app import build_app
from rights_line.web.health import Facts, Health
from rights_line.web.pages.blueprint import pages
from rights_line.web.published_numbers import unanswered
from rights_line.web.security_headers import with_hsts

ROOT = Path(__file__).parent.parent.parent

Made = TypeVar("Made")


def create_app(environ: Mapping[str, str], root: Path = ROOT) -> Flask:
    """Return the server that the environment describes.

    Raises:
        Refused: with every fault in the variables, the content and the catalogs.
    """
    faults: list[Problem] = []
    settings = _collect(lambda: Settings.from_environ(environ), faults)
    channels = _collect(lambda: load_channels(split_list(environ, "CHANNELS"), environ), faults)
    sources = _collect(lambda: ContentSources(root), faults)
    if sources:
        spoken = [tag for tag, tongue in sources.languages.items() if tongue.has_texts]
        faults += language_problems(environ, spoken)
        faults += number_problems(environ, sources.content.contacts.values())
    if faults or not (settings and channels and sources):
        raise ConfigurationError(faults)
    library = build_library(sources, settings.serve, settings.languages, settings.audio_url)
    site = make_site(settings, sources, library, tries="try_it" in channels)
    known = facts(sources, library.editions, unanswered(environ, channels))
    sessions = open_sessions(settings)
    app = build_app(channels, library, sessions, Health(known, sessions).report)
    app.config["CHANNELS"] = list(channels)
    app.config["ONE_PROCESS"] = not settings.redis_url  # gunicorn.conf.py reads it
    app.config["PROBLEMS"] = known.problems  # `warn` writes them
    app.register_blueprint(pages(site))
    if settings.hsts is not None:
        app.wsgi_app = with_hsts(app.wsgi_app, settings.hsts)  # type: ignore[method-assign, assignment]
    return app


def print_warnings(environ: Mapping[str, str]) -> None:
    """Report the settings that the operator should fix, but that stop no start."""
    with suppress(ValueError):  # a REDIS_URL that is not a URL is refused by create_app
        transport = transport_faults(environ.get("REDIS_URL") or "unix://")
        report([*variable_warnings(environ), *map(str, transport), *_redis_problems(environ)])


def report(problems: Iterable[str]) -> None:
    """Write problems to standard error, a line each; a log that is full stops no start."""
    with suppress(OSError, ValueError):
        for problem in problems:
            sys.stderr.write(f"rights-line: {problem}\n")


def _redis_problems(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence if Redis cannot be used now; no part of REDIS_URL is shown."""
    url = environ.get("REDIS_URL")
    if url and (error := start_error(client_factory(url))):
        yield (
            f"REDIS_URL must lead to a Redis that the line may use, got {error}. The line starts "
            "and replies without sessions, so codes need the language word, until Redis can be "
            "used. `rights-line doctor` says more."
        )


def make_site(
    settings: Settings, sources: ContentSources, library: Library, tries: bool = False
) -> Site:
    """Return what pages and cards are made of."""
    return Site(
        library,
        sources,
        lambda: datetime.now(OSLO),
        settings.number,
        settings.ussd,
        settings.public_url,
        tries,
    )


def open_sessions(settings: Settings) -> SessionStore:
    """Return where tags and counts are kept; nothing is connected to yet."""
    limits = Limits(settings.hourly, settings.daily)
    if settings.redis_url:
        return RedisSessionStore(client_factory(settings.redis_url), settings.secret, limits=limits)
    return MemorySessionStore(limits=limits)


def facts(sources: ContentSources, tags: Iterable[str], shown: Iterable[Problem] = ()) -> Facts:
    """Return what /healthz reports of texts and settings.

    Args:
        sources: the texts.
        tags: the languages that are offered: of these a lost approval is a problem.
        shown: faults of the numbers that pages and cards show.
    """
    states = {
        tag: "approved" if sources.is_approved(tag) else "draft"
        for tag, tongue in sources.languages.items()
        if tongue.has_texts
    }
    problems = tuple(map(str, (*shown, *sources.lost_approvals(tags))))
    return Facts(states, tuple(sources.content.contacts.values()), problems)


def _collect(make: Callable[[], Made], faults: list[Problem]) -> Made | None:
    try:
        return make()
    except ConfigurationError as refused:
        faults += refused.problems
        return None
