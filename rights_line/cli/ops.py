"""Commands for operators: doctor, fallback, purge-twilio, drill, sign-of-life."""

import getpass
import sys
from datetime import timedelta

import click

from rights_line import clock
from rights_line.channels import available
from rights_line.channels.twilio_sms import twiml
from rights_line.channels.twilio_voice import spoken_twiml
from rights_line.cli.command import Options
from rights_line.cli.terminal import progress
from rights_line.content.loader import ContentSources, build_library
from rights_line.ops import doctor
from rights_line.ops.data_request import data_held
from rights_line.ops.doctor.findings import Report
from rights_line.ops.purge import purge
from rights_line.ops.sign_of_life import sign_of_life
from rights_line.ops.twilio_api import twilio_client

COLOURS = {"ok": "green", "manual": "yellow", "fail": "red"}


def fallback(options: Options) -> int:
    """Print the static TwiML for a TwiML Bin, or the text for a proxy."""
    library = build_library(ContentSources(options.root))
    if options.text:
        print(library.fallback)
        return 0
    print(spoken_twiml(library.voice.fallback) if options.voice else twiml(library.fallback))
    return 0


def run_doctor(options: Options) -> int:
    """Check the deployment that the environment variables describe."""
    report = doctor.run_checks(options.environ)
    shown = Report(report.problems) if options.quiet else report
    for line in shown.lines():
        word, _, rest = line.partition(" ")
        click.echo(f"{click.style(word, COLOURS[word], bold=True)} {rest}")
    return 1 if report.problems else 0


def purge_twilio(options: Options) -> int:
    """Delete finished messages and calls at Twilio; return 0 if none is left."""
    before = clock.now() - timedelta(minutes=options.older_than)
    client = twilio_client(options.environ)
    with progress("Records", is_hidden=options.quiet) as advance:
        tally = purge(client, before, advance=advance)
    counts = f"deleted {tally.deleted}, not finished {tally.unfinished}, failed {tally.failed}"
    if not tally.is_clean:
        reason = f". The last failure: {tally.reason}" if tally.reason else ""
        print(f"{counts}; older records are left{reason}", flush=True)
        return 1
    if not options.quiet:
        print(counts, flush=True)
    return 0


def show_held(options: Options) -> int:
    """Print what is stored about a phone number, read from a prompt if not given."""
    number = " ".join(options.number)
    if not number:
        number = getpass.getpass("Number: ") if sys.stdin.isatty() else sys.stdin.readline()
    print("\n".join(data_held(options.environ, number, options.channel or available())))
    return 0


def show_sign_of_life(options: Options) -> int:
    """Print `alive` and the date in Norway if the line answers a message."""
    content = ContentSources(options.root).content
    emergency = content.contacts[content.country.helplines.emergency]
    if problem := sign_of_life(options.environ, emergency.number, options.url):
        print(problem, file=sys.stderr)
        return 1
    print(f"alive {clock.now():%Y-%m-%d}")
    return 0
