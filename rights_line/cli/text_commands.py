"""The sections "Texts" and "Messages"."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from rights_line import clock
from rights_line.cli import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import (
    FILE,
    check_languages,
    open_texts,
    print_text_problems,
    tags_argument,
)
from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_checked
from rights_line.core import tags
from rights_line.core.sms import count_sms
from rights_line.editorial import costs, lint, trial
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import encode as encode_library
from rights_line.library.file import write as write_library
from rights_line.library.location import built_file, choices_of
from rights_line.settings import Serve, Settings

json_option = click.option("--json", "as_json", is_flag=True, help="print JSON")


@command("rights-line check", "rights-line check --release")
@json_option
@click.option("--release", is_flag=True, help="exit with 1 also if something waits")
@pass_invocation
def check_command(given: Invocation, as_json: bool, release: bool) -> int:
    """List every problem in texts and translations.

    Errors would mislead a sender or stop a start: the command exits with 1. What waits stops
    nobody: a translation whose English changed (English is sent until it follows), a language that
    is started, a contact that is due.
    """
    problems = lint.all(given.root, clock.today())
    if as_json:
        _print_json(problems)
    else:
        print_text_problems(problems)
    return int(any(release or not problem.waits for problem in problems))


@command("rights-line build", "rights-line build --drafts -o library.json")
@click.option("--drafts", is_flag=True, help="all texts, also those that nobody has approved")
@click.option(
    *("-o", "--out"),
    type=FILE,
    metavar="FILE",
    help="file to write, or - for standard output (default: the one that `serve` looks for, in"
    " build/ beside the texts)",
)
@json_option
@pass_invocation
def build_command(given: Invocation, drafts: bool, out: Path | None, as_json: bool) -> int:
    """Write all texts into the one file that `serve` reads.

    Equal texts and settings give an equal file. Reads RIGHTS_LINE_SERVE (as `--drafts`),
    RIGHTS_LINE_LANGUAGES, RIGHTS_LINE_AUDIO_URL and RIGHTS_LINE_OPERATOR. With --json it prints the
    problems that stop it, if there are any, as JSON.
    """
    try:
        choices = choices_of(Settings.from_environ(given.environ))
        choices = replace(choices, serve="drafts") if drafts else choices
        path = out or built_file(given.root, choices.serve)
        data = encode_library(build_checked(given.root, choices))
        if str(path) == "-":
            sys.stdout.buffer.write(data)
        else:
            write_library(path, data)
    except ConfigurationError as error:
        if not as_json:
            raise
        _print_json(error.problems)
        return 1
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Name another file with -o.") from None
    return 0


def _print_json(problems: list[Problem]) -> None:
    print(json.dumps(list(map(asdict, problems)), ensure_ascii=False, indent=1))


@command("rights-line screens pl uk")
@tags_argument(help="languages (default: all)")
@pass_invocation
def screens_command(given: Invocation, tags: tuple[str, ...]) -> int:
    """Print every screen as it would be sent by SMS now."""
    sources = ContentSources(given.root)
    served = [tag for tag, language in sources.languages.items() if language.has_texts]
    check_languages(tags, served)
    for heading, text in costs.sent_screens(sources, tags, clock.now()):
        print(heading, costs.annotated(text), sep="\n")
    return 0


@command("rights-line costs")
@pass_invocation
def costs_command(given: Invocation) -> int:
    """Print SMS segments and USSD pages of every screen, with sums of each language."""
    print(*costs.tables(costs.screen_costs(open_texts(given, "drafts"))), sep="\n")
    return 0


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
