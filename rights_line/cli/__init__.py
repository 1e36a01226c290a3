"""The `rights-line` command: argument parsing and printing.

Each subcommand calls one function of `content`, `editorial`, `cards` or `ops`, where the rules and
checks are. This is the only package besides app.py that reads the environment.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rights_line.cards.sheet import SIZES
from rights_line.channels import available
from rights_line.cli import cards, editorial, ops, review
from rights_line.cli.chat import TALKS
from rights_line.content.approvals import ROLES, initials
from rights_line.errors import ConfigurationError
from rights_line.web.process import prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    prepare()
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except ConfigurationError as refused:
        print(refused, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Python flushes again when it ends: give it somewhere to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rights-line", description=__doc__)
    parser.set_defaults(environ=os.environ)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        return made

    talk = command("chat", editorial.chat, "Talk to the line; lines of a pipe are messages too.")
    talk.add_argument("--channel", choices=list(TALKS), default="sms")
    talk.add_argument("--plain", action="store_true", help="replies alone, a form feed between")
    command(
        "check", editorial.check, "Name every fault of the content and the catalogs."
    ).add_argument("--json", action="store_true")
    costing = command(
        "costs",
        editorial.show_costs,
        "Show segments and USSD pages of every screen; with a price, the cost of a month.",
    )
    costing.add_argument("--json", action="store_true")
    costing.add_argument(
        "--price", type=editorial.nok, metavar="NOK", help="of one SMS segment, such as 0.65"
    )
    costing.add_argument(
        "--monthly",
        type=editorial.text_count,
        metavar="TEXTS",
        help="texts that come in a month: prints for each language what the replies cost if each"
        " is one screen of average cost, and if each is the most expensive one (not included:"
        " incoming texts, rent of the number)",
    )
    command(
        "count", editorial.measure, 'Read lines of {"text": ...}, write what each costs as SMS.'
    )
    listing = command("screens", editorial.show_screens, "Show everything that is said.")
    listing.add_argument("tags", nargs="*", metavar="TAG", help="languages; none means all")
    listing.add_argument("--json", action="store_true")
    picture = command(
        "graph", editorial.draw, "Draw the tree of screens, with SMS segments by language."
    )
    picture.add_argument("--out", type=Path, metavar="FILE.svg", help="else standard output")
    card = command(
        "card", cards.print_cards, "Make keyword cards, to print on both sides and fold."
    )
    card.add_argument("tags", nargs="*", metavar="TAG", help="languages; none means all")
    card.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    card.add_argument("--size", choices=list(SIZES), default="card", help="85 x 54 mm, A6")
    card.add_argument("--together", action="store_true", help="all languages on one card")
    codes = command("qr", cards.write_codes, "Write the QR codes of languages, as SVG and PNG.")
    codes.add_argument("tags", nargs="*", metavar="TAG", help="none: the address of all languages")
    codes.add_argument("--out", type=Path, required=True, metavar="DIR")
    reading = command(
        "approve", review.approve_strings, "Record that somebody approved a language."
    )
    reading.add_argument("tag", metavar="TAG")
    reading.add_argument("--role", required=True, choices=ROLES)
    reading.add_argument("--by", required=True, type=initials, help="the reader's initials")
    reading.add_argument("--strings", nargs="+", default=[], metavar="MSGCTXT", help="only these")
    state = command(
        "status", review.show_status, "Show what is approved, what lost that, and what is due."
    )
    state.add_argument("tags", nargs="*", metavar="TAG", help="languages, in full; none: all")
    state.add_argument("--json", action="store_true")
    command(
        "export", review.export, "Write a language as a sheet: English, translation."
    ).add_argument("tag", metavar="TAG")
    command("import", review.import_sheet, "Read such a sheet from standard input.").add_argument(
        "tag", metavar="TAG"
    )
    command(
        "fallback", ops.fallback, "Print the static TwiML for the provider's fallback URL."
    ).add_argument("--voice", action="store_true", help="for calls")
    command("script", review.script, "Print what is to be read out for recordings.").add_argument(
        "tag", metavar="TAG"
    )
    purging = command(
        "purge-twilio", ops.purge_twilio, "Delete finished messages and calls at Twilio."
    )
    purging.add_argument("--older-than", type=ops.minutes, required=True, metavar="MINUTES")
    purging.add_argument("--quiet", action="store_true", help="print only that something is left")
    asking = command("drill", ops.show_held, "Say what is held about a number, for a legal demand.")
    # On the command line it is in the list of processes, and in the shell's history.
    asking.add_argument("number", nargs="*", metavar="NUMBER", help="+47...; better asked for")
    asking.add_argument("--channel", action="append", choices=available(), help="(all)")
    command(
        "doctor",
        ops.examine,
        "Say whether a deployment keeps the promises (reads its variables).",
    ).add_argument("--quiet", action="store_true", help="print faults alone")
    return parser
