"""Every command of `rights-line`, with its arguments, help text and examples.

`rights-line --help` and docs/cli.md are generated from this table (run `make docs` after a change).
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import fill
from typing import Any

from rights_line.cards.sheet import SIZES
from rights_line.channels import available
from rights_line.cli.arguments import minutes, picture_or_page, price, text_count
from rights_line.cli.chat import CONVERSATIONS
from rights_line.content.approvals import ROLES, initials


class Argument:
    """The parameters of one call of `ArgumentParser.add_argument`."""

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names = names
        self.settings = settings


@dataclass(frozen=True)
class Command:
    """One command; `function` is its module and function in this package.

    The module is imported when the command runs: `serve` must not wait for all the others.
    """

    name: str
    function: str
    summary: str
    details: str = ""
    arguments: tuple[Argument, ...] = ()
    examples: tuple[str, ...] = ()

    def run(self, options: argparse.Namespace) -> int:
        """Run the command with the parsed options, and return its exit code."""
        module, _, name = self.function.partition(".")
        code: int = getattr(import_module(f"rights_line.cli.{module}"), name)(options)
        return code

    @property
    def description(self) -> str:
        """The summary and the details, as `--help` prints them."""
        return "\n\n".join(fill(text, 80) for text in (self.summary, self.details) if text)

    @property
    def epilog(self) -> str:
        """The examples, as `--help` prints them."""
        return "\n".join(["examples:", *(f"  {line}" for line in self.examples)])


_JSON = Argument("--json", action="store_true", help="print JSON")
_TAG = Argument("tag", metavar="TAG", help="language, such as pl")

SECTIONS: Mapping[str, tuple[Command, ...]] = {
    "Texts": (
        Command(
            "chat",
            "editorial.chat",
            "Talk to the line in the terminal.",
            "Each line of standard input is one message. Drafts are shown unless RIGHTS_LINE_SERVE"
            " is approved.",
            (
                Argument(
                    "--channel",
                    choices=list(CONVERSATIONS),
                    default="sms",
                    help="sms (default), chat (WhatsApp), ussd or voice (keys of a phone)",
                ),
                Argument(
                    "--plain",
                    action="store_true",
                    help="print replies only, separated by form feeds",
                ),
            ),
            ("rights-line chat --channel ussd", "echo 'POLSKI 4' | rights-line chat --plain"),
        ),
        Command(
            "check",
            "editorial.check",
            "List every problem in texts and translations.",
            "Exits with 1 if there is a problem. A contact that is overdue for verification is only"
            " a warning, on standard error.",
            (_JSON,),
            ("rights-line check",),
        ),
        Command(
            "screens",
            "editorial.show_screens",
            "Print every screen as it would be sent by SMS now.",
            "",
            (
                Argument("tags", nargs="*", metavar="TAG", help="languages (default: all)"),
                Argument(
                    "--json", action="store_true", help="print JSON, with sources in the guide"
                ),
            ),
            ("rights-line screens pl uk",),
        ),
        Command(
            "costs",
            "editorial.show_costs",
            "Print SMS segments and USSD pages of every screen, or the cost of a month.",
            "With --price and --monthly it prints the cost of a month in each language, if every"
            " text is answered with one screen: of average cost, and the most expensive one."
            " Incoming texts and the rent of the number are not included.",
            (
                _JSON,
                Argument("--price", type=price, metavar="NOK", help="price of one SMS segment"),
                Argument(
                    "--monthly", type=text_count, metavar="TEXTS", help="incoming texts a month"
                ),
            ),
            ("rights-line costs", "rights-line costs --price 0.65 --monthly 1000"),
        ),
        Command(
            "count",
            "editorial.count_texts",
            "Count the SMS segments of texts.",
            'Reads lines of {"text": ...} from standard input and prints a line with encoding,'
            " units and segments for each.",
            (),
            ("""echo '{"text": "Hello"}' | rights-line count""",),
        ),
        Command(
            "explain",
            "words.explain_texts",
            "Explain how texts are understood: the screen, the phrases, and the reason.",
            'Without TEXT, reads lines of {"text": ..., "tag": ...} from standard input and prints'
            " a line of JSON for each. The tag is the language of the session; without one, the"
            " text is a first text.",
            (
                Argument(
                    "text", nargs="?", metavar="TEXT", help="a text (default: standard input)"
                ),
                Argument("--tag", metavar="TAG", help="language of the session"),
            ),
            (
                "rights-line explain 'he took my passport'",
                """echo '{"text": "doctor", "tag": "pl"}' | rights-line explain""",
            ),
        ),
        Command(
            "graph",
            "editorial.draw_graph",
            "Draw all screens, their links and their SMS segments as a Mermaid flowchart.",
            "GitHub draws it in a `mermaid` block of Markdown; `mmdc` and https://mermaid.live make"
            " an SVG of it.",
            (
                Argument(
                    "--out",
                    type=Path,
                    metavar="FILE.mmd",
                    help="file to write (default: standard output)",
                ),
            ),
            ("rights-line graph --out screens.mmd",),
        ),
    ),
    "Translation and approval": (
        Command(
            "export",
            "review.export",
            "Write a language as a CSV sheet with two columns: English, translation.",
            "",
            (_TAG,),
            ("rights-line export pl > pl.csv",),
        ),
        Command(
            "review",
            "review_page.write_page",
            "Write a language as one HTML file, for a reviewer with a phone and no network.",
            "The reviewer opens the file in a browser, answers Right, Change or Not sure for each"
            " text, and sends a file back, for `rights-line import`. It asks only for the strings"
            " that lack an approval, and can be printed.",
            (
                _TAG,
                Argument(
                    "--out", type=Path, required=True, metavar="FILE.html", help="file to write"
                ),
            ),
            ("rights-line review pl --out pl.html", "rights-line review en --out en.html"),
        ),
        Command(
            "import",
            "review.import_file",
            "Read what a reviewer sent back: the file of a review page, or a corrected sheet.",
            "The file of a review page (JSON) records approvals and open questions. It is refused"
            " whole if a text has changed since the reader saw it. Its proposed changes are printed"
            " as a diff, and asked for one by one on a terminal; an accepted text must be approved"
            ' like any other. A sheet (CSV) may be saved by Excel as "CSV UTF-8" or "Unicode Text";'
            " `rights-line check` runs after it. With a problem nothing is changed.",
            (
                _TAG,
                Argument(
                    "file",
                    nargs="?",
                    type=Path,
                    metavar="FILE",
                    help="file to read (default: standard input)",
                ),
                Argument(
                    "--accept",
                    action="store_true",
                    default=None,
                    help="apply every proposed change",
                ),
                Argument(
                    "--reject",
                    dest="accept",
                    action="store_false",
                    default=None,
                    help="keep every proposed change as an open question",
                ),
            ),
            ("rights-line import pl pl-native_reader-AB.json", "rights-line import pl < pl.csv"),
        ),
        Command(
            "words",
            "words.show_words",
            "Write what people may write as a CSV sheet: each concept, and the phrases for it.",
            "Phrases are separated by semicolons. A concept without a phrase is marked with ?.",
            (_TAG,),
            ("rights-line words pl > words.csv",),
        ),
        Command(
            "add-words",
            "words.add_words",
            "Add the phrases of a filled sheet to the words of a language.",
            "Reads a sheet of `rights-line words`, or a .yaml file of concepts and lists. A phrase"
            " that is reserved, or means something else in any language, is left out and printed."
            " `rights-line check` runs next.",
            (_TAG, Argument("file", type=Path, metavar="FILE", help="sheet (.csv) or .yaml file")),
            ("rights-line add-words pl words.csv",),
        ),
        Command(
            "approve",
            "review.approve_strings",
            "Record that a reader approved the texts of a language.",
            "English must be approved by a practitioner and a lawyer, any other language by a"
            " native reader. A string that changes by one letter loses its approval.",
            (
                _TAG,
                Argument("--role", required=True, choices=ROLES, help="role of the reader"),
                Argument(
                    "--by",
                    required=True,
                    type=initials,
                    metavar="INITIALS",
                    help="initials of the reader, two to five letters",
                ),
                Argument(
                    "--strings",
                    nargs="+",
                    default=[],
                    metavar="MSGCTXT",
                    help="approve only these strings (default: all)",
                ),
            ),
            (
                "rights-line approve pl --role native_reader --by AB",
                "rights-line approve en --role lawyer --by CD --strings work danger",
            ),
        ),
        Command(
            "status",
            "review.show_status",
            "Show which languages are approved or lost approval, and overdue contacts.",
            "",
            (
                Argument(
                    "tags",
                    nargs="*",
                    metavar="TAG",
                    help="languages to show with every string that lacks an approval"
                    " (default: all, without these strings)",
                ),
                _JSON,
            ),
            ("rights-line status", "rights-line status pl"),
        ),
        Command(
            "script",
            "review.script",
            "Print the texts to record for calls, with the name of each recording.",
            "",
            (_TAG,),
            ("rights-line script pl > pl.txt",),
        ),
    ),
    "Cards and QR codes": (
        Command(
            "card",
            "cards.print_cards",
            "Make keyword cards as PDF, for printing on both sides.",
            "Reads RIGHTS_LINE_NUMBER, RIGHTS_LINE_USSD and RIGHTS_LINE_PUBLIC_URL. A language that"
            " is not approved gets a card with the helplines only, unless RIGHTS_LINE_SERVE is"
            " drafts. `make cards` installs the programs that are needed.",
            (
                Argument("tags", nargs="*", metavar="TAG", help="languages (default: all)"),
                Argument(
                    "--out",
                    type=Path,
                    required=True,
                    metavar="FILE.pdf",
                    help="file to write",
                ),
                Argument(
                    "--size",
                    choices=list(SIZES),
                    default="card",
                    help="card (85 x 54 mm, the default) or a6 (leaflet)",
                ),
                Argument(
                    "--together", action="store_true", help="put all languages on the same card"
                ),
            ),
            (
                "rights-line card pl uk ar --out cards.pdf",
                "rights-line card pl --size a6 --out leaflets.pdf",
            ),
        ),
        Command(
            "qr",
            "cards.write_codes",
            "Write QR codes as SVG and PNG, for designers of brochures.",
            "Reads RIGHTS_LINE_NUMBER and RIGHTS_LINE_PUBLIC_URL.",
            (
                Argument(
                    "tags",
                    nargs="*",
                    metavar="TAG",
                    help="languages (default: one code, for the web page of all languages)",
                ),
                Argument(
                    "--out", type=Path, required=True, metavar="DIR", help="folder to write to"
                ),
            ),
            ("rights-line qr pl uk --out codes",),
        ),
    ),
    "Operations": (
        Command(
            "serve",
            "server.run",
            "Serve the line over HTTP until SIGTERM.",
            "Listens on the socket that systemd passes, on ADDRESS, on PORT at all addresses, or on"
            " 127.0.0.1:8000. On SIGTERM it drains: /healthz answers 503 for three seconds while"
            " messages are still answered, and the process ends within eight. TLS is the task of a"
            " proxy in front of it.",
            (Argument("--listen", metavar="ADDRESS", help="such as 127.0.0.1:8000 or [::]:8000"),),
            ("rights-line serve --listen 127.0.0.1:8000",),
        ),
        Command(
            "doctor",
            "ops.run_doctor",
            "Check a deployment: channels, Redis, Twilio, contacts, approvals.",
            "Reads the environment variables of the deployment. Exits with 1 if there is a problem;"
            " each problem is printed with its fix.",
            (Argument("--quiet", action="store_true", help="print problems only, for cron"),),
            ("rights-line doctor",),
        ),
        Command(
            "report",
            "report.report",
            "Make the report of a quarter for those who pay for the line.",
            "Counts messages per month and channel in the logs, whose lines must begin with date"
            " and time, and answers by language, topic and helpline in the file of"
            " RIGHTS_LINE_COUNTS. Every number is a whole ten. Without --out it prints text.",
            (
                Argument("logs", nargs="+", metavar="LOG", help="log files; - for standard input"),
                Argument(
                    "--counts",
                    metavar="FILE",
                    help="file of counts (default: RIGHTS_LINE_COUNTS)",
                ),
                Argument(
                    "--quarter",
                    default="",
                    metavar="YYYY-QN",
                    help="such as 2026-Q4 (default: the last one that is over)",
                ),
                Argument(
                    "--out",
                    type=picture_or_page,
                    metavar="FILE",
                    help="FILE.svg for the chart, FILE.html for the page with chart, tables and"
                    " glossary",
                ),
            ),
            (
                "rights-line report one.log other.log --quarter 2026-Q4",
                "rights-line report - --out report.html < line.log",
            ),
        ),
        Command(
            "sign-of-life",
            "ops.show_sign_of_life",
            "Send the line a message, and print `alive` and the date if it answers.",
            "Reads the environment variables of the deployment, signs the message as the provider"
            " does and sends it to RIGHTS_LINE_PUBLIC_URL. What it prints has the same length every"
            " day. Exits with 1 if the line does not answer.",
            (
                Argument(
                    "--url",
                    default="",
                    metavar="URL",
                    help="address to send it to, such as http://127.0.0.1:8000",
                ),
            ),
            ("rights-line sign-of-life",),
        ),
        Command(
            "fallback",
            "ops.fallback",
            "Print static TwiML with the helplines, for the provider's fallback URL.",
            "",
            (Argument("--voice", action="store_true", help="TwiML for calls (default: for SMS)"),),
            ("rights-line fallback --voice",),
        ),
        Command(
            "purge-twilio",
            "ops.purge_twilio",
            "Delete finished messages and calls at Twilio.",
            "Reads TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Exits with 1 if older records are"
            " left.",
            (
                Argument(
                    "--older-than",
                    type=minutes,
                    required=True,
                    metavar="MINUTES",
                    help="delete records that are older than this",
                ),
                Argument("--quiet", action="store_true", help="print only if records are left"),
            ),
            ("rights-line purge-twilio --older-than 30",),
        ),
        Command(
            "drill",
            "ops.show_held",
            "Print what is stored about a phone number, to answer a legal demand.",
            "Reads REDIS_URL and RIGHTS_LINE_SECRET of the deployment, and changes nothing.",
            (
                Argument(
                    "number",
                    nargs="*",
                    metavar="NUMBER",
                    # Arguments are visible in `ps` and stay in the history of the shell.
                    help="number such as +47...; if left out, the command asks for it, which"
                    " keeps it out of the shell history",
                ),
                Argument(
                    "--channel",
                    action="append",
                    choices=available(),
                    help="channel to search, repeatable (default: all)",
                ),
            ),
            ("rights-line drill",),
        ),
    ),
}
