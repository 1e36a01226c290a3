"""Commands about what is printed: keyword cards and QR codes."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rights_line.cards import pdf, qr
from rights_line.cards.model import card_of
from rights_line.cards.sheet import SIZES
from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.content.site import Site
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import Settings, language_problems, number_problems
from rights_line.web.app import make_site


def print_cards(options: argparse.Namespace) -> int:
    """Make keyword cards as PDF."""
    site = _site(options.environ)
    if not _are_offered(site, options.tags):
        return 1
    cards = [card_of(site, tag) for tag in options.tags or site.library.editions]
    for card in cards:
        if not card.topics:
            told = "is not approved: the numbers alone (or set RIGHTS_LINE_SERVE=drafts)"
            print(f"{card.language.tag} {told}", file=sys.stderr)
    try:
        made = pdf.pdf(cards, SIZES[options.size], options.together)
    except (ImportError, OSError):
        print("Cards need WeasyPrint and Pango: `make cards` installs both.", file=sys.stderr)
        return 1
    return _written(options.out, made)


def write_codes(options: argparse.Namespace) -> int:
    """Write QR codes as files: of each language, or with none of the address alone."""
    site = _site(options.environ)
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


def _site(environ: Mapping[str, str]) -> Site:
    """Return what cards are made of.

    Raises:
        Refused: with what is wrong in the variables, or that there is nowhere to lead to.
    """
    settings = Settings.from_environ(environ)
    sources = ContentSources(ROOT)
    faults = list(number_problems(environ, sources.content.contacts.values()))
    faults += language_problems(
        environ, [tag for tag, row in sources.languages.items() if row.has_texts]
    )
    if not (settings.number or settings.public_url):
        remedy = "Set it, or RIGHTS_LINE_PUBLIC_URL: a card without either leads nowhere"
        faults.append(Problem("RIGHTS_LINE_NUMBER", "is not set", remedy))
    if faults:
        raise ConfigurationError(faults)
    library = build_library(sources, settings.serve, settings.languages)
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
