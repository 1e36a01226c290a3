"""The `rights-line` command."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from rights_line import doctor, reviewing
from rights_line.assembly import Sources, assemble
from rights_line.channels import available
from rights_line.channels.twilio_sms import twiml
from rights_line.channels.twilio_voice import spoken_twiml
from rights_line.chat import TALKS
from rights_line.core.messages import Reply
from rights_line.core.sms import count
from rights_line.costs import costs, table, totals
from rights_line.coverage import untold
from rights_line.drawing import svg
from rights_line.drill import drill
from rights_line.errors import Fault, Refused
from rights_line.graph import graph
from rights_line.lint import lint, overdue
from rights_line.outline import Outline
from rights_line.pages import Site, printing, qr
from rights_line.pages.cards import card_of
from rights_line.pages.sheets import SIZES
from rights_line.purge import purge
from rights_line.screens import screens
from rights_line.settings import Serve, Settings, number_faults
from rights_line.speech import to_record
from rights_line.startup import ROOT, make_site
from rights_line.twilio_client import twilio_client
from rights_line.web import OSLO

MOST_MINUTES = 5_256_000  # ten years
UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Python flushes again when it ends: give it somewhere to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def chat(options: argparse.Namespace) -> int:
    """Answer each line of standard input as one message of one person."""
    serve: Serve = "approved" if os.environ.get("RIGHTS_LINE_SERVE") == "approved" else "drafts"
    library = assemble(Sources(ROOT), serve)
    interactive = sys.stdin.isatty() and not options.plain
    if interactive:
        print(f"Texts: {serve}. One line is one message; Ctrl-D ends.")
    for number, reply in enumerate(TALKS[options.channel](library, _lines("> " * interactive))):
        shown = reply.text if options.plain else _measured(reply)
        print("\f" * (options.plain and bool(number)) + shown, flush=True)
    return 0


def check(options: argparse.Namespace) -> int:
    """Print every fault of the content and the catalogs."""
    try:
        sources = Sources(ROOT)
        faults = [*lint(sources), *untold(sources, ROOT), *overdue(sources)]
    except Refused as refused:
        faults = refused.faults
    if options.json:
        print(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(str, faults)) or "No faults.")
    return 1 if faults else 0


def show_costs(options: argparse.Namespace) -> int:
    """Print what everything costs to say."""
    rows = costs(assemble(Sources(ROOT), "drafts"))
    if options.json:
        print(json.dumps({"screens": rows, "totals": totals(rows)}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(table(rows)))
    return 0


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
    sources = Sources(ROOT)
    if unknown := set(options.tags) - sources.tongues.keys():
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
    sources = Sources(ROOT)
    picture = svg(graph(Outline(sources.content), assemble(sources, "drafts")))
    if options.out is None:
        print(picture, end="")
        return 0
    try:
        options.out.write_text(picture, encoding="utf-8")
    except OSError as error:
        print(f"{options.out}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def print_cards(options: argparse.Namespace) -> int:
    """Make keyword cards as PDF."""
    site = _site()
    if not _are_offered(site, options.tags):
        return 1
    cards = [card_of(site, tag) for tag in options.tags]
    for card in cards:
        if not card.topics:
            told = "is not approved: the numbers alone (or set RIGHTS_LINE_SERVE=drafts)"
            print(f"{card.language.tag} {told}", file=sys.stderr)
    try:
        made = printing.pdf(cards, SIZES[options.size], options.together)
    except (ImportError, OSError):
        print("WeasyPrint is not installed: pip install '.[print]'", file=sys.stderr)
        return 1
    return _written(options.out, made)


def write_codes(options: argparse.Namespace) -> int:
    """Write QR codes as files: of each language, or with none of the address alone."""
    site = _site()
    if not _are_offered(site, options.tags):
        return 1
    codes = {"www": qr.web(site.public_url)} if site.public_url and not options.tags else {}
    for tag in options.tags:
        if site.number:
            codes[f"{tag}-sms"] = qr.sms(site.number, site.library.languages[tag].word)
        if site.public_url:
            codes[f"{tag}-www"] = qr.web(site.public_url, tag)
    for name, text in codes.items():
        for kind, data in qr.files(text).items():
            if _written(options.out / f"{name}.{kind}", data):
                return 1
        print(f"{name}: {text}")
    return 0


def _site() -> Site:
    """Return what cards are made of.

    Raises:
        Refused: with what is wrong in the variables, or that there is nowhere to lead to.
    """
    settings = Settings.from_environ(os.environ)
    sources = Sources(ROOT)
    faults = list(number_faults(os.environ, sources.content.contacts.values()))
    if not (settings.number or settings.public_url):
        remedy = "Set it, or RIGHTS_LINE_PUBLIC_URL: a card without either leads nowhere"
        faults.append(Fault("RIGHTS_LINE_NUMBER", "is not set", remedy))
    if faults:
        raise Refused(faults)
    library = assemble(sources, settings.serve, settings.languages)
    return make_site(settings, sources, library)


def _are_offered(site: Site, tags: Sequence[str]) -> bool:
    offered = site.library.editions
    if unknown := [tag for tag in tags if tag not in offered]:
        print(f"No card in {', '.join(unknown)}. Use: {', '.join(offered)}", file=sys.stderr)
    return not unknown


def _written(path: Path, data: bytes) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def approve_strings(options: argparse.Namespace) -> int:
    """Record that somebody has read a language."""
    sources = Sources(ROOT)
    if not _is_spoken(sources, options.tag):
        return 1
    reading = {"role": options.role, "by": options.by, "on": reviewing.today()}
    count_of = reviewing.approve(sources, ROOT, options.tag, reading, options.strings)
    whole = "all of it" if Sources(ROOT).is_approved(options.tag) else "not yet all of it"
    print(f"{options.tag}: {count_of} strings read; {whole} is approved.")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a language as a sheet for a reviewer."""
    sources = Sources(ROOT)
    if not _is_spoken(sources, options.tag):
        return 1
    reviewing.export(sources, options.tag, sys.stdout)
    return 0


