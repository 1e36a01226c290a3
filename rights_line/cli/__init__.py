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
from rights_line.library.texts_folder import texts_folder
from rights_line.web import process

SECTIONS: Sections = {
    ("Texts", "text_commands"): {
        "check": "List every problem in texts and translations.",
        "build": "Write all texts into the one file that `serve` reads.",
        "screens": "Print every screen as it would be sent by SMS now.",
        "costs": "Print SMS segments and USSD pages of every screen, with sums of each language.",
    },
    ("Messages", "message_commands"): {
        "chat": "Talk to the line in the terminal.",
        "explain": "Explain how texts are understood: the screen, the phrases, and the reason.",
        "count": "Count the SMS segments of texts.",
    },
    ("Languages and words", "language_commands"): {
        "new-language": (
            "Start the translation of a language: row, folder, empty catalog, table of words."
        ),
        "words": (
            "Write what people may write as a CSV sheet: each concept, and the phrases for it."
        ),
        "add-words": "Add the phrases of a filled sheet to the words of a language.",
    },
    ("Translation and review", "translation_commands"): {
        "review": "Write a language as one HTML file, for a reviewer with a phone and no network.",
        "import": "Read what a reviewer sent back: the file of a review page.",
    },
    ("Recordings for calls", "language_commands"): {
        "recordings": (
            "List the texts of a language to speak, with the name and length of each recording."
        ),
        "import-recordings": (
            "Check recordings (WAV or M4A), convert them for the phone, and bind each to its text."
        ),
    },
    ("Approval", "approval_commands"): {
        "approve": "Record that a reader approved the texts of a language.",
        "status": "Show which languages are approved or lost approval, and what is left to read.",
        "contacts": "List the contacts that are due for verification, with the questions to ask.",
    },
    ("Cards and QR codes", "card_commands"): {
        "card": "Make keyword cards as PDF, 85 x 67.5 mm, for printing on both sides.",
        "qr": "Write QR codes as SVG and PNG, for designers of brochures.",
    },
    ("Service", "service_commands"): {
        "serve": "Serve the line over HTTP until SIGTERM.",
        "fallback": "Print static TwiML with the helplines, for the provider's fallback URL.",
    },
    ("Operations", "operation_commands"): {
        "doctor": "Check a deployment: channels, Redis, Twilio, contacts, approvals.",
        "sign-of-life": "Send the line a message, and print `alive` and the date if it answers.",
        "purge-twilio": "Delete finished messages and calls at Twilio.",
        "drill": "Print what is stored about a phone number, to answer a legal demand.",
    },
    ("Report", "operation_commands"): {
        "report": "Make the report of a quarter for those who pay for the line.",
    },
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
