"""The work of reviewers: read a language on a sheet, correct it there, and approve it."""

import csv
import datetime as dt
import re
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import yaml

from rights_line.content.approval_rule import missing_roles
from rights_line.content.approvals import COMPLETE, Approvals, fingerprint
from rights_line.content.catalogs import Entries, parse_catalog
from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.loader import ContentSources
from rights_line.content.source import SourceString
from rights_line.content.yaml_file import display_path
from rights_line.core.opening_hours import OSLO
from rights_line.editorial.lint import lint, missing
from rights_line.editorial.po_files import catalog_bytes, read_catalog
from rights_line.editorial.sheet_file import HEADING, SAVE_AGAIN, Row, read_sheet
from rights_line.errors import ConfigurationError, Problem

# A program that has no character for a letter writes "?" for it: "Pol?cja", "????".
_LOST_LETTER = re.compile(r"\?(?=[\w?])")
ABOUT = "# Who approved which exact string, by fingerprint; written by `rights-line approve`.\n"

Reading = Mapping[str, Any]


class _Dumper(yaml.SafeDumper):
    """Writes what is the same twice, such as a date, twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def approve(
    sources: ContentSources, root: Path, tag: str, reading: Reading, only: Collection[str] = ()
) -> int:
    """Record that somebody approved a language as it is said now; return how many strings.

    Args:
        sources: everything that is said now.
        root: the folder of locales/.
        tag: the language.
        reading: `role` (one of reviews.ROLES), `by` (initials), `on` (a date).
        only: the msgctxts to approve; empty: the whole language.

    Raises:
        Refused: a string is fuzzy or not translated, or a msgctxt is unknown; nothing is written.
    """
    texts = [text for text in sources.reviews[tag].required if not only or text.context in only]
    tongue = sources.languages[tag]
    if faults := [*_unknown(only, texts), *_untranslated(tongue, texts)]:
        raise ConfigurationError(faults)
    readings = {key: [*rows] for key, rows in tongue.approvals.readings.items()}
    for text in texts:
        said = tongue.translate(text.context, text.message) or ""
        rows = readings.setdefault(fingerprint(text, said), [])
        if (row := {**reading, "msgctxt": text.context}) not in rows:
            rows.append(row)
    approvals = replace(tongue.approvals, readings=readings)
    after = replace(tongue, approvals=approvals)
    if not any(missing_roles(after, text) for text in sources.reviews[tag].required):
        approvals = replace(approvals, complete=reading["on"])
    _write(root / "locales" / tag / "review.yaml", approvals)
    return len(texts)


def _unknown(only: Collection[str], texts: Collection[SourceString]) -> Iterator[Problem]:
    """Yield a fault for each msgctxt without a string to approve."""
    for context in sorted({*only} - {text.context for text in texts}):
        yield Problem(
            context, "has no string to approve", "Use a msgctxt of `rights-line status TAG`"
        )


def _untranslated(tongue: LanguageSource, texts: Iterable[SourceString]) -> Iterator[Problem]:
    """Yield a fault for each string of which there is nothing to approve."""
    catalog = f"locales/{tongue.language.tag}/LC_MESSAGES/messages.po"
    for text in texts:
        key = (text.context, text.message)
        if tongue.translate(*key) is None:
            line = tongue.fuzzy.get(key)
            place, state = (f"{catalog}:{line}", "fuzzy") if line else (catalog, "not translated")
            problem = f"{text.context} is {state}: {text.message[:40]!r}"
            yield Problem(place, problem, "Correct the translation, then approve it")


def _write(path: Path, approvals: Approvals) -> None:
    rows: dict[str, object] = {}
    if approvals.complete:
        rows[COMPLETE] = approvals.complete
    for key, readings in sorted(approvals.readings.items()):
        rows[key] = [dict(row) for row in readings]
    # The leaves in braces: a reading is a line.
    written = yaml.dump(rows, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=200)
    path.write_text(ABOUT + written, encoding="utf-8")


def export(sources: ContentSources, tag: str, stream: IO[str]) -> None:
    """Write a sheet of two columns: the English, and what is said for it."""
    sheet = csv.writer(stream, lineterminator="\n")
    sheet.writerow(HEADING)
    for text, label in _labels(sources.texts):
        sheet.writerow((label, sources.languages[tag].translate(text.context, text.message) or ""))


def import_sheet(
    sources: ContentSources, root: Path, tag: str, data: bytes
) -> tuple[int, list[Problem]]:
    """Put a sheet's second column into the catalog, as a whole or not at all.

    Args:
        sources: what the files hold now.
        root: the folder of locales/.
        tag: the language.
        data: the sheet, as a spreadsheet program saved it.

    Returns:
        How many strings were changed, and every fault; with a fault nothing is written.
    """
    faults: list[Problem] = []
    if tag == SOURCE:
        return 0, [Problem(tag, "is the source language", "Edit the files in content/ instead")]
    changes = _changes(sources, tag, read_sheet(data, faults), faults)
    path = root / "locales" / tag / "LC_MESSAGES" / "messages.po"
    if changes:
        updated = _updated(path, changes, faults)
        faults += _new_faults(sources, tag, parse_catalog(path, updated, faults))
        if not faults:
            _replace(path, updated)
    return len(changes), faults


def _changes(
    sources: ContentSources, tag: str, rows: Iterable[Row], faults: list[Problem]
) -> dict[SourceString, str]:
    """Return the texts that a sheet says otherwise than the catalog."""
    labels = {label: text for text, label in _labels(sources.texts)}
    given: dict[SourceString, str] = {}
    changes: dict[SourceString, str] = {}
    for row in rows:
        text = labels.get(row.label)
        if text is None:
            faults.append(row.fault("fits nowhere", "Export the sheet again: the English differs"))
            continue
        now = sources.languages[tag].translate(text.context, text.message) or ""
        if given.setdefault(text, row.translation) != row.translation:
            faults.append(row.fault("is there twice, with two translations", "Keep one of them"))
        elif row.translation != now:
            changes[text] = row.translation
            if now and not row.translation:
                faults.append(row.fault("has lost its translation", "Write it into the sheet"))
            if _LOST_LETTER.search(row.translation):
                faults.append(row.fault("has ? in place of a letter", SAVE_AGAIN))
    return changes


def _updated(path: Path, changes: Mapping[SourceString, str], faults: list[Problem]) -> bytes:
    """Return the catalog with the changes in it."""
    catalog = read_catalog(path)
    for text, translation in changes.items():
        message = catalog.get(text.message, text.context)
        if message is None:
            problem = f"lacks {text.context}: {text.message[:60]!r}"
            faults.append(
                Problem(display_path(path), problem, "Run make strings, then import again")
            )
        else:
            message.string = translation
            message.flags.discard("fuzzy")
    return catalog_bytes(catalog)


def _new_faults(sources: ContentSources, tag: str, entries: Entries) -> list[Problem]:
    """Return the faults that a language would have with these entries, and has not now."""
    tongue = replace(sources.languages[tag], **entries._asdict())
    candidate = sources.with_language(tongue)
    faults = list(candidate.problems(incomplete=tag)) or lint(candidate)
    if not faults:
        return []
    known = {*lint(sources), *missing(candidate, tag)}
    return [fault for fault in faults if fault not in known]


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is always the old one or the new one, and never half of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def today() -> dt.date:
    """Return the date to put to a reading."""
    return datetime.now(OSLO).date()


def _labels(texts: Iterable[SourceString]) -> list[tuple[SourceString, str]]:
    """Return each text with what stands for it on a sheet: its context too where two are alike."""
    rows = list(texts)
    alike: dict[str, int] = defaultdict(int)
    for text in rows:
        alike[text.message] += 1
    return [
        (text, text.message if alike[text.message] == 1 else f"[{text.context}] {text.message}")
        for text in rows
    ]
