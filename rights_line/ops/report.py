"""The report of a quarter for those who pay for the line: one page of tables, with a glossary.

Every cell is a whole ten, or "<10" for 0 to 9.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined

from rights_line.channels import SIMULATOR, registered_channels
from rights_line.core.conversation.replies import ACKNOWLEDGEMENT, LIST
from rights_line.core.library import MULTILINGUAL
from rights_line.library.schema import Built
from rights_line.ops.counts import HELPLINES, LANGUAGES, LIST_FOLLOWED, STEP, TOPICS, in_tens
from rights_line.ops.report_logs import Quarter
from rights_line.style import inline_files

SMALL = "<10"
_CAPTIONS = {
    LANGUAGES: "Answers by language",
    TOPICS: "Answers by topic",
    HELPLINES: "Answers about a helpline, whose number was sent",
}

_SEVERAL = "Several languages"
_NAMES_WITHOUT_TOPIC = {
    "menu": "Menu",
    "unclear": "Not understood",
    LIST: "A short list, because the text was unclear",
    LIST_FOLLOWED: "A number sent after a short list",
    ACKNOWLEDGEMENT: "Thanks, what now and the like",
}


@dataclass(frozen=True)
class Table:
    """A table; a row is a label and the number in each column, in tens."""

    caption: str
    columns: Sequence[str]  # headings; empty if the caption says it
    rows: Sequence[tuple[str, Sequence[int]]]
    note: str  # a sentence below it


def report_html(title: str, tables: Sequence[Table]) -> str:
    """Return one page that needs no other file: a sentence, tables and glossary."""
    templates = Environment(
        loader=PackageLoader("rights_line.ops"), autoescape=True, undefined=StrictUndefined
    )
    templates.filters["format_table_count"] = format_table_count
    style = inline_files(__package__, ["templates/report.css"]).style
    return templates.get_template("report.html").render(
        style=style, title=title, lead=answers_in_words(tables), tables=tables
    )


def format_table_count(number: int) -> str:
    """Return a number as it is printed."""
    return f"{number:,}".replace(",", "\u202f") if number else SMALL


def table_channel_labels() -> dict[str, str]:
    """Return the label of each channel that people use."""
    return {name: kind.label for name, kind in registered_channels().items() if name != SIMULATOR}


def message_tables(messages: Mapping[tuple[date, str], int], quarter: Quarter) -> list[Table]:
    """Return the messages by channel: per month, and on each day that had ten or more."""
    names = table_channel_labels()
    for _, channel in sorted(messages):
        names.setdefault(channel, channel)  # a channel of the operator's own, by its name
    exact = {
        channel: {day: messages.get((day, channel), 0) for day in quarter.days} for channel in names
    }
    months = [
        (f"{month:%B %Y}", [_month_table_count(days, month) for days in exact.values()])
        for month in quarter.months
    ]
    days = [
        (f"{day:%-d %B}", [in_tens(counts[day]) for counts in exact.values()])
        for day in quarter.days
    ]
    return [
        _channel_table(
            "Messages by month", names, months, "Every other channel: fewer than 10 in each month."
        ),
        _channel_table(
            "Days with 10 messages or more",
            names,
            [row for row in days if any(row[1])],
            "Every other day: fewer than 10 on each channel.",
        ),
    ]


def _channel_table(
    caption: str,
    names: Mapping[str, str],
    rows: Sequence[tuple[str, Sequence[int]]],
    note: str,
) -> Table:
    """Return a table by channel, without the channels that have no cell of ten or more."""
    used = [any(numbers) for numbers in zip(*(numbers for _, numbers in rows), strict=True)]
    kept = [(label, [*compress(numbers, used)]) for label, numbers in rows if any(used)]
    return Table(caption, [*compress(names.values(), used)], kept, note)


def answer_tables(
    counts: Mapping[str, Mapping[str, int]], names: Mapping[str, Mapping[str, str]]
) -> list[Table]:
    """Return the answers of a quarter by language, topic and helpline, the largest number first.

    `counts` has kind -> name -> answers, and `names` the labels (`table_row_names`).
    """
    return [_answer_table(kind, counts.get(kind, {}), names.get(kind, {})) for kind in _CAPTIONS]


def _answer_table(kind: str, cells: Mapping[str, int], names: Mapping[str, str]) -> Table:
    rows = [(names.get(name, name), [number]) for name, number in cells.items()]
    rows.sort(key=lambda row: (-row[1][0], row[0]))
    return Table(_CAPTIONS[kind], [""], rows, "Every other one: fewer than 10 answers.")


def answers_in_words(tables: Sequence[Table]) -> str:
    """Return the sentence for a funder: what the line answered most, without a number."""
    labels = {table.caption: [label for label, _ in table.rows] for table in tables}
    if not labels.keys() & {*_CAPTIONS.values()}:
        return "Answers were not counted in this quarter."
    general = {_SEVERAL, *_NAMES_WITHOUT_TOPIC.values()}
    language, topic = (
        next((label for label in labels.get(_CAPTIONS[kind], ()) if label not in general), "")
        for kind in (LANGUAGES, TOPICS)
    )
    if not language or not topic:
        return "The line sent fewer than ten answers in each language, or about each topic."
    return f"The line was used most in {language}, and asked most about: {topic}."


def _month_table_count(days: Mapping[date, int], month: date) -> int:
    """Return the messages of a month on a channel, unless they would reveal the days below ten.

    If nearly every such day had nine messages, the number of the month says so. Then it is lowered
    until each of them may as well have had none.
    """
    exact = [count for day, count in days.items() if day.month == month.month]
    most_without_one = sum(in_tens(count) + STEP - 1 for count in exact) - (STEP - 1)
    return in_tens(min(sum(exact), most_without_one))


def table_row_names(texts: Built) -> dict[str, dict[str, str]]:
    """Return kind -> name in the file of counts -> English name."""
    languages = {
        tag: Locale.parse(language.locale).english_name or tag
        for tag, language in texts.shared.languages.items()
    }
    return {
        LANGUAGES: {**languages, MULTILINGUAL: _SEVERAL},
        TOPICS: {**texts.pages.topics, **_NAMES_WITHOUT_TOPIC},
        HELPLINES: {name: contact.name for name, contact in texts.pages.contacts.items()},
    }
