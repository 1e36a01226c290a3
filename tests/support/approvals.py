"""Approvals of a language, recorded in a copy of the content."""

from collections.abc import Collection
from pathlib import Path

from rights_line.clock import today
from rights_line.content.loader import ContentSources
from rights_line.editorial import approve
from rights_line.editorial.approve import Chosen

ENGLISH = (("en", "practitioner"), ("en", "lawyer"))
POLISH = (("pl", "native_reader"),)


def read_by(role: str) -> dict[str, object]:
    """Return an approval entry of today for a reader with a role; a lawyer is another person."""
    return {"role": role, "by": "CD" if role == "lawyer" else "AB", "on": today()}


def approve_as(
    folder: Path,
    *readings: tuple[str, str],
    only: Collection[str] = (),
    screens: Collection[str] = (),
) -> None:
    """Record approvals of the current texts: (language, role) pairs."""
    for tag, role in readings:
        approve.strings(ContentSources(folder), folder, tag, read_by(role), Chosen(only, screens))
