"""`rights-line report`: the tables of a quarter, in which no cell below ten can be known."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_line.channels import SIMULATOR
from rights_line.clock import OSLO
from rights_line.content import ContentSources
from rights_line.errors import ConfigurationError
from rights_line.ops.report import (
    Table,
    answer_tables,
    format_table_count,
    message_tables,
    report_html,
    table_channel_labels,
    table_row_names,
)
from rights_line.ops.report_logs import DailyMessages, Quarter
from tests.support import cli
from tests.support.sites import built
from tests.support.worlds import SMALL_ROOT

THIRD = Quarter(2026, 3)
CHANNELS = table_channel_labels()
SMS = CHANNELS["twilio_sms"]
SEPTEMBER = [date(2026, 9, day) for day in range(1, 31)]
JULY = [date(2026, 7, day) for day in range(1, 32)]
COUNTS = {"languages": {"pl": 40, "ti": 10}, "topics": {"work": 30}, "helplines": {"rosa": 10}}


def event(outcome: str = "answered", channel: str = "twilio_sms", name: str = "inbound") -> str:
    return json.dumps({"event": name, "channel": channel, "outcome": outcome, "ms": 3})


def line(moment: datetime, written: str = "") -> str:
    """Return a line as `journalctl -o short-iso` prints it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S%z} host rights-line[7]: {written or event()}\n"


def cells(table: Table) -> dict[str, dict[str, int]]:
    """Return label -> column -> number."""
    return {label: dict(zip(table.columns, numbers, strict=True)) for label, numbers in table.rows}


# 1. Logs


def test_log_is_counted_by_day_in_norway() -> None:
    """In summer, 22:30 UTC is the next day."""
    log = DailyMessages()
    log.read([line(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)), "2026-07-01T23:30:00 " + event()])
    assert log.messages == {(JULY[1], "twilio_sms"): 1, (JULY[0], "twilio_sms"): 1}
    assert log.days == (JULY[0], JULY[1])


@pytest.mark.parametrize(
    "written",
    [
        *(event("refused"), event("broken"), event("too large"), event(channel=SIMULATOR)),
        *(event(name="page"), event(name="limit"), "Started the line.", "{", "{}", "[1]", ""),
        *('{"event": "inbound"}', '{"event": {}, "channel": [], "outcome": {}}', "{" * 9),
    ],
)
def test_line_that_is_no_message_is_not_counted(written: str) -> None:
    log = DailyMessages()
    log.read([f"2026-07-01T12:00:00+02:00 host x: {written}\n"])
    assert (log.messages, log.undated) == ({}, 0)


def test_message_of_each_outcome_is_counted() -> None:
    """A fallback and the short reply answer a message, too."""
    outcomes = (
        "answered",
        "short",
        "withheld",
        "malformed",
        "KeyError",
        "answered without session",
    )
    log = DailyMessages()
    log.read([line(datetime(2026, 7, 1, tzinfo=OSLO), event(outcome)) for outcome in outcomes])
    assert log.messages.total() == len(outcomes)


# 2. Quarters


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 10, 3), "2026-Q3"),
        (date(2026, 12, 31), "2026-Q3"),
        (date(2027, 1, 3), "2026-Q4"),
        (date(2027, 6, 30), "2027-Q1"),
    ],
)
def test_quarter_by_default_is_the_last_one_that_is_over(today: date, last: str) -> None:
    assert str(Quarter.parse("", today)) == last


@pytest.mark.parametrize("name", ["2026-Q4", "2027-Q1", "2026-Q5", "0000-Q1", "2026", "x"])
def test_quarter_that_is_not_over_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="--quarter: must be a quarter that ended"):
        Quarter.parse(name, date(2026, 11, 26))
    with pytest.raises(ConfigurationError, match="2026-Q3"):  # its last day is perhaps not saved
        Quarter.parse("", date(2026, 10, 2))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_quarter_has_all_days_of_its_months(number: int) -> None:
    quarter = Quarter(2024, number)
    assert {day.replace(day=1) for day in quarter.days} == set(quarter.months)
    assert len(quarter.days) == [91, 91, 92, 92][number - 1]
    assert quarter.end == quarter.days[-1] + timedelta(days=1)


# 3. Tables


def test_messages_are_shown_by_month_and_on_days_with_ten() -> None:
    messages = {(JULY[0], "twilio_sms"): 19, (JULY[1], "twilio_sms"): 9}
    months, days = message_tables(messages, THIRD)
    assert cells(months)["July 2026"] == {SMS: 20}
    assert cells(months)["August 2026"] == {SMS: 0}
    assert cells(days) == {"1 July": {SMS: 10}}


def test_number_below_ten_is_shown_as_such() -> None:
    assert [format_table_count(0), format_table_count(10), format_table_count(12340)] == [
        "<10",
        "10",
        "12\u202f340",
    ]


def bounds(days: list[int], month: int, at: int) -> tuple[int, int]:
    """Return the least and the most that a day can have had, by all that is published."""
    others = sum(days) - days[at]
    least = max(days[at], month - others - 9 * (len(days) - 1))
    return least, min(days[at] + 9, month + 9 - others)


