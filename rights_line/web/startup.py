"""Start the application, with warnings: what the operator should fix, but what stops no start."""

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from flask import Flask

from rights_line.channels import all_variables
from rights_line.sessions.redis.client import client_factory
from rights_line.sessions.redis.redis_url import transport_problems
from rights_line.sessions.redis.start_check import start_error
from rights_line.settings.variable import variable_warnings
from rights_line.web.app import create_app


def start_app(environ: Mapping[str, str]) -> Flask:
    """Build the application and print the warnings.

    Raises:
        ConfigurationError: with every problem in the variables, the content and the catalogs.
    """
    print_warnings(environ)  # first: a warning may explain why the line does not start
    gc.disable()  # a sixth of the start, for nothing: what is made now lives as long as the process
    try:
        app = create_app(environ)
    finally:
        gc.freeze()
        gc.enable()
    print_problems(app.config["PROBLEMS"])
    return app


def print_warnings(environ: Mapping[str, str]) -> None:
    """Print a warning for each suspicious variable, and for a Redis that cannot be used."""
    with suppress(ValueError):  # create_app rejects a REDIS_URL that is not a URL
        transport = transport_problems(environ.get("REDIS_URL") or "unix://")
        warnings = variable_warnings(environ, all_variables())
        print_problems([*warnings, *map(str, transport), *_redis_warning(environ)])


def print_problems(problems: Iterable[str]) -> None:
    """Print each problem on a line of standard error; a log that is full stops no start."""
    with suppress(OSError, ValueError):
        for problem in problems:
            sys.stderr.write(f"rights-line: {problem}\n")


def _redis_warning(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence if Redis cannot be used now; it contains no part of REDIS_URL."""
    url = environ.get("REDIS_URL")
    if url and (error := start_error(client_factory(url))):
        yield (
            f"REDIS_URL must lead to a Redis that the line may use, got {error}. The line starts "
            "and replies without sessions, so codes need the language word, until Redis can be "
            "used. Run `rights-line doctor` for details."
        )
