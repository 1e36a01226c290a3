"""Every command of `rights-line`: its arguments, help text and examples, in sections.

To add a command, declare a function without a body here: the decorator names the function that does
the work ("module.function" in this package) and examples, the docstring is the help. `rights-line
--help` and docs/cli.md are generated from here (run `make docs` after a change).
"""

from functools import partial
from pathlib import Path

import click

from rights_line.cards.sheet import SIZES
from rights_line.channels import available
from rights_line.cli.arguments import (
    complete_tag,
    initials,
    minutes,
    picture_or_page,
    price,
    text_count,
)
from rights_line.cli.chat import CONVERSATIONS
from rights_line.cli.command import CONTEXT, Commands
from rights_line.content.approvals.approvals_file import ROLES


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(package_name="rights-line")
def rights_line() -> None:
    """Tools for the text line: check and translate its texts, print cards, run a deployment.

    Run it in a checkout of the repository. `rights-line COMMAND --help` explains a command.
    """


FILE = click.Path(path_type=Path)
json = click.option("--json", is_flag=True, help="print JSON")
tag = click.argument("tag", metavar="TAG", help="language, such as pl", shell_complete=complete_tag)
tags = partial(click.argument, "tags", metavar="[TAG]...", nargs=-1, shell_complete=complete_tag)

texts = partial(rights_line.command, section="Texts")
translation = partial(rights_line.command, section="Translation and approval")
printing = partial(rights_line.command, section="Cards and QR codes")
operations = partial(rights_line.command, section="Operations")


@texts(
    function="editorial.chat",
    examples=["rights-line chat --channel ussd", "echo 'POLSKI 4' | rights-line chat --plain"],
)
@click.option(
    "--channel",
    type=click.Choice([*CONVERSATIONS]),
    default="sms",
    help="sms (default), chat (WhatsApp), ussd or voice (keys of a phone)",
)
@click.option("--plain", is_flag=True, help="print replies only, separated by form feeds")
def chat() -> None:
    """Talk to the line in the terminal.

    Each line of standard input is one message. Drafts are shown unless RIGHTS_LINE_SERVE is
    approved.
    """


@texts(function="editorial.check", examples=["rights-line check", "rights-line check --release"])
@json
@click.option("--release", is_flag=True, help="exit with 1 also if something waits")
def check() -> None:
    """List every problem in texts and translations.

    Errors would mislead a sender or stop a start: the command exits with 1. What waits stops
    nobody: a translation whose English changed (English is sent until it follows), a language that
    is started, a contact that is due.
    """


@texts(function="editorial.show_screens", examples=["rights-line screens pl uk"])
@tags(help="languages (default: all)")
@click.option("--json", is_flag=True, help="print JSON, with sources in the guide")
def screens() -> None:
    """Print every screen as it would be sent by SMS now."""


@texts(
    function="editorial.show_costs",
    examples=["rights-line costs", "rights-line costs --price 0.65 --monthly 1000"],
)
@json
@click.option("--price", type=price, metavar="NOK", help="price of one SMS segment")
@click.option("--monthly", type=text_count, metavar="TEXTS", help="incoming texts a month")
def costs() -> None:
    """Print SMS segments and USSD pages of every screen, or the cost of a month.

    With --price and --monthly it prints the cost of a month in each language, if every text is
    answered with one screen: of average cost, and the most expensive one. Incoming texts and the
    rent of the number are not included.
    """


@texts(
    function="editorial.count_texts", examples=["""echo '{"text": "Hello"}' | rights-line count"""]
)
def count() -> None:
    """Count the SMS segments of texts.

    Reads lines of {"text": ...} from standard input and prints a line with encoding, units and
    segments for each.
    """


@texts(
    function="words.explain_texts",
    examples=[
        "rights-line explain 'he took my passport'",
        """echo '{"text": "doctor", "tag": "pl"}' | rights-line explain""",
    ],
)
@click.argument("text", required=False, metavar="[TEXT]", help="a text (default: standard input)")
@click.option("--tag", metavar="TAG", help="language of the session")
def explain() -> None:
    """Explain how texts are understood: the screen, the phrases, and the reason.

    Without TEXT, reads lines of {"text": ..., "tag": ...} from standard input and prints a line of
    JSON for each. The tag is the language of the session; without one, the text is a first text.
    """


@texts(function="editorial.draw_graph", examples=["rights-line graph --out screens.mmd"])
@click.option(
    "--out", type=FILE, metavar="FILE.mmd", help="file to write (default: standard output)"
)
def graph() -> None:
    """Draw all screens, their links and their SMS segments as a Mermaid flowchart.

    GitHub draws it in a `mermaid` block of Markdown; `mmdc` and https://mermaid.live make an SVG
    of it.
    """


