"""The section "Report": report."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from rights_line import clock
from rights_line.cli.group import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import open_built, write_output
from rights_line.ops import counts as counts_file
from rights_line.ops import report_page
from rights_line.ops.counts import Counts
from rights_line.ops.report_logs import DailyMessages, Quarter
from rights_line.ops.report_page import chart_svg, report_html
from rights_line.ops.report_tables import Table, answer_tables, message_tables, table_row_names

_FORMATS: dict[str, Callable[[str, Sequence[Table]], str]] = {
    ".svg": chart_svg,
    ".html": report_html,
}


def _parse_file(name: str) -> Path:
    if (path := Path(name)).suffix in _FORMATS:
        return path
    raise click.BadParameter(f'must end in .svg or .html, got "{name}"')


@command(
    "rights-line report one.log other.log --quarter 2026-Q4",
    "rights-line report - --out report.html < line.log",
)
@click.argument(
    "logs", nargs=-1, required=True, metavar="LOG...", help="log files; - for standard input"
)
@click.option("--counts", metavar="FILE", help="file of counts (default: RIGHTS_LINE_COUNTS)")
@click.option(
    "--quarter",
    default="",
    metavar="YYYY-QN",
    help="such as 2026-Q4 (default: the last one that is over)",
)
@click.option(
    "--out",
    type=_parse_file,
    metavar="FILE",
    help="FILE.svg for the chart, FILE.html for the page with chart, tables and glossary",
)
@pass_invocation
def report_command(
    given: Invocation, logs: tuple[str, ...], counts: str | None, quarter: str, out: Path | None
) -> int:
    """Make the report of a quarter for those who pay for the line.

    Counts messages per month and channel in the logs, whose lines must begin with date and time,
    and answers by language, topic and helpline in the file of RIGHTS_LINE_COUNTS. Every number is a
    whole ten. Without --out it prints text.
    """
    reported = Quarter.parse(quarter, clock.today())
    file = counts or given.environ.get("RIGHTS_LINE_COUNTS")
    try:
        messages = _read_logs(logs)
        answers: Counts = counts_file.read(Path(file)) if file else {}
        _print_gaps(messages, reported, answers)
        names = table_row_names(open_built(given))
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from None
    months, days = message_tables(messages.messages, reported)
    tables = [months, *answer_tables(answers.get(str(reported), {}), names), days]
    title = f"Report of {reported}: {reported.dates}"
    written = (_FORMATS[out.suffix] if out else report_page.text)(title, tables)
    if out:
        write_output(out, written.encode())
    else:
        print(written, end="")
    return 0


def _read_logs(logs: Sequence[str]) -> DailyMessages:
    messages = DailyMessages()
    for name in logs:
        if name == "-":
            messages.read(sys.stdin)
        else:
            with open(name, encoding="utf-8", errors="replace") as lines:
                messages.read(lines)
    return messages


def _print_gaps(messages: DailyMessages, quarter: Quarter, counts: Counts) -> None:
    """Warn of all that is missing, so that an incomplete report is not published."""
    if messages.undated:
        fix = "use `journalctl -o short-iso`"
        print(f"warning: {messages.undated} messages have no date: {fix}", file=sys.stderr)
    first, last = messages.days or (None, None)
    if first is None or last is None or first > quarter.days[0] or last < quarter.days[-1]:
        found = f"from {first} to {last}" if first else "without a dated line"
        whole = f"{quarter.days[0]} to {quarter.days[-1]}"
        print(f"warning: the logs must cover {whole}, got logs {found}", file=sys.stderr)
    if str(quarter) not in counts:
        print(f"warning: there are no counts of answers for {quarter}", file=sys.stderr)
