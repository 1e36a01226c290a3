"""The section "Messages": chat, explain, count."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import click

from rights_line import clock
from rights_line.cli import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import check_languages, open_texts
from rights_line.core import tags
from rights_line.core.sms import count_sms
from rights_line.editorial import costs, trial
from rights_line.settings import Serve


@command("rights-line chat", "echo 'POLSKI 4' | rights-line chat --plain")
@click.option("--plain", is_flag=True, help="print replies only, separated by form feeds")
@pass_invocation
def chat_command(given: Invocation, plain: bool) -> int:
    """Talk to the line in the terminal.

    Each line of standard input is one SMS; the simulator at /try shows the other channels. Drafts
    are shown unless RIGHTS_LINE_SERVE is approved.
    """
    is_approved = given.environ.get("RIGHTS_LINE_SERVE") == "approved"
    serve: Serve = "approved" if is_approved else "drafts"
    library = open_texts(given, serve)
    interactive = sys.stdin.isatty() and not plain
    if interactive:
        print(f"Texts: {serve}. Each line is one message. Press Ctrl-D to quit.")
    replies = trial.replies(library, _prompt_messages("> " * interactive))
    for number, reply in enumerate(replies):
        text = reply.text if plain else costs.annotated(reply.text)
        print("\f" * (plain and bool(number)) + text, flush=True)
    return 0


def _prompt_messages(prompt: str) -> Iterator[str]:
    while True:
        try:
            yield input(prompt)
        except EOFError:
            return


@command(
    "rights-line explain 'he took my passport'",
    """echo '{"text": "doctor", "tag": "pl"}' | rights-line explain""",
)
@click.argument("text", required=False, metavar="[TEXT]", help="a text (default: standard input)")
@click.option("--tag", metavar="TAG", help="language of the session")
@pass_invocation
def explain_command(given: Invocation, text: str | None, tag: str | None) -> int:
    """Explain how texts are understood: the screen, the phrases, and the reason.

    Without TEXT, reads lines of {"text": ..., "tag": ...} from standard input and prints a line of
    JSON for each. The tag is the language of the session; without one, the text is a first text.
    """
    library = open_texts(given, "drafts")
    if tag:
        check_languages([tags.language(tag) or tag], library.languages)
    rows: Iterable[dict[str, Any]] = [{"text": text, "tag": tag}]
    if text is None:
        rows = _json_messages("tag")
    for row in rows:
        found = trial.explain_text(row["text"], row.get("tag"), library, clock.now())
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


@command("""echo '{"text": "Hello"}' | rights-line count""")
def count_command() -> int:
    """Count the SMS segments of texts.

    Reads lines of {"text": ...} from standard input and prints a line with encoding, units and
    segments for each.
    """
    for row in _json_messages():
        print(json.dumps(asdict(count_sms(row["text"]))), flush=True)
    return 0


def _json_messages(*optional: str) -> Iterator[dict[str, Any]]:
    """Yield each line of JSON: its `text` must be a text, and the optional values texts or null."""
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        texts = row if isinstance(row, dict) and isinstance(row.get("text"), str) else None
        if texts is None or not all(isinstance(texts.get(key), str | None) for key in optional):
            # The line is not printed: it may contain a message of a sender.
            raise Refused(f'Line {number} must be JSON such as {{"text": "Hello"}}.')
        yield texts
