"""The section "Approval": approve, status, contacts."""

from datetime import datetime
from functools import partial

import click

from rights_line import clock
from rights_line.cli import Invocation, all_or_nothing, command, pass_invocation
from rights_line.cli.shared import check_languages, date_option, tag_argument, tags_argument
from rights_line.content import ContentSources, rules
from rights_line.content.approval import core_codes
from rights_line.content.approvals_file import ROLES
from rights_line.content.yaml_file import display_path
from rights_line.editorial import approvals, contacts


def _parse_initials(text: str) -> str:
    if rules.INITIALS.allows(text):
        return text
    raise click.BadParameter(f'must be two to five letters, such as AB, got "{text}"')


initials_option = partial(click.option, "--by", type=_parse_initials, metavar="INITIALS")


@command(
    "rights-line approve pl --role native_reader --by AB",
    "rights-line approve pl --role native_reader --by AB --core",
    "rights-line approve en --role lawyer --by CD --screens 4 41",
)
@tag_argument
@click.argument("more", metavar="[CODE]...", nargs=-1, help="more screens, after --screens")
@click.option("--role", required=True, type=click.Choice(ROLES), help="role of the reader")
@initials_option(help="initials of the reader, two to five letters", required=True)
@click.option(
    "--screens", multiple=True, metavar="CODE", help="approve only the strings of these screens"
)
@click.option(
    "--core", is_flag=True, help="approve the screens with which the language can go live"
)
@pass_invocation
def approve_command(
    given: Invocation,
    tag: str,
    more: tuple[str, ...],
    role: str,
    by: str,
    screens: tuple[str, ...],
    core: bool,
) -> int:
    """Record that a reader approved the texts of a language.

    English must be approved by a practitioner and a lawyer, who are two people, any other language
    by a native reader. A language is offered when its core is approved, in it and in English: menu,
    1, 11, 12, 13, 2, 8, and the answers to thanks and the like. Any other screen is sent when it is
    approved, until then in English. A string that changes by one letter loses its approval, and
    with it the screens that show it.
    """
    sources = ContentSources(given.root)
    check_languages([tag], sources.languages)
    if core and screens:
        raise click.UsageError("Use --core or --screens.")
    if more and not screens:
        raise click.UsageError("Write --screens before codes.")
    if core:
        screens = core_codes(sources.tree)
    reading = {"role": role, "by": by, "on": clock.today()}
    with all_or_nothing("Nothing was approved"):
        number = approvals.record(sources, tag, reading, (*screens, *more))
    print(f"{tag}: {number} strings approved by {by}, {role}.")
    print(f"{tag}: {approvals.summary(tag, ContentSources(given.root))}.")
    return 0


@command("rights-line status", "rights-line status pl")
@tags_argument(
    help="languages to show with every string that lacks an approval"
    " (default: all, without these strings)"
)
@pass_invocation
def status_command(given: Invocation, tags: tuple[str, ...]) -> int:
    """Show which languages are approved or lost approval, and what is left to read."""
    sources = ContentSources(given.root)
    check_languages(tags, sources.languages)
    print(*approvals.status(sources, tags), sep="\n")
    return 0


@command("rights-line contacts", "rights-line contacts --verified ROSA --on 2026-12-01 --by AB")
@click.option("--all", "with_all", is_flag=True, help="list those that are not due, too")
@click.option("--verified", multiple=True, metavar="ID", help="contact to record, repeatable")
@date_option("--on", help="day of the call (default: today)")
@initials_option(help="initials of the person who called")
@pass_invocation
def contacts_command(
    given: Invocation,
    with_all: bool,
    verified: tuple[str, ...],
    on: datetime | None,
    by: str | None,
) -> int:
    """List the contacts that are due for verification, with the questions to ask.

    A contact is due 90 days after the last time, and listed 14 days before. Emergency numbers are
    compared with their source and not called. If an answer differs from the entry, correct the
    entry first; --verified then writes the dates and the initials into contacts.yaml. The line
    reads the file when it starts.
    """
    if bool(verified) != bool(by) or (on and not verified):
        raise click.UsageError("--verified and --by must be given together, --on only with them.")
    sources, today = ContentSources(given.root), clock.today()
    if by:
        day, names = on.date() if on else today, [name.lower() for name in verified]
        with all_or_nothing():
            due = contacts.verify(sources, names, day, by, today)
        path = display_path(sources.contact_rows.path)
        for name in names:
            print(f"{path}: {name} was verified on {day} by {by}, and is due by {due}.")
    elif lines := [*contacts.lines(sources, today, with_all)]:
        print(*lines, sep="\n")
    else:
        first = min(row.verify_by for row in sources.content.contacts.values())
        print(f"No contact is due; the first is due by {first}. --all lists them all.")
    return 0
