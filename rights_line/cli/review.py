"""Commands for those who translate, read aloud, and approve."""

import argparse
import json
import sys
from datetime import datetime

from rights_line.cli.editorial import check
from rights_line.content.loader import ROOT, ContentSources
from rights_line.content.screen_tree import ScreenTree
from rights_line.content.speech import recording_script
from rights_line.core.opening_hours import OSLO
from rights_line.editorial import review_sheets
from rights_line.editorial.approve import approve, today
from rights_line.editorial.status import lines, status, summary
from rights_line.errors import ConfigurationError


def approve_strings(options: argparse.Namespace) -> int:
    """Record that somebody approved a language, or some of its strings."""
    sources = ContentSources(ROOT)
    if not _is_spoken(sources, options.tag):
        return 1
    reading = {"role": options.role, "by": options.by, "on": today()}
    try:
        number = approve(sources, ROOT, options.tag, reading, options.strings)
    except ConfigurationError as refused:
        print("Nothing was approved:", *refused.problems, sep="\n  ", file=sys.stderr)
        return 1
    print(f"{options.tag}: {number} strings approved by {options.by}, {options.role}.")
    print(f"{options.tag}: {summary(options.tag, ContentSources(ROOT))}.")
    return 0


def show_status(options: argparse.Namespace) -> int:
    """Print which languages are approved, which lost that, and which contacts are due."""
    sources = ContentSources(ROOT)
    if not all(_is_spoken(sources, tag) for tag in options.tags):
        return 1
    found = status(sources, options.tags, datetime.now(OSLO).date())
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(found, in_full=bool(options.tags))))
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a language as a sheet for a reviewer."""
    sources = ContentSources(ROOT, incomplete=options.tag)
    if not _is_spoken(sources, options.tag):
        return 1
    review_sheets.export(sources, options.tag, sys.stdout)
    return 0


def import_sheet(options: argparse.Namespace) -> int:
    """Read a reviewer's sheet from standard input into the catalog."""
    sources = ContentSources(ROOT, incomplete=options.tag)
    if not _is_spoken(sources, options.tag):
        return 1
    try:
        changed, faults = review_sheets.import_sheet(
            sources, ROOT, options.tag, sys.stdin.buffer.read()
        )
    except OSError as error:
        print(f"The catalog is unchanged: {error.strerror}.", file=sys.stderr)
        return 1
    if faults:
        print(*faults, "The catalog is unchanged.", sep="\n", file=sys.stderr)
        return 1
    print(f"{options.tag}: {changed} strings changed.")
    return check(argparse.Namespace(json=False))


def script(options: argparse.Namespace) -> int:
    """Print what is to be read out, and the names of the recordings."""
    sources = ContentSources(ROOT)
    if not _is_spoken(sources, options.tag):
        return 1
    for name, text in recording_script(sources.languages[options.tag], ScreenTree(sources.content)):
        print(f"== {name}\n{text}\n")
    return 0


def _is_spoken(sources: ContentSources, tag: str) -> bool:
    spoken = [name for name, tongue in sources.languages.items() if tongue.has_texts]
    if tag not in spoken:
        print(f"{tag} is not spoken. Use one of: {', '.join(spoken)}", file=sys.stderr)
    return tag in spoken
