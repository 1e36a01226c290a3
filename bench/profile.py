"""Where the CPU time of one SMS goes: the application in process, without a server."""

import cProfile
import io
import os
import pstats
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from itertools import islice
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder

from bench.kinds import ENVIRON
from bench.requests import SMS
from rights_line import event_log
from tests.support.servers import RedisServer

_WARM_UP, _REQUESTS, _LINES = 256, 4096, 25


def print_profile() -> None:
    """Print the functions that take the most CPU time, without and with what they call."""
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder))
        redis.start()
        try:
            os.environ |= ENVIRON | {"REDIS_URL": redis.url}
            profile = _profile()
        finally:
            redis.stop()
    print(f"{_REQUESTS} SMS; the profiler adds to each call, so read shares, not times.")
    statistics = pstats.Stats(profile).strip_dirs()
    for order in ("tottime", "cumtime"):
        statistics.sort_stats(order).print_stats(_LINES)


def _profile() -> cProfile.Profile:
    from app import app  # after the environment is set

    environs = _environs()
    profile = cProfile.Profile(time.thread_time)  # the time that waits for Redis does not count
    with _quiet():
        for environ in islice(environs, _WARM_UP):
            _answer(app, environ)
        plain, profiled = (list(islice(environs, _REQUESTS)) for _ in range(2))
        begun = time.thread_time()
        for environ in plain:
            _answer(app, environ)
        taken = time.thread_time() - begun
        for environ in profiled:
            profile.runcall(_answer, app, environ)
    print(f"{1000 * taken / _REQUESTS:.2f} ms of CPU time per SMS, without server and log.")
    return profile


@contextmanager
def _quiet() -> Iterator[None]:
    """Discard the log of events."""
    with open(os.devnull, "w") as sink, redirect_stderr(sink):
        yield
        event_log.LINES.flush_event_lines()


def _answer(app: Any, environ: dict[str, Any]) -> None:
    statuses: list[str] = []
    body = b"".join(app(environ, lambda status, *_: statuses.append(status)))
    if statuses != ["200 OK"] or b"<Message>" not in body:
        raise RuntimeError(f"wrong response: {statuses}")


def _environs() -> Iterator[dict[str, Any]]:
    """Yield WSGI environments of the requests that wrk would send."""
    for request in SMS.requests():
        head, _, body = request.partition(b"\r\n\r\n")
        start, *headers = head.decode().split("\r\n")
        environ = EnvironBuilder(
            method="POST",
            path=start.split()[1],
            headers=[tuple(header.split(": ", 1)) for header in headers],  # type: ignore[misc]
            input_stream=io.BytesIO(body),
        ).get_environ()
        yield environ | {"REQUEST_URI": start.split()[1]}
