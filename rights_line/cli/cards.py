"""Commands for printed material: keyword cards and QR codes."""

import sys
from collections.abc import Mapping
from pathlib import Path

from rights_line.cards import pdf, qr
from rights_line.cards.card_model import card_of
from rights_line.cards.sheet import SIZES
from rights_line.cli.arguments import are_known_languages
from rights_line.cli.command import Options
from rights_line.cli.output import write_output
from rights_line.cli.terminal import progress
from rights_line.content.loader import ContentSources, build_library
from rights_line.content.site import Site
from rights_line.content.texts_folder import ROOT
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import Settings, language_problems, number_problems
from rights_line.web.app import make_site


def print_cards(options: Options) -> int:
    """Make keyword cards as PDF."""
    site = _site(options.environ, options.root)
    if not are_known_languages(options.tags, site.library.editions):
        return 1
    cards = [card_of(site, tag) for tag in options.tags or site.library.editions]
    for card in cards:
        if not card.topics:
            message = "is not approved: its card has the helplines only. For drafts set"
            print(f"{card.language.tag} {message} RIGHTS_LINE_SERVE=drafts.", file=sys.stderr)
    try:
        with progress("Cards", 2 * len(cards)) as advance:
            data = pdf.pdf(cards, SIZES[options.size], options.together, advance)
    except (ImportError, OSError):
        print(f"Cards need WeasyPrint and Pango: {_installation()}.", file=sys.stderr)
        return 1
    return 0 if write_output(options.out, data) else 1


def write_codes(options: Options) -> int:
    """Write QR codes of languages, or of the web page of all languages, as files."""
    site = _site(options.environ, options.root)
    if not are_known_languages(options.tags, site.library.editions):
        return 1
    codes = {"www": qr.web(site.public_url)} if site.public_url and not options.tags else {}
    for tag in options.tags:
        if site.number:
            codes[f"{tag}-sms"] = qr.sms(site.number, site.library.languages[tag].word)
        if site.public_url:
            codes[f"{tag}-www"] = qr.web(site.public_url, tag)
    for name, text in codes.items():
        for kind, data in qr.files(text).items():
            if not write_output(options.out / f"{name}.{kind}", data):
                return 1
        print(f"{name}: {text}")
    return 0


def _installation() -> str:
    """Return how WeasyPrint is installed beside this line."""
    if (ROOT / "Makefile").exists():
        return f"`make -C {ROOT} print-tools` installs both"
    return "`pip install weasyprint`, and install Pango as a package of your system"


def _site(environ: Mapping[str, str], root: Path) -> Site:
    """Return the library with the number and addresses to print.

    Raises:
        ConfigurationError: a variable is malformed, or neither number nor address is set.
    """
    settings = Settings.from_environ(environ)
    sources = ContentSources(root)
    problems = list(number_problems(environ, sources.content.contacts.values()))
    problems += language_problems(
        environ, [tag for tag, row in sources.languages.items() if row.has_texts]
    )
    if not (settings.number or settings.public_url):
        problem = "must be set, or RIGHTS_LINE_PUBLIC_URL: a card needs a number or an address"
        problems.append(Problem("RIGHTS_LINE_NUMBER", problem, "Set at least one of them"))
    if problems:
        raise ConfigurationError(problems)
    library = build_library(sources, settings.serve, settings.languages)
    return make_site(settings, sources, library)
