"""Read the file that a reviewer sends back (JSON), and check that it is well-formed.

A file with one problem is refused whole. Texts are on one line, in NFC, without invisible control
characters: they are shown to the operator and may be written to the catalog.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rights_line.content.files.yaml_mapping import INITIALS
from rights_line.editorial.review.review_model import FORMAT
from rights_line.errors import Problem

PLACE = "review file"
SEND_AGAIN = "Ask the reader to send the file again, unchanged"
_MAX_TEXT, _MAX_SECONDS, _MAX_RETELLINGS = 2000, 1_000_000, 20
_ANSWERS = ("right", "change", "unsure")
# They reverse what stands after them, on a terminal and in review.yaml.
_BIDI_CONTROLS = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")


@dataclass(frozen=True)
class Answer:
    """The answer to one string; `text` is the changed text, `note` the reader's remark."""

    id: str
    answer: str
    seconds: int
    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Retelling:
    """A screen as the reader told it in own words."""

    screen: str
    text: str


@dataclass(frozen=True)
class ReviewResult:
    """A file that a reviewer sent back; `read` is the hash of the model that the reviewer saw."""

    language: str
    read: str
    role: str
    by: str
    on: date
    answers: tuple[Answer, ...]
    retellings: tuple[Retelling, ...]


def review_result_language(data: bytes) -> str:
    """Return the language that a file names; empty if it names none."""
    try:
        return str(json.loads(data.decode("utf-8-sig"))["language"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""


def read_review_result(
    data: bytes, tag: str, today: date, problems: list[Problem]
) -> ReviewResult | None:
    """Return the result for a language, or None after adding every problem found."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        problems.append(_new_problem("must be JSON, as the review page saves it"))
        return None
    found = [*_problems(document, tag, today)]
    problems += found
    if found:
        return None
    return ReviewResult(
        language=tag,
        read=document["read"],
        role=document["role"],
        by=document["by"],
        on=date.fromisoformat(document["on"]),
        answers=tuple(Answer(**_composed(row)) for row in document["answers"]),
        retellings=tuple(Retelling(**_composed(row)) for row in document["told"]),
    )


def _composed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        for key, value in row.items()
    }


def _is_text(value: object) -> bool:
    """Return whether a value is text on one line, as it looks: no controls, no lost letters."""
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        return False
    bad = any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value)
    bad = bad or any(unicodedata.bidirectional(letter) in _BIDI_CONTROLS for letter in value)
    return len(value) <= _MAX_TEXT and "\ufffd" not in value and not bad


_Rules = dict[str, Callable[[Any], bool]]
_DOCUMENT: _Rules = {
    "format": lambda value: value == FORMAT,
    "language": _is_text,
    "read": _is_text,
    "role": _is_text,
    "by": INITIALS.allows,
    "on": _is_text,
    "answers": lambda value: isinstance(value, list),
    "told": lambda value: isinstance(value, list),
}
_ANSWER: _Rules = {
    "id": _is_text,
    "answer": lambda value: value in _ANSWERS,
    "seconds": lambda value: type(value) is int and 0 <= value <= _MAX_SECONDS,
}
_RETELLING: _Rules = {"screen": _is_text, "text": _is_text}


def _problems(document: object, tag: str, today: date) -> Iterator[Problem]:
    if not isinstance(document, dict) or document.keys() != _DOCUMENT.keys():
        yield _new_problem(f"must hold {', '.join(_DOCUMENT)} and nothing else")
        return
    yield from _wrong_values(document, _DOCUMENT, PLACE)
    if document["language"] != tag:
        summary = f"must be for {tag}, got {str(document['language'])[:20]!r}"
        yield Problem(PLACE, summary, "Import it into its own language")
    if not _is_date_past(document["on"], today):
        yield _new_problem(f"on must be a date until {today}, got {str(document['on'])[:20]!r}")
    retold = document["told"] if isinstance(document["told"], list) else ()
    if len(retold) > _MAX_RETELLINGS:
        yield _new_problem(f"must retell at most {_MAX_RETELLINGS} screens, got {len(retold)}")
    for key, rules in (("answers", _ANSWER), ("told", _RETELLING)):
        rows = document[key] if isinstance(document[key], list) else ()
        for number, row in enumerate(rows, start=1):
            yield from _row_problems(row, rules, f"{PLACE}, {key} {number}")


def _row_problems(row: object, rules: _Rules, place: str) -> Iterator[Problem]:
    """Yield the problems of one answer or retelling; only a change has a text."""
    optional: _Rules = {}
    if isinstance(row, dict) and rules is _ANSWER:
        if row.get("answer") == "change":
            rules = {**rules, "text": _is_text}
        optional = {} if row.get("answer") == "right" else {"note": _is_text}
    if not isinstance(row, dict) or not rules.keys() <= row.keys() <= {*rules, *optional}:
        yield _new_problem(f"must hold {', '.join(rules)}", place)
    else:
        yield from _wrong_values(row, rules | optional, place)


def _wrong_values(row: Mapping[str, Any], rules: _Rules, place: str) -> Iterator[Problem]:
    for key, value in row.items():
        if not rules[key](value):
            yield _new_problem(f"{key} is not allowed: {str(value)[:40]!r}", place)


def _is_date_past(value: object, today: date) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value) <= today
    except ValueError:
        return False


def _new_problem(summary: str, place: str = PLACE) -> Problem:
    return Problem(place, summary, SEND_AGAIN)
