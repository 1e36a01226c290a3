"""Commands for who runs the line."""

import argparse
import getpass
import sys
from datetime import datetime, timedelta

from rights_line.channels import available
from rights_line.channels.twilio_sms import twiml
from rights_line.channels.twilio_voice import spoken_twiml
from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.opening_hours import OSLO
from rights_line.ops import doctor
from rights_line.ops.data_request import data_held
from rights_line.ops.doctor.report import Report
from rights_line.ops.purge import purge
from rights_line.ops.twilio_api import twilio_client

MOST_MINUTES = 5_256_000  # ten years


def fallback(options: argparse.Namespace) -> int:
    """Print what to put in a TwiML Bin."""
    library = build_library(ContentSources(ROOT))
    print(spoken_twiml(library.voice.fallback) if options.voice else twiml(library.fallback))
    return 0


def examine(options: argparse.Namespace) -> int:
    """Say whether the deployment that the environment describes keeps the promises."""
    found = doctor.run_checks(options.environ, ROOT)
    shown = Report(problems=found.problems) if options.quiet else found
    for line in shown.lines():
        print(line)
    return 1 if found.problems else 0


def purge_twilio(options: argparse.Namespace) -> int:
    """Delete finished messages and calls at Twilio; exit code 0: a look found none older."""
    before = datetime.now(OSLO) - timedelta(minutes=options.older_than)
    tally = purge(twilio_client(options.environ), before)
    counts = f"deleted {tally.deleted}, not finished {tally.unfinished}, failed {tally.failed}"
    if not tally.is_clean:
        print(f"{counts}; older records are left", flush=True)
        return 1
    if not options.quiet:
        print(counts, flush=True)
    return 0


def show_held(options: argparse.Namespace) -> int:
    """Say what is held about a number."""
    number = " ".join(options.number)
    if not number:
        number = getpass.getpass("Number: ") if sys.stdin.isatty() else sys.stdin.readline()
    print("\n".join(data_held(options.environ, number, options.channel or available())))
    return 0


def minutes(given: str) -> int:
    """Read how old something is; argparse shows the name of this function when it fails."""
    number = int(given)
    if not 0 <= number <= MOST_MINUTES:
        raise ValueError
    return number
