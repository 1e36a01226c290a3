"""An application with slow answers: `python -m tests.support.slow_application ADDRESS LONG`.

LONG: seconds of one answer after which another thread runs the loop.
"""

import sys
import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from rights_line.content.files.model_file import BEFORE_RUN
from rights_line.web.server import serve_app
from rights_line.web.serving import relay

SLOW = 1.0  # seconds
LARGE = bytes(range(256)) * 20_000  # more than a socket holds


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer /slow and /model after a second, /large with 5 MB, and most others at once."""
    path = environ["PATH_INFO"]
    if path == "/raises":
        raise RuntimeError
    if path == "/model":
        for call in BEFORE_RUN:
            call()
    if path in ("/slow", "/model"):
        time.sleep(SLOW)
    bodies = {"/large": [LARGE], "/parts": [b"one ", b"two"], "/breaks": _broken_body()}
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return bodies.get(path, [b"done"])


def _broken_body() -> Iterable[bytes]:
    yield b"one "
    raise RuntimeError


if __name__ == "__main__":
    relay.LONG = float(sys.argv[2])
    serve_app(application, {}, sys.argv[1])
