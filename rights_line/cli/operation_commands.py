"""The section "Operations": doctor, sign-of-life, purge-twilio, drill."""

import getpass
import sys
from datetime import timedelta

import click

from rights_line import clock
from rights_line.channels import registered_channels
from rights_line.cli.group import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import open_built
from rights_line.ops import data_request, doctor, sign_of_life, twilio_account
from rights_line.ops.findings import Findings

_COLOURS = {"ok": "green", "manual": "yellow", "fail": "red"}
_MAX_MINUTES = 5_256_000  # ten years


@command("rights-line doctor")
@click.option("--quiet", is_flag=True, help="print problems only, for cron")
@pass_invocation
def doctor_command(given: Invocation, quiet: bool) -> int:
    """Check a deployment: channels, Redis, Twilio, contacts, approvals.

    Reads the environment variables of the deployment. Exits with 1 if there is a problem; each
    problem is printed with its fix.
    """
    found = doctor.run(given.environ)
    for line in (Findings(found.problems) if quiet else found).finding_lines():
        word, _, rest = line.partition(" ")
        click.echo(f"{click.style(word, _COLOURS[word], bold=True)} {rest}")
    return 1 if found.problems else 0


@command("rights-line sign-of-life")
@click.option(
    "--url", default="", metavar="URL", help="address to send it to, such as http://127.0.0.1:8000"
)
@pass_invocation
def sign_of_life_command(given: Invocation, url: str) -> int:
    """Send the line a message, and print `alive` and the date if it answers.

    Reads the environment variables of the deployment, signs the message as the provider does and
    sends it to RIGHTS_LINE_PUBLIC_URL. What it prints has the same length every day. Exits with 1
    if the line does not answer.
    """
    pages = open_built(given).pages
    emergency = pages.contacts[pages.country.helplines.emergency]
    if problem := sign_of_life.send(given.environ, emergency.number, url):
        raise Refused(problem)
    print(f"alive {clock.now():%Y-%m-%d}")
    return 0


@command("rights-line purge-twilio --older-than 30")
@click.option(
    "--older-than",
    type=click.IntRange(0, _MAX_MINUTES),
    required=True,
    metavar="MINUTES",
    help="delete records that are older than this",
)
@click.option("--quiet", is_flag=True, help="print only if records are left")
@pass_invocation
def purge_twilio_command(given: Invocation, older_than: int, quiet: bool) -> int:
    """Delete finished messages and calls at Twilio.

    Reads TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Exits with 1 if older records are left.
    """
    before = clock.now() - timedelta(minutes=older_than)
    tally = twilio_account.purge(twilio_account.twilio_client(given.environ), before)
    counts = f"deleted {tally.deleted}, not finished {tally.unfinished}, failed {tally.failed}"
    if not tally.is_clean:
        reason = f". The last failure: {tally.reason}" if tally.reason else ""
        print(f"{counts}; older records are left{reason}", flush=True)
        return 1
    if not quiet:
        print(counts, flush=True)
    return 0


@command("rights-line drill")
# Arguments are visible in `ps` and stay in the history of the shell.
@click.argument(
    "number",
    nargs=-1,
    metavar="[NUMBER]...",
    help="number such as +47...; if left out, the command asks for it, which keeps it out of the"
    " shell history",
)
@click.option(
    "--channel",
    "channels",
    multiple=True,
    type=click.Choice(registered_channels()),
    help="channel to search, repeatable (default: all)",
)
@pass_invocation
def drill_command(given: Invocation, number: tuple[str, ...], channels: tuple[str, ...]) -> int:
    """Print what is stored about a phone number, to answer a legal demand.

    Reads REDIS_URL and RIGHTS_LINE_SECRET of the deployment, and changes nothing.
    """
    written = " ".join(number)
    if not written:
        written = getpass.getpass("Number: ") if sys.stdin.isatty() else sys.stdin.readline()
    print(*data_request.answer(given.environ, written, channels or registered_channels()), sep="\n")
    return 0
