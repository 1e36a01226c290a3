"""The command that serves the line."""

from pathlib import Path

from flask import Flask

from rights_line.cli.command import Options
from rights_line.settings import Settings
from rights_line.web.server import serve
from rights_line.web.startup import start_app


def run(options: Options) -> int:
    """Serve the line until SIGTERM."""
    environ = options.environ
    port = environ.get("PORT")
    address = options.listen or (f"0.0.0.0:{port}" if port else "127.0.0.1:8000")
    app = start_app(environ)
    start_counting(app, Settings.from_environ(environ))
    serve(app, environ, address)
    return 0


def start_counting(app: Flask, settings: Settings) -> None:
    """Start the metrics, and the counts by language and topic, if they are configured.

    The modules are imported only then, because every start waits for imports.
    """
    if settings.metrics:
        from rights_line.ops.metrics import start_metrics

        start_metrics(settings.metrics, app.config["CHANNELS"], app.extensions["health"])
    if settings.counts:
        from rights_line.ops.counts import start_counts

        count_answer = start_counts(Path(settings.counts), app.extensions["library"])
        app.extensions["webhooks"].count_answer = count_answer
