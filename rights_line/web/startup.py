"""Start the application, with warnings: what the operator should fix, but what stops no start."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from typing import Any

from flask import Flask

from rights_line.channels import all_variables
from rights_line.sessions.redis_client import UnusableRedis, redis_client_factory
from rights_line.sessions.redis_store import RedisSessionStore
from rights_line.settings import redis_url
from rights_line.settings.variable import variable_warnings
from rights_line.web.app import create_app
from rights_line.web.process import release_free_memory

_TIMEOUT = 0.5  # seconds by which the check of Redis may delay the start


def start_app(environ: Mapping[str, str]) -> Flask:
    """Build the application and print the warnings; it raises what `create_app` does."""
    print_warnings(environ)  # first: a warning may explain why the line does not start
    app = create_app(environ)
    release_free_memory()
    print_problems(app.config["PROBLEMS"])
    return app


def print_warnings(environ: Mapping[str, str]) -> None:
    """Print a warning for each suspicious variable, and for a Redis that cannot be used."""
    with suppress(ValueError):  # create_app rejects a REDIS_URL that is not a URL
        transport = redis_url.transport_problems(environ.get("REDIS_URL") or "unix://")
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
    if url and (error := redis_error(redis_client_factory(url))):
        yield (
            f"REDIS_URL must lead to a Redis that the line may use, got {error}. The line starts "
            "and replies without sessions, so codes need the language word, until Redis can be "
            "used. Run `rights-line doctor` for details."
        )


def redis_error(connect: Callable[[], Any]) -> str:
    """Return the class of the error with which Redis fails, or "" if it can be used.

    The check opens and closes its own connection, because the server may fork afterwards.
    """
    errors = ["TimeoutError"]
    thread = threading.Thread(target=lambda: errors.append(_redis_probe(connect)), daemon=True)
    thread.start()
    thread.join(_TIMEOUT)  # a name lookup has no timeout of its own
    return errors[-1]


def _redis_probe(connect: Callable[[], Any]) -> str:
    try:
        with closing(connect()) as client:
            RedisSessionStore(lambda: client, secret="").probe()
    except UnusableRedis as error:
        return str(error)
    except Exception as error:  # the message may quote REDIS_URL
        return type(error).__name__
    return ""
