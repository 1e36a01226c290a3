"""Import the answers of a reviewer: approvals, open questions, and accepted changes.

The result must be about the texts as they are now; otherwise it is refused whole. A change is a
suggestion: once accepted, the new text is a draft that a reader must approve.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rights_line.content.files import catalogs
from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial import po_files
from rights_line.editorial.approve import (
    approvals_bytes,
    approvals_path,
    approvals_with_readings,
    approver_problems,
)
from rights_line.editorial.replace_files import replace_files
from rights_line.editorial.review import new_translations
from rights_line.editorial.review.new_translations import new_translation_problems
from rights_line.editorial.review.review_model import ReviewModel, review_model
from rights_line.editorial.review.review_result import PLACE, SEND_AGAIN, Answer, ReviewResult
from rights_line.errors import Problem

_READ_AGAIN = (
    "Make a new file with `rights-line review`, and load this one on its first page: the answers "
    "to unchanged texts are taken over"
)
_MIN_SHARE = 5  # a reader who needs less than a fifth of the estimated time has hardly read


@dataclass(frozen=True)
class Answered:
    """A string with the reader's answer and the translation that the reader saw."""

    text: EnglishString
    before: str
    answer: Answer
    seconds: int  # estimated to read it
    screen: str  # the first that shows it; none for a text of web pages or cards


@dataclass(frozen=True)
class Import:
    """A result that is about the present texts; `unread` strings have no answer."""

    result: ReviewResult
    answered: tuple[Answered, ...]
    unread: int

    def answers(self, answer: str) -> list[Answered]:
        """Return the strings with one kind of answer."""
        return [row for row in self.answered if row.answer.answer == answer]

    @property
    def is_hasty(self) -> bool:
        """Whether the reader needed less than a fifth of the estimated time."""
        return _is_hasty_reading(self.answered)

    @property
    def hasty_screens(self) -> list[str]:
        """The codes of the screens that took less than a fifth of their estimated time."""
        screens: dict[str, list[Answered]] = {}
        for row in self.answered:
            screens.setdefault(row.screen, []).append(row)
        return [code for code, rows in screens.items() if code and _is_hasty_reading(rows)]


def match(
    sources: ContentSources, root: Path, result: ReviewResult, problems: list[Problem]
) -> Import | None:
    """Return the answers with their strings, or None after adding every problem found."""
    tag = result.language
    model = review_model(sources, tag, root)
    texts = {(text.context, text.message): text for text in sources.string_approvals[tag].required}
    language = sources.languages[tag]
    rows = {row["id"]: row for row in model["strings"]}
    answered = tuple(
        _new_answered(texts[row["context"], row["english"]], row, answer)
        for answer in result.answers
        if (row := rows.get(answer.id))  # an unknown id is among the problems below
    )
    reading = {"role": result.role, "by": result.by}
    found = [
        *language.approvals.problems,
        *approver_problems(language, reading, [row.text for row in answered]),
        *_problems(result, model),
    ]
    problems += found
    if found:
        return None
    given = {answer.id for answer in result.answers}
    asked = [model["strings"][number]["id"] for number in model["ask"][result.role]]
    return Import(result, answered, len({*asked} - given))


def apply(
    sources: ContentSources, root: Path, imported: Import, accepted: Collection[Answered]
) -> list[Problem]:
    """Write the approvals, the questions and the accepted changes; with a problem, write nothing.

    A change that is not accepted is recorded as a question. English is changed in content/, so its
    changes are never accepted here.

    Raises:
        OSError: a file cannot be written; all files are as they were.
    """
    tag = imported.result.language
    language, problems, files = sources.languages[tag], list[Problem](), dict[Path, bytes]()
    if accepted:
        path = po_files.file_path(root, tag)
        changes = {row.text: row.answer.text for row in accepted}
        files[path] = new_translations.changed_catalog(path, changes, problems)
        entries = catalogs.parse(path, files[path], problems)
        problems += new_translation_problems(sources, tag, entries)
        language = replace(language, **entries._asdict())
    rows = (row for row in imported.answered if row not in accepted)
    readings = {row.text: _reading(imported.result, row.answer) for row in rows}
    approvals = approvals_bytes(approvals_with_readings(sources, language, readings))
    if not problems:
        # After a power cut between the two renames, the same file can be imported again.
        replace_files({approvals_path(root, tag): approvals, **files})
    return problems


