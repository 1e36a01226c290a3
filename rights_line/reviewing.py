"""The work of reviewers: read a language on a sheet, correct it there, and approve it."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import yaml
from babel.messages.pofile import read_po, write_po

from rights_line.approval import missing_roles
from rights_line.assembly import Sources
from rights_line.content import Text
from rights_line.errors import Fault, Refused
from rights_line.languages import SOURCE, Tongue
from rights_line.reviews import COMPLETE, Approvals, fingerprint

HEADING = ("English", "translation")
ABOUT = "# Who approved which exact string, by fingerprint; written by `rights-line approve`.\n"

Reading = Mapping[str, Any]


class _Dumper(yaml.SafeDumper):
    """Writes what is the same twice, such as a date, twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def approve(
    sources: Sources, root: Path, tag: str, reading: Reading, only: Collection[str] = ()
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
    tongue = sources.tongues[tag]
    if faults := [*_unknown(only, texts), *_untranslated(tongue, texts)]:
        raise Refused(faults)
    readings = {key: [*rows] for key, rows in tongue.approvals.readings.items()}
    for text in texts:
        said = tongue.say(text.context, text.message) or ""
        rows = readings.setdefault(fingerprint(text, said), [])
        if (row := {**reading, "msgctxt": text.context}) not in rows:
            rows.append(row)
    approvals = replace(tongue.approvals, readings=readings)
    after = replace(tongue, approvals=approvals)
    if not any(missing_roles(after, text) for text in sources.reviews[tag].required):
        approvals = replace(approvals, complete=reading["on"])
    _write(root / "locales" / tag / "review.yaml", approvals)
    return len(texts)


def _unknown(only: Collection[str], texts: Collection[Text]) -> Iterator[Fault]:
    """Yield a fault for each msgctxt without a string to approve."""
    for context in sorted({*only} - {text.context for text in texts}):
        yield Fault(
            context, "has no string to approve", "Use a msgctxt of `rights-line status TAG`"
        )


def _untranslated(tongue: Tongue, texts: Iterable[Text]) -> Iterator[Fault]:
    """Yield a fault for each string of which there is nothing to approve."""
    catalog = f"locales/{tongue.language.tag}/LC_MESSAGES/messages.po"
    for text in texts:
        key = (text.context, text.message)
        if tongue.say(*key) is None:
            line = tongue.fuzzy.get(key)
            place, state = (f"{catalog}:{line}", "fuzzy") if line else (catalog, "not translated")
            problem = f"{text.context} is {state}: {text.message[:40]!r}"
            yield Fault(place, problem, "Correct the translation, then approve it")


def _write(path: Path, approvals: Approvals) -> None:
    rows: dict[str, object] = {}
    if approvals.complete:
        rows[COMPLETE] = approvals.complete
    for key, readings in sorted(approvals.readings.items()):
        rows[key] = [dict(row) for row in readings]
    # The leaves in braces: a reading is a line.
    written = yaml.dump(rows, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=200)
    path.write_text(ABOUT + written, encoding="utf-8")


def export(sources: Sources, tag: str, stream: IO[str]) -> None:
    """Write a sheet of two columns: the English, and what is said for it."""
    sheet = csv.writer(stream, lineterminator="\n")
    sheet.writerow(HEADING)
    for text, label in _labels(sources.texts):
        sheet.writerow((label, sources.tongues[tag].say(text.context, text.message) or ""))


def import_sheet(sources: Sources, root: Path, tag: str, stream: Iterable[str]) -> list[str]:
    """Put a sheet's second column into the catalog; return the rows that fit nowhere.

    Raises:
        ValueError: the language is the source, which is mended in content/, or the sheet is none.
    """
    rows = list(csv.reader(stream))
    if tag == SOURCE or not rows or any(len(row) != len(HEADING) for row in rows):
        raise ValueError(tag)
    given = {label: translation for label, translation in rows if (label, translation) != HEADING}
    labels = {label: text for text, label in _labels(sources.texts)}
    path = root / "locales" / tag / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalog = read_po(source)
    for label, translation in given.items():
        if label in labels:
            message = catalog.get(labels[label].message, labels[label].context)
            if message:
                message.string = translation
                message.flags.discard("fuzzy")
    with path.open("wb") as sink:
        write_po(sink, catalog, width=0)
    return sorted(given.keys() - labels.keys())


def today() -> dt.date:
    """Return the date to put to a reading."""
    return dt.datetime.now().astimezone().date()


def _labels(texts: Iterable[Text]) -> list[tuple[Text, str]]:
    """Return each text with what stands for it on a sheet: its context too where two are alike."""
    rows = list(texts)
    alike: dict[str, int] = defaultdict(int)
    for text in rows:
        alike[text.message] += 1
    return [
        (text, text.message if alike[text.message] == 1 else f"[{text.context}] {text.message}")
        for text in rows
    ]
