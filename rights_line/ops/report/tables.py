"""The tables of a report: every cell is a whole ten, or "<10" for 0 to 9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

from rights_line.channels import SIMULATOR, ordered
from rights_line.ops.counts_file import HELPLINES, LANGUAGES, STEP, TOPICS
from rights_line.ops.report.quarter import Quarter

SMALL = "<10"
_CAPTIONS = {
    LANGUAGES: "Answers by language",
    TOPICS: "Answers by topic",
    HELPLINES: "Answers with one helpline",
}


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        caption: its title.
        columns: the heading of each column; empty if the caption says it.
        rows: (label, number in each column), in tens; 0 is shown as "<10".
        note: a sentence below it.
        is_drawn: whether the chart has it.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]
    note: str = ""
    is_drawn: bool = True


def format_count(number: int) -> str:
    """Return a number as it is printed."""
    return f"{number:,}".replace(",", "\u202f") if number else SMALL


def channel_labels() -> dict[str, str]:
    """Return the label of each channel that people use."""
    return {name: kind.label for name, kind in ordered() if name != SIMULATOR}


def message_tables(messages: Mapping[tuple[date, str], int], quarter: Quarter) -> list[Table]:
    """Return the messages by channel: per month, and on each day that had ten or more."""
    names = channel_labels()
    for _, channel in sorted(messages):
        names.setdefault(channel, channel)  # a channel of the operator's own, by its name
    exact = {
        channel: {day: messages.get((day, channel), 0) for day in quarter.days} for channel in names
    }
    months = [
        (f"{month:%B %Y}", [_month(days, month) for days in exact.values()])
        for month in quarter.months
    ]
    days = [
        (f"{day:%-d %B}", [_in_steps(counts[day]) for counts in exact.values()])
        for day in quarter.days
    ]
    return [
        _table(
            "Messages by month", names, months, "Every other channel: fewer than 10 in each month."
        ),
        _table(
            "Days with 10 messages or more",
            names,
            [row for row in days if any(row[1])],
            "Every other day: fewer than 10 on each channel.",
            is_drawn=False,
        ),
    ]


def _table(
    caption: str,
    names: Mapping[str, str],
    rows: Sequence[tuple[str, Sequence[int]]],
    note: str,
    is_drawn: bool = True,
) -> Table:
    """Return a table by channel, without the channels that have no cell of ten or more."""
    used = [any(numbers) for numbers in zip(*(numbers for _, numbers in rows), strict=True)]
    kept = [(label, [*compress(numbers, used)]) for label, numbers in rows if any(used)]
    return Table(caption, [*compress(names.values(), used)], kept, note, is_drawn)


def answer_tables(
    counts: Mapping[str, Mapping[str, int]], names: Mapping[str, Mapping[str, str]]
) -> list[Table]:
    """Return the answers by language, topic and helpline, the largest number first.

    Args:
        counts: the counts of a quarter: kind -> name -> answers.
        names: kind -> name -> label; a name without one is shown as it is.
    """
    return [_answers(kind, counts.get(kind, {}), names.get(kind, {})) for kind in _CAPTIONS]


def _answers(kind: str, cells: Mapping[str, int], names: Mapping[str, str]) -> Table:
    rows = [(names.get(name, name), number) for name, number in cells.items()]
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    note = "Every other one: fewer than 10 answers."
    return Table(_CAPTIONS[kind], [""], [(label, [count]) for label, count in ordered], note)


def _month(days: Mapping[date, int], month: date) -> int:
    """Return the messages of a month on a channel, unless they would reveal the days below ten.

    If nearly every such day had nine messages, the number of the month says so. Then it is lowered
    until each of them may as well have had none.
    """
    exact = [count for day, count in days.items() if day.month == month.month]
    most_without_one = sum(_in_steps(count) + STEP - 1 for count in exact) - (STEP - 1)
    return _in_steps(min(sum(exact), most_without_one))


def _in_steps(count: int) -> int:
    return count - count % STEP