def import_sheet(options: argparse.Namespace) -> int:
    """Read a reviewer's sheet from standard input into the catalog."""
    sources = Sources(ROOT)
    if not _is_spoken(sources, options.tag):
        return 1
    try:
        lost = reviewing.import_sheet(sources, ROOT, options.tag, sys.stdin)
    except ValueError:
        print("Not a sheet of two columns, or English: mend that in content/.", file=sys.stderr)
        return 1
    for label in lost:
        print(f"fits nowhere: {label}", file=sys.stderr)
    return 1 if lost else check(argparse.Namespace(json=False))


def _is_spoken(sources: Sources, tag: str) -> bool:
    spoken = [name for name, tongue in sources.tongues.items() if tongue.spoken]
    if tag not in spoken:
        print(f"{tag} is not spoken. Use one of: {', '.join(spoken)}", file=sys.stderr)
    return tag in spoken


def fallback(options: argparse.Namespace) -> int:
    """Print what to put in a TwiML Bin."""
    library = assemble(Sources(ROOT))
    print(spoken_twiml(library.call.last_resort) if options.voice else twiml(library.last_resort))
    return 0


def script(options: argparse.Namespace) -> int:
    """Print what is to be read out, and the names of the recordings."""
    sources = Sources(ROOT)
    if not _is_spoken(sources, options.tag):
        return 1
    for name, text in to_record(sources.tongues[options.tag], Outline(sources.content)):
        print(f"== {name}\n{text}\n")
    return 0


def examine(options: argparse.Namespace) -> int:
    """Say whether the deployment that the environment describes keeps the promises."""
    found = doctor.examine(os.environ, ROOT)
    print("\n".join(found.lines()))
    return 1 if found.faults else 0


