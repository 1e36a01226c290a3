"""What reviewers do: read a language on a plain sheet, mend it there, and put their name to it."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO

import yaml
from babel.messages.pofile import read_po, write_po

from rights_line.assembly import Sources
from rights_line.content import Text
from rights_line.languages import SOURCE
from rights_line.reviews import fingerprint

HEADING = ("English", "translation")
ABOUT = "# Who has read which exact string, by fingerprint (`rights-line approve` writes it).\n"


def approve(
    sources: Sources, root: Path, tag: str, reading: dict[str, object], only: Collection[str]
) -> int:
    """Record that a language was read, and return how many strings.

    Args:
        sources: what is said now.
        root: the folder of locales/.
        tag: the language.
        reading: `role` (native reader, practitioner, lawyer), `by` (initials), `on` (a date).
        only: msgctxts to approve; none means the whole set.
    """
    tongue = sources.tongues[tag]
    approvals = {key: list(readings) for key, readings in tongue.approvals.items()}
    said = [
        (text, string)
        for text in sources.texts
        if (string := tongue.say(text.context, text.message)) is not None
        if not only or text.context in only
    ]
    for text, string in said:
        readings = approvals.setdefault(fingerprint(text, string), [])
        if reading not in readings:
            readings.append(dict(reading))
    path = root / "locales" / tag / "review.yaml"
    body = yaml.safe_dump({key: [*map(dict, rows)] for key, rows in sorted(approvals.items())})
    path.write_text(ABOUT + body, encoding="utf-8")
    return len(said)


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