@translation(
    function="new_language.new_language",
    examples=["rights-line new-language hu", "rights-line new-language cs --word CESTINA"],
)
@click.argument("tag", metavar="TAG", help="language tag (BCP 47), such as cs")
@click.option(
    "--word",
    default="",
    metavar="WORD",
    help="word that selects it, in capitals A to Z (default: from its own name)",
)
def new_language() -> None:
    """Start the translation of a language: row, folder, empty catalog, table of words.

    The row gets what Unicode CLDR knows, and `texts: started`: it can be exported, reviewed and
    approved at once, and the line serves it like a language that it only understands until the row
    says full or card. A language that is understood already keeps its words.
    """


@translation(function="review.export", examples=["rights-line export pl > pl.csv"])
@tag
def export() -> None:
    """Write a language as a CSV sheet with two columns: English, translation."""


@translation(
    function="review_page.write_page",
    examples=["rights-line review pl --out pl.html", "rights-line review en --out en.html"],
)
@tag
@click.option("--out", type=FILE, required=True, metavar="FILE.html", help="file to write")
def review() -> None:
    """Write a language as one HTML file, for a reviewer with a phone and no network.

    The reviewer opens the file in a browser, answers Right, Change or Not sure for each text, and
    sends a file back, for `rights-line import`. It asks only for the strings that lack an approval,
    and can be printed.
    """


@translation(
    function="review.import_file",
    examples=["rights-line import pl pl-native_reader-AB.json", "rights-line import pl < pl.csv"],
)
@tag
@click.argument(
    "file",
    required=False,
    type=FILE,
    metavar="[FILE]",
    help="file to read (default: standard input)",
)
@click.option(
    "--accept/--reject",
    default=None,
    help="apply every proposed change, or keep every one as an open question",
)
def import_command() -> None:
    """Read what a reviewer sent back: the file of a review page, or a corrected sheet.

    The file of a review page (JSON) records approvals and open questions. It is refused whole if a
    text has changed since the reader saw it. Its proposed changes are printed as a diff, and asked
    for one by one on a terminal; an accepted text must be approved like any other. A sheet (CSV)
    may be saved by Excel as "CSV UTF-8" or "Unicode Text"; `rights-line check` runs after it. With
    a problem nothing is changed.
    """


@translation(function="words.show_words", examples=["rights-line words pl > words.csv"])
@tag
def words() -> None:
    """Write what people may write as a CSV sheet: each concept, and the phrases for it.

    Phrases are separated by semicolons. A concept without a phrase is marked with ?.
    """


@translation(function="words.add_words", examples=["rights-line add-words pl words.csv"])
@tag
@click.argument("file", type=FILE, metavar="FILE", help="sheet (.csv) or .yaml file")
def add_words() -> None:
    """Add the phrases of a filled sheet to the words of a language.

    Reads a sheet of `rights-line words`, or a .yaml file of concepts and lists. A phrase that is
    reserved, or means something else in any language, is left out and printed. `rights-line check`
    runs next.
    """


@translation(
    function="review.approve_strings",
    examples=[
        "rights-line approve pl --role native_reader --by AB",
        "rights-line approve pl --role native_reader --by AB --core",
        "rights-line approve en --role lawyer --by CD --screens 4 41",
    ],
)
@tag
@click.argument(
    "more", metavar="[CODE or MSGCTXT]...", nargs=-1, help="more of these screens or strings"
)
@click.option("--role", required=True, type=click.Choice(ROLES), help="role of the reader")
@click.option(
    "--by",
    required=True,
    type=initials,
    metavar="INITIALS",
    help="initials of the reader, two to five letters",
)
@click.option(
    "--strings",
    multiple=True,
    metavar="MSGCTXT",
    help="approve only these strings (default: all)",
)
@click.option(
    "--screens", multiple=True, metavar="CODE", help="approve only the strings of these screens"
)
@click.option(
    "--core", is_flag=True, help="approve the screens with which the language can go live"
)
def approve() -> None:
    """Record that a reader approved the texts of a language.

    English must be approved by a practitioner and a lawyer, who are two people, any other language
    by a native reader. A language is offered when its core is approved: menu, 1, 11, 2 and 8. Any
    other screen is sent when it is approved, until then in English. A string that changes by one
    letter loses its approval, and with it the screens that show it.
    """


@translation(
    function="review.show_status", examples=["rights-line status", "rights-line status pl"]
)
@tags(
    help="languages to show with every string that lacks an approval"
    " (default: all, without these strings)"
)
@json
def status() -> None:
    """Show which languages are approved or lost approval, and overdue contacts."""


@translation(
    function="contacts.contacts",
    examples=[
        "rights-line contacts",
        "rights-line contacts --verified ROSA --on 2026-12-01 --by AB",
    ],
)
@click.option("--all", is_flag=True, help="list those that are not due, too")
@click.option("--verified", multiple=True, metavar="ID", help="contact to record, repeatable")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="day of the call (default: today)",
)
@click.option("--by", type=initials, metavar="INITIALS", help="initials of the person who called")
@json
def contacts() -> None:
    """List the contacts that are due for verification, with the questions to ask when calling.

    A contact is due 90 days after the last time, and listed 14 days before. Emergency numbers are
    compared with their source and not called. If an answer differs from the entry, correct the
    entry first; --verified then writes the dates and the initials into contacts.yaml. The line
    reads the file when it starts.
    """


