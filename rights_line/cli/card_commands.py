"""The section "Cards and QR codes": card, qr."""

import sys
from pathlib import Path

import click

from rights_line.cards import call_link, card_of, page_url, qr_files, sms_text
from rights_line.cards.pdf import cards_pdf
from rights_line.cli import Invocation, Refused, command, pass_invocation
from rights_line.cli.shared import FILE, check_languages, open_built, tags_argument, write_output
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.assembly import library_of
from rights_line.library.site import Site
from rights_line.settings import Settings, number_setting_problems
from rights_line.settings.variable import variable_list
from rights_line.web import app


@command("rights-line card pl uk ar --out cards.pdf")
@tags_argument(help="languages (default: all)")
@click.option("--out", type=FILE, required=True, metavar="FILE.pdf", help="file to write")
@pass_invocation
def card_command(given: Invocation, tags: tuple[str, ...], out: Path) -> int:
    """Make keyword cards as PDF, 85 x 67.5 mm, for printing on both sides.

    Reads RIGHTS_LINE_NUMBER, RIGHTS_LINE_USSD and RIGHTS_LINE_PUBLIC_URL. A language that is not
    approved gets a card with the helplines only, unless RIGHTS_LINE_SERVE is drafts. `make
    print-tools` installs the programs that are needed.
    """
    site = _site(given, tags)
    cards = [card_of(site, tag) for tag in tags or site.library.editions]
    for one in cards:
        if not one.topics:
            message = "is not approved: its card has the helplines only. For drafts set"
            print(f"{one.language.tag} {message} RIGHTS_LINE_SERVE=drafts.", file=sys.stderr)
    try:
        data = cards_pdf(cards)
    except (ImportError, OSError):
        fix = "`make print-tools` installs them in a checkout"
        raise Refused(f"Cards need WeasyPrint and Pango: {fix}.") from None
    write_output(out, data)
    return 0


@command("rights-line qr pl uk --out codes")
@tags_argument(help="languages (default: one code, for the web page of all languages)")
@click.option("--out", type=FILE, required=True, metavar="DIR", help="folder to write to")
@pass_invocation
def qr_command(given: Invocation, tags: tuple[str, ...], out: Path) -> int:
    """Write QR codes as SVG and PNG, for designers of brochures.

    Reads RIGHTS_LINE_NUMBER, RIGHTS_LINE_PUBLIC_URL and CHANNELS.
    """
    site = _site(given, tags)
    codes = {"www": page_url(site.public_url)} if site.public_url and not tags else {}
    for tag in tags:
        if site.number:
            codes[f"{tag}-sms"] = sms_text(site.number, site.library.languages[tag].word)
        if site.takes_calls and site.number:
            codes[f"{tag}-call"] = call_link(site.number, site.library.languages[tag].number)
        if site.public_url:
            codes[f"{tag}-www"] = page_url(site.public_url, tag)
    for name, text in codes.items():
        for kind, data in qr_files(text).items():
            write_output(out / f"{name}.{kind}", data)
        print(f"{name}: {text}")
    return 0


def _site(given: Invocation, tags: tuple[str, ...]) -> Site:
    settings, built = Settings.from_environ(given.environ), open_built(given)
    problems = list(number_setting_problems(given.environ, built.pages.contacts.values()))
    if not (settings.number or settings.public_url):
        problem = "must be set, or RIGHTS_LINE_PUBLIC_URL: a card needs a number or an address"
        problems.append(Problem("RIGHTS_LINE_NUMBER", problem, "Set at least one of them"))
    if problems:
        raise ConfigurationError(problems)
    library = library_of(built)
    check_languages(tags, library.editions)
    return app.build_site(settings, built, library, variable_list(given.environ, "CHANNELS"))
