"""Check that the contacts have been verified in time."""

from collections.abc import Iterator
from datetime import date

from rights_line.content.loader import ContentSources
from rights_line.editorial.lint import overdue_contacts
from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report


def check_contacts(sources: ContentSources, today: date) -> Report:
    """Report overdue contacts, and a clock that is before the last verification."""
    problems = [*_clock_problems(sources, today), *overdue_contacts(sources, today)]
    if problems:
        return Report(problems=problems)
    first = min(contact.verified_on for contact in sources.content.contacts.values())
    return Report([f"contacts: verified {(today - first).days} days ago"])


def _clock_problems(sources: ContentSources, today: date) -> Iterator[Problem]:
    latest = max(contact.verified_on for contact in sources.content.contacts.values())
    if latest > today:
        summary = f"must not be before {latest}, when contacts were verified, got {today}"
        fix = "Set it (`timedatectl set-ntp true`), or correct verified_on in contacts.yaml"
        yield Problem("The clock", summary, fix)
