"""The command that makes the report for those who pay for the line."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rights_line import clock
from rights_line.cli.command import Options
from rights_line.cli.output import write_output
from rights_line.content.loader import ContentSources
from rights_line.ops.counts_file import Counts, read_counts
from rights_line.ops.report.chart import svg
from rights_line.ops.report.logs import DailyMessages
from rights_line.ops.report.quarter import Quarter
from rights_line.ops.report.report_page import html, text
from rights_line.ops.report.row_names import row_names
from rights_line.ops.report.tables import Table, answer_tables, message_tables

FORMATS: dict[str, Callable[[str, Sequence[Table]], str]] = {".svg": svg, ".html": html}


def report(options: Options) -> int:
    """Write the report of a quarter, as a chart, a page or text."""
    quarter = Quarter.parse(options.quarter, clock.now().date())
    render = FORMATS[options.out.suffix] if options.out else text
    try:
        written = render(f"Report of {quarter}", _tables(options, quarter))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    if options.out:
        return 0 if write_output(options.out, written.encode()) else 1
    print(written, end="")
    return 0


def _tables(options: Options, quarter: Quarter) -> list[Table]:
    """Return the tables of a quarter, and warn of what is missing."""
    messages = _read_logs(options.logs)
    file = options.counts or options.environ.get("RIGHTS_LINE_COUNTS")
    counts: Counts = read_counts(Path(file)) if file else {}
    _print_gaps(messages, quarter, counts)
    months, days = message_tables(messages.messages, quarter)
    names = row_names(ContentSources(options.root))
    return [months, *answer_tables(counts.get(str(quarter), {}), names), days]


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
