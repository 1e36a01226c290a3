"""Are the numbers verified in time, as far as the clock of this machine can tell?"""

from collections.abc import Iterator
from datetime import date

from rights_line.content.loader import ContentSources
from rights_line.editorial.lint import overdue_contacts
from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report


def look(sources: ContentSources, today: date) -> Report:
    """Return when the contacts were verified; a due contact or an impossible date is a fault."""
    faults = [*_clock_faults(sources, today), *overdue_contacts(sources, today)]
    if faults:
        return Report(problems=faults)
    days = (today - min(row.verified_on for row in sources.content.contacts.values())).days
    return Report([f"contacts: compared with their sources {days} days ago"])


def _clock_faults(sources: ContentSources, today: date) -> Iterator[Problem]:
    latest = max(row.verified_on for row in sources.content.contacts.values())
    if latest > today:
        problem = f"must not be before {latest}, when contacts were verified, got {today}"
        remedy = "Set it (`timedatectl set-ntp true`), or correct verified_on in contacts.yaml"
        yield Problem("The clock", problem, remedy)
