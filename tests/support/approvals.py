"""Approvals of a language, recorded in a copy of the content."""

from collections.abc import Collection
from pathlib import Path

from rights_line.clock import today
from rights_line.content import ContentSources
from rights_line.editorial import approvals

_Written = dict[Path, bytes]  # review.yaml of each language
_WRITTEN: dict[object, _Written] = {}  # by texts and readings: to record them takes 40 ms each

ENGLISH = (("en", "practitioner"), ("en", "lawyer"))
POLISH = (("pl", "native_reader"),)


def read_by(role: str) -> dict[str, object]:
    """Return an approval entry of today for a reader with a role; a lawyer is another person."""
    return {"role": role, "by": "CD" if role == "lawyer" else "AB", "on": today()}


def approve_as(folder: Path, *readings: tuple[str, str], screens: Collection[str] = ()) -> None:
    """Record approvals of the current texts: (language, role) pairs."""
    key = (texts_of(folder), readings, frozenset(screens))
    if key not in _WRITTEN:
        for tag, role in readings:
            sources = ContentSources(folder)
            approvals.record(sources, tag, read_by(role), screens)
        paths = {sources.languages[tag].review_path.relative_to(folder) for tag, _ in readings}
        _WRITTEN[key] = {path: (folder / path).read_bytes() for path in paths}
    for path, data in _WRITTEN[key].items():
        (folder / path).write_bytes(data)


def texts_of(folder: Path) -> frozenset[tuple[Path, bytes]]:
    """Return the files of a folder of texts: equal ones give equal models and approvals."""
    return frozenset(
        (path.relative_to(folder), path.read_bytes())
        for name in ("content", "locales")
        for path in (folder / name).rglob("*.*")
    )