@given(
    exact=st.lists(st.integers(0, 39), min_size=30, max_size=30), least=st.sampled_from([0, 8, 9])
)
def test_month_does_not_reveal_a_day_by_subtraction(exact: list[int], least: int) -> None:
    """Each day may still have been any number that is shown as it is, also if most end in 9."""
    exact = [max(number, number // 10 * 10 + least) for number in exact]
    messages = {(day, "kannel_sms"): number for day, number in zip(SEPTEMBER, exact, strict=True)}
    table = message_tables(messages, THIRD)[0]
    month = cells(table).get("September 2026", {}).get(CHANNELS["kannel_sms"], 0)
    days = [number // 10 * 10 for number in exact]
    assert sum(days) <= month <= sum(exact)
    for at, number in enumerate(days):
        assert bounds(days, month, at) == (number, number + 9)


def test_channel_of_the_operator_is_named(sources: ContentSources) -> None:
    """Its messages are not left out silently."""
    months, days = message_tables(dict.fromkeys(((day, "zz_sms") for day in SEPTEMBER), 500), THIRD)
    assert cells(months)["September 2026"] == {"zz_sms": 15000}
    assert len(days.rows) == len(SEPTEMBER)


def test_languages_topics_and_helplines_all_have_names(sources: ContentSources) -> None:
    names = table_row_names(built(sources, "drafts"))
    assert names["languages"].keys() == {*sources.languages, "mul"}
    others = {"menu", "unclear", "list", "list_followed", "ok"}
    assert names["topics"].keys() == {*sources.content.topics, *others}
    page = report_html("Report", [])
    assert all(f"<dt>{names['topics'][name]}</dt>" in page for name in ("list", "ok"))
    assert names["helplines"].keys() == {*sources.content.contacts}


# 4. Page and command


@pytest.fixture
def tables(sources: ContentSources) -> list[Table]:
    messages = {(day, "twilio_sms"): 15 for day in JULY}
    return [
        *message_tables(messages, THIRD),
        *answer_tables(COUNTS, table_row_names(built(sources, "drafts"))),
    ]


def test_page_needs_no_other_file_and_has_the_glossary(tables: list[Table]) -> None:
    page = report_html("Report of 2026-Q3", tables)
    addresses = set(re.findall(r"\bhttps?://[^\"\s]+", page))
    assert addresses == set()
    assert not re.findall(r"<(?:script|link|img|iframe|svg)|url\(", page)
    assert "<p>The line was used most in Polish, and asked most about: Work and pay.</p>" in page
    assert "Messages are not people" in page
    assert page.count("<caption>") == len(tables)


def test_empty_quarter_can_be_shown(sources: ContentSources) -> None:
    empty = [*message_tables({}, THIRD), *answer_tables({}, {})]
    assert not any(table.rows for table in empty)
    page = report_html("Report", empty).partition("<main>")[2]
    assert set(re.findall(r"\b[1-9][0-9]*0\b", page)) <= {"10"}
    assert page.count("<tr><td>None.</td></tr>") == len(empty)


@pytest.fixture
def files(tmp_path: Path) -> Mapping[str, str]:
    """A log of the third quarter of 2026 with 15 messages in July, and a file of counts."""
    days = [datetime(2026, 6, 30, 12, tzinfo=OSLO), datetime(2026, 10, 1, 12, tzinfo=OSLO)]
    lines = [line(day) for day in [*days, *[datetime(2026, 7, 9, tzinfo=OSLO)] * 15]]
    (tmp_path / "log").write_text("".join(lines))
    (tmp_path / "counts.json").write_text(json.dumps({"2026-Q3": COUNTS}))
    return {name: str(tmp_path / name) for name in ("log", "counts.json", "out.html")}


def test_report_is_printed_or_written(files: Mapping[str, str]) -> None:
    counted = {"RIGHTS_LINE_COUNTS": files["counts.json"]}
    arguments = ("report", files["log"], "--quarter", "2026-Q3")
    printed = cli.run(*arguments, where=SMALL_ROOT, **counted)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert '<th scope="row">July 2026</th><td>10</td>' in printed.stdout
    assert '<th scope="row">Polish</th><td>40</td>' in printed.stdout
    written = cli.run(
        *("report", "-", "--quarter", "2026-Q3", "--out", files["out.html"]),
        given=Path(files["log"]).read_text(),
        where=SMALL_ROOT,
        **counted,
    )
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    assert Path(files["out.html"]).read_text() == printed.stdout


def test_report_of_incomplete_logs_warns(files: Mapping[str, str]) -> None:
    """The file of counts is made at midnight."""
    arguments = ("report", "-", "--quarter", "2026-Q3")
    environ = {"RIGHTS_LINE_COUNTS": "/gone/counts"}
    given = f"{event()}\nJul 01 12:00:00 host x: {event()}\n"
    done = cli.run(*arguments, given=given, where=SMALL_ROOT, **environ)
    assert done.returncode == 0
    assert "warning: 2 messages have no date" in done.stderr
    assert "must cover 2026-07-01 to 2026-09-30, got logs without a dated line" in done.stderr
    assert "no counts of answers for 2026-Q3" in done.stderr
    assert "Answers were not counted in this quarter." in done.stdout
    assert "Answers by" not in done.stdout
