"""The section "Service": serve, fallback."""

from pathlib import Path

import click
from flask import Flask

from rights_line.channels import twilio_sms, twilio_voice
from rights_line.cli import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import open_texts
from rights_line.errors import ConfigurationError
from rights_line.settings import Settings
from rights_line.web.app import start_app
from rights_line.web.server import serve_app


@command("rights-line serve --listen 127.0.0.1:8000")
@click.option("--listen", metavar="ADDRESS", help="such as 127.0.0.1:8000 or [::]:8000")
@pass_invocation
def serve_command(given: Invocation, listen: str | None) -> int:
    """Serve the line over HTTP until SIGTERM.

    Listens on the socket that systemd passes, on ADDRESS, on PORT at all addresses, or on
    127.0.0.1:8000. On SIGTERM it drains: /healthz answers 503 for three seconds while messages are
    still answered, and the process ends within eight. TLS is the task of a proxy in front of it.
    """
    environ = given.environ
    port = environ.get("PORT")
    address = listen or (f"0.0.0.0:{port}" if port else "127.0.0.1:8000")
    try:
        app = start_app(environ)
        start_counting(app, Settings.from_environ(environ))
        serve_app(app, environ, address)
    except ConfigurationError as error:
        raise Refused(f"rights-line did not start. Fix:\n{error}") from None
    return 0


def start_counting(app: Flask, settings: Settings) -> None:
    """Start the metrics, and the counts by language and topic, if they are configured.

    The modules are imported only then, because every start waits for imports.
    """
    if settings.metrics:
        from rights_line.ops.monitoring import start_metrics

        start_metrics(settings.metrics, app.extensions["health"], settings.counts)
    if settings.counts:
        from rights_line.ops import counts

        count_answer = counts.start(Path(settings.counts), app.extensions["library"])
        app.extensions["webhooks"].count_answer = count_answer


@command("rights-line fallback --all")
@click.option("--voice", is_flag=True, help="TwiML for calls (default: for SMS)")
@click.option("--text", "as_text", is_flag=True, help="the helplines alone, for a proxy")
@click.option("--all", "both", is_flag=True, help="TwiML for SMS, then for calls, with titles")
@pass_invocation
def fallback_command(given: Invocation, voice: bool, as_text: bool, both: bool) -> int:
    """Print static TwiML with the helplines, for the provider's fallback URL."""
    library = open_texts(given, "approved")
    sms, calls = twilio_sms.twiml(library.fallback), twilio_voice.twiml(library.voice.fallback)
    if both:
        print(f"For SMS:\n{sms}\nFor calls:\n{calls}")
    else:
        print(library.fallback if as_text else calls if voice else sms)
    return 0
