"""Import the answers of a reviewer: approvals, open questions, and accepted changes.

The result must be about the texts as they are now; otherwise it is refused whole. A change is a
suggestion: once accepted, the new text is a draft that a reader must approve.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from rights_line.content import ContentSources, approvals_file
from rights_line.content.yaml_file import display_path
from rights_line.editorial import approvals, po_files
from rights_line.editorial.lint import lint_texts, waiting_translations
from rights_line.editorial.review import ReviewModel, review_model
from rights_line.editorial.review.review_answers import (
    PLACE,
    SEND_AGAIN,
    Answer,
    Answered,
    Import,
    ReviewResult,
)
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import copied_texts, replace_files

_READ_AGAIN = (
    "Make a new file with `rights-line review`, and load this one on its first page: the answers "
    "to unchanged texts are taken over"
)


def match(sources: ContentSources, result: ReviewResult) -> Import:
    """Return the answers with their strings.

    Raises:
        ConfigurationError: another reader, text or version than the present gave the result.
    """
    tag = result.language
    model = review_model(sources, tag)
    texts = {text.key: text for text in sources.approvals[tag].required}
    language = sources.languages[tag]
    rows = {row["id"]: row for row in model["strings"]}
    answered = tuple(
        Answered(
            texts[row["context"], row["english"]],
            row["text"],
            answer,
            row["seconds"],
            "".join(row["codes"][:1]),
        )
        for answer in result.answers
        if (row := rows.get(answer.id))  # an unknown id is among the problems below
    )
    reading = {"role": result.role, "by": result.by}
    if problems := [
        *language.approvals.problems,
        *approvals.approver_problems(language, reading, [row.text for row in answered]),
        *_problems(result, model, answered),
    ]:
        raise ConfigurationError(problems)
    given = {answer.id for answer in result.answers}
    asked = [model["strings"][number]["id"] for number in model["ask"][result.role]]
    return Import(result, answered, len({*asked} - given))


def apply(sources: ContentSources, imported: Import, accepted: Collection[Answered]) -> None:
    """Write the approvals, the questions and the accepted changes, all or nothing.

    A change that is not accepted is recorded as a question. English is changed in content/, so its
    changes are never accepted here.

    Raises:
        ConfigurationError: an accepted text would be a problem of `rights-line check`.
        OSError: a file cannot be written; all files are as they were.
    """
    tag = imported.result.language
    language, files = sources.languages[tag], dict[Path, bytes]()
    changed = language
    if accepted:
        files[language.catalog_path] = _changed_catalog(language.catalog_path, accepted)
        with copied_texts(sources.root, files) as copy:
            after = ContentSources(copy)
        if problems := _new_problems(sources, after, tag):
            raise ConfigurationError(problems)
        changed = after.languages[tag]
    rows = (row for row in imported.answered if row not in accepted)
    readings = {row.text: _reading(imported.result, row.answer) for row in rows}
    given = approvals.with_readings(sources, changed, readings)
    # After a power cut between the two renames, the same file can be imported again.
    replace_files({language.review_path: approvals_file.encode(given), **files})


def _reading(result: ReviewResult, answer: Answer) -> Mapping[str, Any]:
    reading: dict[str, Any] = {"role": result.role, "by": result.by, "on": result.on}
    if answer.answer != "right":
        more = {"answer": answer.answer, "suggestion": answer.text, "note": answer.note}
        reading |= {key: value for key, value in more.items() if value}
    return reading


def _problems(
    result: ReviewResult, model: ReviewModel, answered: Collection[Answered]
) -> Iterator[Problem]:
    if len({answer.id for answer in result.answers}) < len(result.answers):
        yield Problem(PLACE, "must answer each string once", SEND_AGAIN)
    changed = len(result.answers) - len(answered)
    if changed or result.read != model["read"]:
        what = (
            f"{changed} of the answered strings" if changed else "texts or numbers on its screens"
        )
        yield Problem(PLACE, f"is about an earlier version: {what} have changed", _READ_AGAIN)
    for row in answered:
        place = f"{PLACE}, {row.text.context}"
        if row.answer.answer == "right" and not row.before:
            yield Problem(place, "is right, but not translated", SEND_AGAIN)
        if row.answer.text and row.answer.text == row.before:
            yield Problem(place, "is to change, but its new text is the old one", SEND_AGAIN)


def _changed_catalog(path: Path, accepted: Collection[Answered]) -> bytes:
    """Return a catalog with the accepted texts, which it must have."""
    catalog, problems = po_files.read_file(path), list[Problem]()
    for row in accepted:
        message = catalog.get(row.text.message, row.text.context)
        if message is None:
            summary = f"lacks {row.text.context}: {row.text.message[:60]!r}"
            fix = "Run make strings, then import again"
            problems.append(Problem(display_path(path), summary, fix))
        else:
            message.string = row.answer.text
            message.flags.discard("fuzzy")
    if problems:
        raise ConfigurationError(problems)
    return po_files.file_bytes(catalog)


def _new_problems(sources: ContentSources, changed: ContentSources, tag: str) -> list[Problem]:
    """Return the problems that a change of a language would add."""
    waiting = waiting_translations(changed, tag)
    known = {*map(_without_line, (*lint_texts(sources), *waiting))}
    return [problem for problem in lint_texts(changed) if _without_line(problem) not in known]


def _without_line(problem: Problem) -> tuple[str, str]:
    """Return place and summary without the line, which moves with the entries above it."""
    return re.sub(r":\d+$", "", problem.place), problem.summary
