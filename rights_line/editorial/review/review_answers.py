"""The file that a reviewer sends back (JSON): its answers, and what the operator must know of them.

A file with one problem is refused whole. Its texts are on one line, in NFC, without invisible
control characters: they are shown to the operator and may be written to the catalog.
"""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rights_line.content import rules
from rights_line.content.catalogs import EnglishString
from rights_line.editorial.review import FORMAT
from rights_line.errors import ConfigurationError, Problem

PLACE = "review file"
SEND_AGAIN = "Ask the reader to send the file again, unchanged"
_MIN_SHARE = 5  # a reader who needs less than a fifth of the estimated time has hardly read
# No control characters, also none that reverse what stands after them, and no lost letter.
_ON_ONE_LINE = r"^(?!\s)[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd]+(?<!\s)\Z"

Text = Annotated[str, Meta(max_length=2000, pattern=_ON_ONE_LINE)]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object that holds its keys and nothing else."""


class Answer(_Row, frozen=True):
    """The answer to one string; `text` is the changed text, `note` the reader's remark."""

    id: Text
    answer: Literal["right", "change", "unsure"]
    seconds: Annotated[int, Meta(ge=0, le=1_000_000)]
    text: Text = ""
    note: Text = ""

    def __post_init__(self) -> None:
        if bool(self.text) != (self.answer == "change") or (self.note and self.answer == "right"):
            raise ValueError("A change needs a text; only a change or a doubt has a note")


class Retelling(_Row, frozen=True):
    """A screen as the reader told it in own words."""

    screen: Text
    text: Text


class ReviewResult(_Row, frozen=True):
    """A file that a reviewer sent back; `read` is the hash of the model that the reviewer saw."""

    format: str
    language: Text
    read: Text
    role: Text
    by: str
    on: date
    answers: tuple[Answer, ...]
    told: Annotated[tuple[Retelling, ...], Meta(max_length=20)]

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"Expected the format {FORMAT}, got {self.format[:40]!r}")
        if not rules.INITIALS.allows(self.by):
            raise ValueError(f"Expected {rules.INITIALS.expected}, got {self.by[:40]!r}")


def read_review_result(data: bytes, today: date) -> ReviewResult:
    """Return the content of a file.

    Raises:
        ConfigurationError: it is not as a review page saves it, or of a day after today.
    """
    try:
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        result = msgspec.json.decode(text, type=ReviewResult)
    except (ValueError, RecursionError) as error:  # those of msgspec are ValueErrors
        problem = Problem(PLACE, f"must be as the review page saves it: {error}", SEND_AGAIN)
        raise ConfigurationError([problem]) from None
    if result.on > today:
        summary = f"on must be a date until {today}, got {result.on}"
        raise ConfigurationError([Problem(PLACE, summary, SEND_AGAIN)])
    return result


@dataclass(frozen=True)
class Answered:
    """A string with the reader's answer and the translation that the reader saw."""

    text: EnglishString
    before: str
    answer: Answer
    seconds: int  # estimated to read it
    screen: str  # the first that shows it; none for a text of web pages or cards

    @property
    def place(self) -> str:
        return f"{self.text.place} [{self.text.context}]"

    @property
    def note(self) -> str:
        """The reader's remark as it is printed."""
        return f" ({self.answer.note})" if self.answer.note else ""

    @property
    def diff(self) -> str:
        """The proposed change."""
        english = f"{self.place}: {self.text.message}{self.note}"
        return f"{english}\n- {self.before}\n+ {self.answer.text}"


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

    def summary(self) -> Iterator[str]:
        """Yield what the operator must know before accepting: counts, own words, doubts."""
        result = self.result
        minutes = round(sum(answer.seconds for answer in result.answers) / 60)
        reader = f"{result.by}, {result.role}"
        yield f"{result.language}: read by {reader}, on {result.on}, {minutes} min"
        right, change, unsure = map(self.answers, ("right", "change", "unsure"))
        yield (
            f"{len(right)} right, {len(change)} to change, {len(unsure)} not sure, "
            f"{self.unread} not read"
        )
        if self.is_hasty:
            expected = round(sum(row.seconds for row in self.answered) / 60)
            yield (
                f"WARNING: read in {minutes} min; about {expected} min were expected. "
                "Ask the reader before you accept it."
            )
        if hasty := self._hasty_screens():
            yield f"screens read in less than a fifth of the time: {', '.join(hasty)}"
        for told in result.told:
            yield f"screen {told.screen} in the reader's words: {told.text}"
        for row in unsure:
            yield f"not sure: {row.place}: {row.before}{row.note}"

    def _hasty_screens(self) -> list[str]:
        screens: dict[str, list[Answered]] = {}
        for row in self.answered:
            screens.setdefault(row.screen, []).append(row)
        return [code for code, rows in screens.items() if code and _is_hasty_reading(rows)]


def _is_hasty_reading(rows: Collection[Answered]) -> bool:
    """Return whether strings took too little; a long look at one does not make up for others."""
    spent = sum(min(row.answer.seconds, row.seconds) for row in rows)
    return spent * _MIN_SHARE < sum(row.seconds for row in rows)
