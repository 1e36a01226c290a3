"""The answers of a reviewer with their strings, and what the operator must know of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.yaml_mapping import display_path
from rights_line.editorial.review.review_result import Answer, ReviewResult

_MIN_SHARE = 5  # a reader who needs less than a fifth of the estimated time has hardly read


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
        return f"{display_path(self.text.path)}:{self.text.line} [{self.text.context}]"

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
