"""Commands for editors: chat, check, costs, count, screens."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from rights_line import clock
from rights_line.cli.arguments import are_known_languages
from rights_line.cli.chat import CONVERSATIONS
from rights_line.cli.command import Options
from rights_line.cli.output import write_output
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.assembly.speech import recording_script
from rights_line.content.loader import ContentSources, build_library
from rights_line.core.messages import Reply
from rights_line.core.sms import count
from rights_line.editorial.costs import costs, monthly, monthly_table, table, totals
from rights_line.editorial.lint.fact_coverage import fact_problems
from rights_line.editorial.lint.lint_texts import lint, overdue_contacts, started_languages
from rights_line.editorial.screen_graph import screen_graph
from rights_line.editorial.screens import screens
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import Serve

UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}


def chat(options: Options) -> int:
    """Reply to each line of standard input, as one conversation."""
    serve: Serve = (
        "approved" if options.environ.get("RIGHTS_LINE_SERVE") == "approved" else "drafts"
    )
    library = build_library(ContentSources(options.root), serve)
    interactive = sys.stdin.isatty() and not options.plain
    if interactive:
        print(f"Texts: {serve}. Each line is one message. Press Ctrl-D to quit.")
    replies = CONVERSATIONS[options.channel](library, _lines("> " * interactive))
    for number, reply in enumerate(replies):
        shown = reply.text if options.plain else _with_cost(reply)
        print("\f" * (options.plain and bool(number)) + shown, flush=True)
    return 0


def check(options: Options) -> int:
    """Print the errors of texts and translations, then what waits; with --release both fail."""
    try:
        sources = ContentSources(options.root)
        due = overdue_contacts(sources, clock.now().date())
        problems = [
            *sources.damaged_approvals(),
            *lint(sources),
            *fact_problems(options.root),
            *started_languages(sources),
            *due,
        ]
    except ConfigurationError as error:
        problems = error.problems
    errors = [problem for problem in problems if not problem.waits]
    waiting = [problem for problem in problems if problem.waits]
    if options.json:
        print(json.dumps([asdict(row) for row in problems], ensure_ascii=False, indent=1))
    else:
        counted = [f"Waiting: {len(waiting)}, which stop nobody."] if waiting else []
        lines = [*map(_coloured, errors), *counted, *map(_coloured, waiting)]
        click.echo("\n".join([*lines, *([] if errors else ["No problems found."])]))
    return 1 if errors or (options.release and waiting) else 0


def _coloured(problem: Problem) -> str:
    colour = "yellow" if problem.waits else "red"
    return click.style(problem.place, colour) + str(problem).removeprefix(problem.place)


def show_costs(options: Options) -> int:
    """Print the cost of every screen or, with a price, of a month."""
    price, texts = options.price, options.monthly
    if (price is None) != (texts is None):
        print("--price and --monthly must be given together.", file=sys.stderr)
        return 2
    rows = costs(build_library(ContentSources(options.root), "drafts"))
    month = [] if price is None else [price, texts]
    if options.json:
        found = {"screens": rows, "totals": totals(rows)}
        found |= {"monthly": monthly(rows, *month)} if month else {}
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(monthly_table(rows, *month) if month else table(rows)))
    return 0


def count_texts(options: Options) -> int:
    """Count the text in each line of JSON; stop at the first malformed line."""
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        text = _text_of(line)
        if text is None:
            # The line is not printed: it may contain a message of a sender.
            print(f'Line {number} must be JSON such as {{"text": "Hello"}}.', file=sys.stderr)
            return 1
        print(json.dumps(asdict(count(text))), flush=True)
    return 0


def _text_of(line: str) -> str | None:
    try:
        text = json.loads(line)["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return text if isinstance(text, str) else None


def show_screens(options: Options) -> int:
    """Print every screen, or the texts to record; or write the flowchart of screens."""
    if options.json + options.recordings + bool(options.graph) > 1:
        raise click.UsageError("Use one of --json, --recordings and --graph.")
    if options.recordings and len(options.tags) != 1:
        raise click.UsageError("Use --recordings with one language.")
    if options.graph and options.tags:
        raise click.UsageError("--graph shows all languages: leave out TAG.")
    sources = ContentSources(options.root)
    served = [tag for tag, language in sources.languages.items() if language.has_texts]
    if not are_known_languages(options.tags, served):
        return 1
    tree = ScreenTree(sources.content)
    if options.graph:
        chart = "\n".join(screen_graph(tree, build_library(sources, "drafts"))) + "\n"
        return 0 if write_output(options.graph, chart.encode()) else 1
    if options.recordings:
        for name, text in recording_script(sources.languages[options.tags[0]], tree):
            print(f"== {name}\n{text}\n")
        return 0
    _print_screens(list(screens(sources, options.tags, clock.now())), options.json)
    return 0


def _print_screens(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print(f"== {row['language']} {row['code']} {row['topic']} ({row['review']})")
        print(_with_cost(Reply(row["text"])))


def _lines(prompt: str) -> Iterator[str]:
    while True:
        try:
            yield input(prompt)
        except EOFError:
            return


def _with_cost(reply: Reply) -> str:
    if not reply.text:
        return "(no reply)\n"
    cost = count(reply.text)
    units = f"{cost.units} {UNITS[cost.encoding]}"
    return f"{reply.text}\n[{cost.encoding}, {units}, segments: {cost.segments}]\n"
