"""An application with slow answers: `python -m tests.support.slow_application ADDRESS`."""

import sys
import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from rights_line import event_log
from rights_line.web.server import serve_app

SLOW = 1.0  # seconds
HANGS = 60.0  # seconds: longer than a test
LARGE = bytes(range(256)) * 20_000  # more than a socket holds


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer /slow after a second, /hang never, /large with 5 MB, and most others at once."""
    path = environ["PATH_INFO"]
    if path == "/hang":
        event_log.log_event("inbound", "hang", "begun", 0)
    time.sleep({"/slow": SLOW, "/hang": HANGS}.get(path, 0))
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return [LARGE if path == "/large" else b"done"]


if __name__ == "__main__":
    serve_app(application, {}, sys.argv[1])