def review_import_summary(imported: Import) -> Iterator[str]:
    """Yield what the operator must know before accepting: counts, own words, doubts, changes."""
    result = imported.result
    minutes = round(sum(answer.seconds for answer in result.answers) / 60)
    yield f"{result.language}: read by {result.by}, {result.role}, on {result.on}, {minutes} min"
    counts = {name: len(imported.answers(name)) for name in ("right", "change", "unsure")}
    yield (
        f"{counts['right']} right, {counts['change']} to change, {counts['unsure']} not sure, "
        f"{imported.unread} not read"
    )
    if imported.is_hasty:
        expected = round(sum(row.seconds for row in imported.answered) / 60)
        yield (
            f"WARNING: read in {minutes} min; about {expected} min were expected. "
            "Ask the reader before you accept it."
        )
    if imported.hasty_screens:
        yield f"screens read in less than a fifth of the time: {', '.join(imported.hasty_screens)}"
    for retelling in result.retellings:
        yield f"screen {retelling.screen} in the reader's words: {retelling.text}"
    for row in imported.answers("unsure"):
        yield f"not sure: {_place(row)}: {row.before}{_note(row)}"


def change_diff(row: Answered) -> str:
    """Return a proposed change as a diff."""
    english = f"{_place(row)}: {row.text.message}{_note(row)}"
    return f"{english}\n- {row.before}\n+ {row.answer.text}"


def _new_answered(text: EnglishString, row: ReviewModel, answer: Answer) -> Answered:
    return Answered(text, row["text"], answer, row["seconds"], "".join(row["codes"][:1]))


def _is_hasty_reading(rows: Collection[Answered]) -> bool:
    """Return whether strings took too little; a long look at one does not make up for others."""
    spent = sum(min(row.answer.seconds, row.seconds) for row in rows)
    return spent * _MIN_SHARE < sum(row.seconds for row in rows)


def _place(row: Answered) -> str:
    return f"{display_path(row.text.path)}:{row.text.line} [{row.text.context}]"


def _note(row: Answered) -> str:
    return f" ({row.answer.note})" if row.answer.note else ""


def _reading(result: ReviewResult, answer: Answer) -> Mapping[str, Any]:
    """Return the row of review.yaml: an approval, or a question."""
    reading: dict[str, Any] = {"role": result.role, "by": result.by, "on": result.on}
    if answer.answer != "right":
        more = {"answer": answer.answer, "suggestion": answer.text, "note": answer.note}
        reading |= {key: value for key, value in more.items() if value}
    return reading


def _problems(result: ReviewResult, model: ReviewModel) -> Iterator[Problem]:
    """Yield a problem for a result that another reader, text or version than the present gave."""
    rows = {row["id"]: row for row in model["strings"]}
    if len({answer.id for answer in result.answers}) < len(result.answers):
        yield Problem(PLACE, "must answer each string once", SEND_AGAIN)
    changed = sum(answer.id not in rows for answer in result.answers)
    if changed or result.read != model["read"]:
        what = (
            f"{changed} of the answered strings" if changed else "texts or numbers on its screens"
        )
        yield Problem(PLACE, f"is about an earlier version: {what} have changed", _READ_AGAIN)
    for answer in result.answers:
        row = rows.get(answer.id)
        if row and answer.answer == "right" and not row["text"]:
            yield Problem(f"{PLACE}, {row['context']}", "is right, but not translated", SEND_AGAIN)
        if row and answer.text and answer.text == row["text"]:
            summary = "is to change, but its new text is the old one"
            yield Problem(f"{PLACE}, {row['context']}", summary, SEND_AGAIN)
