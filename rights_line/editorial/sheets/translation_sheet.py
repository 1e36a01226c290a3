"""Export a language as a CSV sheet for a reviewer, and import the corrected sheet."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from rights_line.content.files.catalogs import Entries, parse_catalog
from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.languages import ENGLISH
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial.lint.lint_texts import lint_missing_translations, lint_texts
from rights_line.editorial.po_files import po_file_bytes, po_file_path, read_po_file
from rights_line.editorial.replace_files import replace_files
from rights_line.editorial.sheets.sheet_file import HEADING, SAVE_AGAIN, SheetRow, read_sheet_file
from rights_line.errors import Problem

# Programs write "?" for a letter that their encoding lacks: "Pol?cja", "????".
_LOST_LETTER = re.compile(r"\?(?=[\w?])")


def export_translation_sheet(sources: ContentSources, tag: str, stream: IO[str]) -> None:
    """Write a sheet of two columns: each English text and its translation."""
    sheet = csv.writer(stream, lineterminator="\n")
    sheet.writerow(HEADING)
    for text, label in _translation_labels(sources.texts):
        sheet.writerow((label, sources.languages[tag].translate(text.context, text.message) or ""))


def import_translation_sheet(
    sources: ContentSources, root: Path, tag: str, data: bytes
) -> tuple[int, list[Problem]]:
    """Write the translations of a sheet to the catalog; with a problem, write none.

    Return the number of changed strings, and every problem. `data` is the sheet as a spreadsheet
    program saved it.
    """
    problems: list[Problem] = []
    if tag == ENGLISH:
        return 0, [Problem(tag, "is the source language", "Edit the files in content/ instead")]
    changes = _changed_translations(sources, tag, read_sheet_file(data, problems), problems)
    path = po_file_path(root, tag)
    if changes:
        updated = catalog_with_translations(path, changes, problems)
        problems += new_translation_problems(sources, tag, parse_catalog(path, updated, problems))
        if not problems:
            replace_files({path: updated})
    return len(changes), problems


def _changed_translations(
    sources: ContentSources, tag: str, rows: Iterable[SheetRow], problems: list[Problem]
) -> dict[EnglishString, str]:
    labels = {label: text for text, label in _translation_labels(sources.texts)}
    seen: dict[EnglishString, str] = {}
    changes: dict[EnglishString, str] = {}
    for row in rows:
        text = labels.get(row.label)
        if text is None:
            fix = "Export the sheet again: the English text has changed or was edited"
            problems.append(row.sheet_row_problem("matches no English text", fix))
            continue
        current = sources.languages[tag].translate(text.context, text.message) or ""
        if seen.setdefault(text, row.translation) != row.translation:
            problems.append(
                row.sheet_row_problem("has two different translations", "Keep one of them")
            )
        elif row.translation != current:
            changes[text] = row.translation
            if current and not row.translation:
                problems.append(
                    row.sheet_row_problem("has lost its translation", "Write it into the sheet")
                )
            if _LOST_LETTER.search(row.translation):
                problems.append(row.sheet_row_problem("has ? in place of a letter", SAVE_AGAIN))
    return changes


def catalog_with_translations(
    path: Path, changes: Mapping[EnglishString, str], problems: list[Problem]
) -> bytes:
    """Return a catalog with other translations of some texts, adding every problem found."""
    catalog = read_po_file(path)
    for text, translation in changes.items():
        message = catalog.get(text.message, text.context)
        if message is None:
            problem = f"lacks {text.context}: {text.message[:60]!r}"
            fix = "Run make strings, then import again"
            problems.append(Problem(display_path(path), problem, fix))
        else:
            message.string = translation
            message.flags.discard("fuzzy")
    return po_file_bytes(catalog)


def new_translation_problems(sources: ContentSources, tag: str, entries: Entries) -> list[Problem]:
    """Return the problems that new catalog entries would add to a language."""
    candidate = sources.with_language_source(replace(sources.languages[tag], **entries._asdict()))
    problems = list(candidate.source_problems()) or lint_texts(candidate)
    if not problems:
        return []
    known = {
        *map(
            _translation_problem_key,
            (*lint_texts(sources), *lint_missing_translations(candidate, tag)),
        )
    }
    return [problem for problem in problems if _translation_problem_key(problem) not in known]


def _translation_problem_key(problem: Problem) -> tuple[str, str]:
    """Return a problem without its line, which moves with the entries above it."""
    return re.sub(r":\d+$", "", problem.place), problem.summary


def _translation_labels(texts: Sequence[EnglishString]) -> list[tuple[EnglishString, str]]:
    """Return each text with a unique label: the English, with its msgctxt if needed."""
    uses = Counter(text.message for text in texts)
    return [
        (text, text.message if uses[text.message] == 1 else f"[{text.context}] {text.message}")
        for text in texts
    ]