@translation(function="review.script", examples=["rights-line script pl > pl.txt"])
@tag
def script() -> None:
    """Print the texts to record for calls, with the name of each recording."""


@printing(
    function="cards.print_cards",
    examples=[
        "rights-line card pl uk ar --out cards.pdf",
        "rights-line card pl --size a6 --out leaflets.pdf",
    ],
)
@tags(help="languages (default: all)")
@click.option("--out", type=FILE, required=True, metavar="FILE.pdf", help="file to write")
@click.option(
    "--size",
    type=click.Choice([*SIZES]),
    default="card",
    help="card (85 x 54 mm, the default) or a6 (leaflet)",
)
@click.option("--together", is_flag=True, help="put all languages on the same card")
def card() -> None:
    """Make keyword cards as PDF, for printing on both sides.

    Reads RIGHTS_LINE_NUMBER, RIGHTS_LINE_USSD and RIGHTS_LINE_PUBLIC_URL. A language that is not
    approved gets a card with the helplines only, unless RIGHTS_LINE_SERVE is drafts. `make
    print-tools` installs the programs that are needed.
    """


@printing(function="cards.write_codes", examples=["rights-line qr pl uk --out codes"])
@tags(help="languages (default: one code, for the web page of all languages)")
@click.option("--out", type=FILE, required=True, metavar="DIR", help="folder to write to")
def qr() -> None:
    """Write QR codes as SVG and PNG, for designers of brochures.

    Reads RIGHTS_LINE_NUMBER and RIGHTS_LINE_PUBLIC_URL.
    """


@operations(function="server.run", examples=["rights-line serve --listen 127.0.0.1:8000"])
@click.option("--listen", metavar="ADDRESS", help="such as 127.0.0.1:8000 or [::]:8000")
def serve() -> None:
    """Serve the line over HTTP until SIGTERM.

    Listens on the socket that systemd passes, on ADDRESS, on PORT at all addresses, or on
    127.0.0.1:8000. On SIGTERM it drains: /healthz answers 503 for three seconds while messages are
    still answered, and the process ends within eight. TLS is the task of a proxy in front of it.
    """


@operations(function="ops.run_doctor", examples=["rights-line doctor"])
@click.option("--quiet", is_flag=True, help="print problems only, for cron")
def doctor() -> None:
    """Check a deployment: channels, Redis, Twilio, contacts, approvals.

    Reads the environment variables of the deployment. Exits with 1 if there is a problem; each
    problem is printed with its fix.
    """


@operations(
    function="report.report",
    examples=[
        "rights-line report one.log other.log --quarter 2026-Q4",
        "rights-line report - --out report.html < line.log",
    ],
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
    type=picture_or_page,
    metavar="FILE",
    help="FILE.svg for the chart, FILE.html for the page with chart, tables and glossary",
)
def report() -> None:
    """Make the report of a quarter for those who pay for the line.

    Counts messages per month and channel in the logs, whose lines must begin with date and time,
    and answers by language, topic and helpline in the file of RIGHTS_LINE_COUNTS. Every number is a
    whole ten. Without --out it prints text.
    """


@operations(function="ops.show_sign_of_life", examples=["rights-line sign-of-life"])
@click.option(
    "--url",
    default="",
    metavar="URL",
    help="address to send it to, such as http://127.0.0.1:8000",
)
def sign_of_life() -> None:
    """Send the line a message, and print `alive` and the date if it answers.

    Reads the environment variables of the deployment, signs the message as the provider does and
    sends it to RIGHTS_LINE_PUBLIC_URL. What it prints has the same length every day. Exits with 1
    if the line does not answer.
    """


@operations(function="ops.fallback", examples=["rights-line fallback --voice"])
@click.option("--voice", is_flag=True, help="TwiML for calls (default: for SMS)")
@click.option("--text", is_flag=True, help="the helplines alone, for a proxy")
def fallback() -> None:
    """Print static TwiML with the helplines, for the provider's fallback URL."""


@operations(function="ops.purge_twilio", examples=["rights-line purge-twilio --older-than 30"])
@click.option(
    "--older-than",
    type=minutes,
    required=True,
    metavar="MINUTES",
    help="delete records that are older than this",
)
@click.option("--quiet", is_flag=True, help="print only if records are left")
def purge_twilio() -> None:
    """Delete finished messages and calls at Twilio.

    Reads TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Exits with 1 if older records are left.
    """


# Arguments are visible in `ps` and stay in the history of the shell.
@operations(function="ops.show_held", examples=["rights-line drill"])
@click.argument(
    "number",
    nargs=-1,
    metavar="[NUMBER]...",
    help="number such as +47...; if left out, the command asks for it, which keeps it out of the"
    " shell history",
)
@click.option(
    "--channel",
    multiple=True,
    type=click.Choice(available()),
    help="channel to search, repeatable (default: all)",
)
def drill() -> None:
    """Print what is stored about a phone number, to answer a legal demand.

    Reads REDIS_URL and RIGHTS_LINE_SECRET of the deployment, and changes nothing.
    """