def purge_twilio(options: argparse.Namespace) -> int:
    """Delete what Twilio keeps of finished messages and calls; 1: something is left."""
    before = datetime.now(OSLO) - timedelta(minutes=options.older_than)
    tally = purge(twilio_client(os.environ), before)
    counts = f"deleted {tally.deleted}, not finished {tally.unfinished}, failed {tally.failed}"
    print(counts, flush=True)
    return 0 if tally.is_clean else 1


def show_held(options: argparse.Namespace) -> int:
    """Say what is held about a number."""
    number = " ".join(options.number)
    if not number:
        number = getpass.getpass("Number: ") if sys.stdin.isatty() else sys.stdin.readline()
    print("\n".join(drill(os.environ, number, options.channel or available())))
    return 0


def minutes(given: str) -> int:
    """Read how old something is; argparse shows the name of this function when it fails."""
    number = int(given)
    if not 0 <= number <= MOST_MINUTES:
        raise ValueError
    return number


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rights-line", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        return made

    talk = command("chat", chat, "Talk to the line; lines of a pipe are messages too.")
    talk.add_argument("--channel", choices=list(TALKS), default="sms")
    talk.add_argument("--plain", action="store_true", help="replies alone, a form feed between")
    command("check", check, "Name every fault of the content and the catalogs.").add_argument(
        "--json", action="store_true"
    )
    command("costs", show_costs, "Show segments and USSD pages of every screen.").add_argument(
        "--json", action="store_true"
    )
    command("count", measure, 'Read lines of {"text": ...}, write what each costs as SMS.')
    listing = command("screens", show_screens, "Show everything that is said.")
    listing.add_argument("tags", nargs="*", metavar="TAG", help="languages; none means all")
    listing.add_argument("--json", action="store_true")
    picture = command("graph", draw, "Draw the tree of screens, with SMS segments by language.")
    picture.add_argument("--out", type=Path, metavar="FILE.svg", help="else standard output")
    cards = command("card", print_cards, "Make keyword cards, to print on both sides and fold.")
    cards.add_argument("tags", nargs="+", metavar="TAG")
    cards.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    cards.add_argument("--size", choices=list(SIZES), default="card", help="85 x 54 mm, A6")
    cards.add_argument("--together", action="store_true", help="all languages on one card")
    codes = command("qr", write_codes, "Write the QR codes of languages, as SVG and PNG.")
    codes.add_argument("tags", nargs="*", metavar="TAG", help="none: the address of all languages")
    codes.add_argument("--out", type=Path, required=True, metavar="DIR")
    reading = command("approve", approve_strings, "Record that somebody has read a language.")
    reading.add_argument("tag", metavar="TAG")
    reading.add_argument("--role", required=True, help="native reader, practitioner, lawyer ...")
    reading.add_argument("--by", default="unnamed", help="the reader's initials")
    reading.add_argument("--strings", nargs="+", default=[], metavar="MSGCTXT", help="only these")
    command("export", export, "Write a language as a sheet: English, translation.").add_argument(
        "tag", metavar="TAG"
    )
    command("import", import_sheet, "Read such a sheet from standard input.").add_argument(
        "tag", metavar="TAG"
    )
    command(
        "fallback", fallback, "Print the static TwiML for the provider's fallback URL."
    ).add_argument("--voice", action="store_true", help="for calls")
    command("script", script, "Print what is to be read out for recordings.").add_argument(
        "tag", metavar="TAG"
    )
    purging = command("purge-twilio", purge_twilio, "Delete finished messages and calls at Twilio.")
    purging.add_argument("--older-than", type=minutes, required=True, metavar="MINUTES")
    asking = command("drill", show_held, "Say what is held about a number, for a legal demand.")
    # On the command line it is in the list of processes, and in the shell's history.
    asking.add_argument("number", nargs="*", metavar="NUMBER", help="+47...; better asked for")
    asking.add_argument("--channel", action="append", choices=available(), help="(all)")
    command("doctor", examine, "Say whether a deployment keeps the promises (reads its variables).")
    return parser
