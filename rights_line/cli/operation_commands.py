"""The sections "Operations" and "Report": doctor, sign-of-life, purge-twilio, drill, report."""

import getpass
import sys
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import click

from rights_line import clock
from rights_line.cli import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import open_built
from rights_line.ops import Findings, data_request, doctor, monitoring, report, twilio_account
from rights_line.ops import counts as counts_file
from rights_line.ops.report_logs import DailyMessages, Quarter

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
    if problem := monitoring.send_sign_of_life(given.environ, emergency.number, url):
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
@pass_invocation
def drill_command(given: Invocation, number: tuple[str, ...]) -> int:
    """Print what is stored about a phone number, to answer a legal demand.

    Reads REDIS_URL and RIGHTS_LINE_SECRET of the deployment, and changes nothing.
    """
    written = " ".join(number)
    if not written:
        written = getpass.getpass("Number: ") if sys.stdin.isatty() else sys.stdin.readline()
    print(*data_request.answer(given.environ, written), sep="\n")
    return 0


@command("rights-line report - --quarter 2026-Q3 --out report.html < line.log")
@click.argument(
    "logs",
    nargs=-1,
    required=True,
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="LOG...",
    help="log files; - for standard input",
)
@click.option(
    "--quarter",
    default="",
    metavar="YYYY-QN",
    help="such as 2026-Q3 (default: the last one that ended two days ago or earlier)",
)
@click.option(
    "--out",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    metavar="FILE.html",
    help="file to write (default: standard output)",
)
@pass_invocation
def report_command(given: Invocation, logs: tuple[TextIO, ...], quarter: str, out: TextIO) -> int:
    """Make the report of a quarter for those who pay for the line.

    Counts messages per month and channel in the logs, whose lines must begin with date and time,
    and answers by language, topic and helpline in the file of RIGHTS_LINE_COUNTS. Every number is a
    whole ten. It is a web page with tables and a glossary.
    """
    reported = Quarter.parse(quarter, clock.today())
    file = Path(given.environ.get("RIGHTS_LINE_COUNTS", ""))
    messages = DailyMessages()
    for log in logs:
        messages.read(log)
    try:
        answers = counts_file.read(file) if file.is_file() else {}  # the line makes it at midnight
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from None
    counted = answers.get(str(reported))
    _print_gaps(messages, reported, counted is not None)
    tables = report.message_tables(messages.messages, reported)
    if counted is not None:
        tables[1:1] = report.answer_tables(counted, report.table_row_names(open_built(given)))
    out.write(report.report_html(f"Report of {reported}: {reported.dates}", tables))
    return 0


def _print_gaps(messages: DailyMessages, quarter: Quarter, has_counts: bool) -> None:
    """Warn of all that is missing, so that an incomplete report is not published."""
    if messages.undated:
        fix = "use `journalctl -o short-iso`"
        print(f"warning: {messages.undated} messages have no date: {fix}", file=sys.stderr)
    first, last = quarter.days[0], quarter.days[-1]
    if not messages.days or messages.days[0] > first or messages.days[1] < last:
        found = "from {} to {}".format(*messages.days) if messages.days else "without a dated line"
        whole = f"{first} to {last}"
        print(f"warning: the logs must cover {whole}, got logs {found}", file=sys.stderr)
    if not has_counts:
        print(f"warning: there are no counts of answers for {quarter}", file=sys.stderr)
