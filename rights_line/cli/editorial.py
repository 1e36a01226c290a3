"""Commands about what is said: talk to it, check it, count it, show it, draw it."""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from rights_line.cli.chat import TALKS
from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.messages import Reply
from rights_line.core.opening_hours import OSLO
from rights_line.core.sms import count
from rights_line.editorial.costs import costs, monthly, monthly_table, table, totals
from rights_line.editorial.drawing import svg
from rights_line.editorial.fact_coverage import fact_problems
from rights_line.editorial.lint import lint, overdue_contacts
from rights_line.editorial.screen_graph import graph
from rights_line.editorial.screens import screens
from rights_line.errors import ConfigurationError
from rights_line.settings import Serve

UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}


def chat(options: argparse.Namespace) -> int:
    """Answer each line of standard input as one message of one person."""
    serve: Serve = (
        "approved" if options.environ.get("RIGHTS_LINE_SERVE") == "approved" else "drafts"
    )
    library = build_library(ContentSources(ROOT), serve)
    interactive = sys.stdin.isatty() and not options.plain
    if interactive:
        print(f"Texts: {serve}. One line is one message; Ctrl-D ends.")
    for number, reply in enumerate(TALKS[options.channel](library, _lines("> " * interactive))):
        shown = reply.text if options.plain else _measured(reply)
        print("\f" * (options.plain and bool(number)) + shown, flush=True)
    return 0


def check(options: argparse.Namespace) -> int:
    """Print every fault of the content and the catalogs; a contact that is due only warns."""
    try:
        sources = ContentSources(ROOT)
        faults = [*lint(sources), *fact_problems(ROOT)]
        for due in overdue_contacts(sources, datetime.now(OSLO).date()):
            print(f"warning: {due}", file=sys.stderr)
    except ConfigurationError as refused:
        faults = refused.problems
    if options.json:
        print(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(str, faults)) or "No faults.")
    return 1 if faults else 0


def show_costs(options: argparse.Namespace) -> int:
    """Print the cost of every screen or, with a price, of a month in each language."""
    price, texts = options.price, options.monthly
    if (price is None) != (texts is None):
        print("--price and --monthly must be given together.", file=sys.stderr)
        return 2
    rows = costs(build_library(ContentSources(ROOT), "drafts"))
    month = [] if price is None else [price, texts]
    if options.json:
        found = {"screens": rows, "totals": totals(rows)}
        found |= {"monthly": monthly(rows, *month)} if month else {}
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(monthly_table(rows, *month) if month else table(rows)))
    return 0


def nok(text: str) -> Decimal:
    """Return an argument as the price of one segment."""
    if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", text) and (price := Decimal(text)):
        return price
    raise argparse.ArgumentTypeError(f'must be a price above 0, such as 0.65, got "{text}"')


def text_count(text: str) -> int:
    """Return an argument as the texts that come in a month."""
    if re.fullmatch("[1-9][0-9]{0,8}", text):
        return int(text)
    raise argparse.ArgumentTypeError(f'must be a whole number above 0, got "{text}"')


def measure(options: argparse.Namespace) -> int:
    """Count each text of standard input; stop at the first line that holds none."""
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        text = _text_of(line)
        if text is None:
            # The line itself is not shown: it may hold what somebody wrote.
            print(f'line {number} is not {{"text": "..."}}', file=sys.stderr)
            return 1
        print(json.dumps(asdict(count(text))), flush=True)
    return 0


def _text_of(line: str) -> str | None:
    try:
        text = json.loads(line)["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return text if isinstance(text, str) else None


def show_screens(options: argparse.Namespace) -> int:
    """Print what is said."""
    sources = ContentSources(ROOT)
    if unknown := set(options.tags) - sources.languages.keys():
        print(f"No language: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    rows = list(screens(sources, options.tags, datetime.now(OSLO)))
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        print(f"== {row['language']} {row['code']} {row['topic']} ({row['review']})")
        print(_measured(Reply(row["text"])))
    return 0


def draw(options: argparse.Namespace) -> int:
    """Draw every screen, as an SVG file or to standard output."""
    sources = ContentSources(ROOT)
    picture = svg(graph(ScreenTree(sources.content), build_library(sources, "drafts")))
    if options.out is None:
        print(picture, end="")
        return 0
    try:
        options.out.write_text(picture, encoding="utf-8")
    except OSError as error:
        print(f"{options.out}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _lines(prompt: str) -> Iterator[str]:
    while True:
        try:
            yield input(prompt)
        except EOFError:
            return


def _measured(reply: Reply) -> str:
    if not reply.text:
        return "(no answer)\n"
    cost = count(reply.text)
    units = f"{cost.units} {UNITS[cost.encoding]}"
    return f"{reply.text}\n[{cost.encoding}, {units}, segments: {cost.segments}]\n"
