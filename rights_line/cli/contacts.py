"""The command that keeps contacts true: list those that are due, and record the answers."""

import json
import sys

import click

from rights_line import clock
from rights_line.cli.command import Options
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial.contacts import contact_rows, lines
from rights_line.editorial.verify_contacts import verify
from rights_line.errors import ConfigurationError


def contacts(options: Options) -> int:
    """List the contacts that are due, or record that some were verified."""
    if bool(options.verified) != bool(options.by) or (options.on and not options.verified):
        raise click.UsageError("--verified and --by must be given together, --on only with them.")
    return _record(options) if options.verified else _list(options)


def _list(options: Options) -> int:
    sources = ContentSources(options.root)
    rows = contact_rows(sources, clock.now().date(), options.all)
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif rows:
        print(*lines(rows), sep="\n")
    else:
        first = min(row.verify_by for row in sources.content.contacts.values())
        print(f"No contact is due; the first is due by {first}. --all lists them all.")
    return 0


def _record(options: Options) -> int:
    sources, today = ContentSources(options.root), clock.now().date()
    on = options.on.date() if options.on else today
    names = [name.lower() for name in options.verified]
    try:
        due = verify(sources, names, on, options.by, today)
    except ConfigurationError as error:
        print("Nothing was changed:", *error.problems, sep="\n  ", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Nothing was changed: {error.strerror}.", file=sys.stderr)
        return 1
    path = display_path(sources.contacts_file)
    for name in names:
        print(f"{path}: {name} was verified on {on} by {options.by}, and is due by {due}.")
    return 0
