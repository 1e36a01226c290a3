"""The `rights-line` command: argument parsing and printing, nothing else.

SECTIONS lists every command and its module, in which it is a click function that calls functions of
`content`, `editorial`, `cards` or `ops`. Besides app.py, this is the only package that reads the
environment.
"""

import os
import sys
from collections.abc import Mapping, Sequence

import click

from rights_line.cli.group import CONTEXT, Invocation, LazyGroup, Sections
from rights_line.library import texts_folder
from rights_line.web import process

SECTIONS: Sections = {
    ("Texts", "text_commands"): ("check", "build", "screens", "costs"),
    ("Messages", "message_commands"): ("chat", "explain", "count"),
    ("Languages and words", "language_commands"): ("new-language", "words", "add-words"),
    ("Translation and review", "translation_commands"): ("review", "import"),
    ("Recordings for calls", "language_commands"): ("recordings", "import-recordings"),
    ("Approval", "approval_commands"): ("approve", "status", "contacts"),
    ("Cards and QR codes", "card_commands"): ("card", "qr"),
    ("Service", "service_commands"): ("serve", "fallback"),
    ("Operations", "operation_commands"): ("doctor", "sign-of-life", "purge-twilio", "drill"),
    ("Report", "operation_commands"): ("report",),
}


@click.group(cls=LazyGroup, sections=SECTIONS, context_settings=CONTEXT)
@click.version_option(package_name="rights-line")
def rights_line() -> None:
    """Tools for the text line: check and translate its texts, print cards, run a deployment.

    It reads the texts of RIGHTS_LINE_TEXTS. `rights-line COMMAND --help` explains a command.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that this process was started with, and return its exit code."""
    process.prepare()
    return run_command(arguments, os.environ)


def run_command(arguments: Sequence[str] | None, environ: Mapping[str, str]) -> int:
    """Run one command and return its exit code; `arguments` None: those of the process."""
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    given = Invocation(environ, texts_folder(environ))
    # https://no-color.org; None: only on a terminal.
    color = False if environ.get("NO_COLOR") else None
    try:
        code: int = rights_line.main(
            arguments, "rights-line", standalone_mode=False, obj=given, color=color
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return code
