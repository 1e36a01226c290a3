"""The command that serves the line."""

import argparse

from rights_line.web.server import serve
from rights_line.web.startup import start_app


def run(options: argparse.Namespace) -> int:
    """Serve the line until SIGTERM."""
    environ = options.environ
    port = environ.get("PORT")
    address = options.listen or (f"0.0.0.0:{port}" if port else "127.0.0.1:8000")
    serve(start_app(environ), environ, address)
    return 0
