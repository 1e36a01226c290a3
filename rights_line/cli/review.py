"""Commands for translators, readers and speakers: export, import, approve, status."""

import json
import sys
from codecs import BOM_UTF8

from rights_line import clock
from rights_line.cli.arguments import are_known_languages
from rights_line.cli.command import Options
from rights_line.cli.editorial import check
from rights_line.cli.review_page import import_result
from rights_line.content.loader import ContentSources
from rights_line.editorial.approve import Chosen, approve, today
from rights_line.editorial.sheets import translation_sheet
from rights_line.editorial.status import lines, status, summary
from rights_line.errors import ConfigurationError


def approve_strings(options: Options) -> int:
    """Record the approval of a language, or of some of its strings."""
    sources = ContentSources(options.root)
    if not _have_catalogs(sources, options.tag):
        return 1
    if sum(map(bool, (options.strings, options.screens, options.core))) > 1:
        print("Use one of --core, --screens and --strings.", file=sys.stderr)
        return 2
    if options.more and not (options.strings or options.screens):
        print("Write --screens before codes, or --strings before msgctxts.", file=sys.stderr)
        return 2
    reading = {"role": options.role, "by": options.by, "on": today()}
    try:
        number = approve(sources, options.root, options.tag, reading, _chosen(options, sources))
    except ConfigurationError as error:
        print("Nothing was approved:", *error.problems, sep="\n  ", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Nothing was approved: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{options.tag}: {number} strings approved by {options.by}, {options.role}.")
    print(f"{options.tag}: {summary(options.tag, ContentSources(options.root))}.")
    return 0


def _chosen(options: Options, sources: ContentSources) -> Chosen:
    """Return the strings that the options name."""
    if options.core:
        return Chosen(screens=sources.approval.core_codes)
    if options.screens:
        return Chosen(screens=(*options.screens, *options.more))
    return Chosen((*options.strings, *options.more))


def show_status(options: Options) -> int:
    """Print which languages are approved or lost approval, and overdue contacts."""
    sources = ContentSources(options.root)
    if not _have_catalogs(sources, *options.tags):
        return 1
    found = status(sources, options.tags, clock.now().date())
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(found, in_full=bool(options.tags))))
    return 0


def export(options: Options) -> int:
    """Write a language as a CSV sheet to standard output."""
    sources = ContentSources(options.root, incomplete=options.tag)
    if not _have_catalogs(sources, options.tag):
        return 1
    translation_sheet.export(sources, options.tag, sys.stdout)
    return 0


def import_file(options: Options) -> int:
    """Read a sheet (CSV) or the file of a review page (JSON), and write what it says."""
    sources = ContentSources(options.root, incomplete=options.tag)
    if not _have_catalogs(sources, options.tag):
        return 1
    try:
        data = options.file.read_bytes() if options.file else sys.stdin.buffer.read()
        is_json = data.removeprefix(BOM_UTF8).lstrip()[:1] == b"{"
        if is_json:
            return import_result(sources, options, data)
        is_written = _import_sheet(sources, options, data)
    except OSError as error:
        print(f"Nothing was changed: {error.strerror}.", file=sys.stderr)
        return 1
    return check(Options(json=False, release=False, root=options.root)) if is_written else 1


def _import_sheet(sources: ContentSources, options: Options, data: bytes) -> bool:
    """Write the translations of a sheet; return whether it had no problem."""
    changed, problems = translation_sheet.import_sheet(sources, options.root, options.tag, data)
    if problems:
        print(*problems, "The catalog is unchanged.", sep="\n", file=sys.stderr)
        return False
    print(f"{options.tag}: {changed} strings changed.")
    return True


def _have_catalogs(sources: ContentSources, *tags: str) -> bool:
    known = [tag for tag, language in sources.languages.items() if language.has_catalog]
    return are_known_languages(tags, known)
