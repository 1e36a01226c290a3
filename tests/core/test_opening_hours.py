"""Opening hours of helplines, public holidays, and the notices about them."""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from babel.dates import format_date

from rights_line.clock import OSLO
from rights_line.content import tables
from rights_line.core import Inbound, opening_hours
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.opening_hours import OpeningPeriod, PublicHolidays, State, WeeklyHours
from rights_line.core.sms import replace_sms_letters
from rights_line.library import ROOT
from tests.support.clock import TUESDAY

_COUNTRY = tables.country(ROOT / "content")
HOLIDAYS = PublicHolidays(_COUNTRY.fixed_holidays, _COUNTRY.movable_holidays)
UDI, SUPPORT, CARITAS = "23351600", "80040008", "31402300"
MONDAY = date(2026, 11, 30)

# moment, helpline, state, weekday and time of the next opening
CASES: list[tuple[str, str, State, int | None, str]] = [
    ("2026-11-29T02:00", UDI, State.CLOSED, 0, "10:00"),
    ("2026-11-29T02:00", SUPPORT, State.CLOSED, 0, "09:00"),
    ("2026-11-29T02:00", CARITAS, State.CLOSED, 0, "10:00"),
    # 17 May 2027 is a Monday: within the hours, but the source says nothing about holidays.
    ("2027-05-17T10:00", UDI, State.HOLIDAY, 1, "10:00"),
    ("2027-05-17T10:00", SUPPORT, State.HOLIDAY, 1, "09:00"),
    ("2027-05-17T10:00", CARITAS, State.HOLIDAY, 1, "10:00"),
    # 17 May 2026 is a Sunday.
    ("2026-05-17T10:00", UDI, State.CLOSED, 0, "10:00"),
    ("2026-05-17T10:00", SUPPORT, State.CLOSED, 0, "09:00"),
    ("2026-05-17T10:00", CARITAS, State.CLOSED, 0, "10:00"),
    ("2026-11-24T08:59", UDI, State.CLOSED, 1, "10:00"),
    ("2026-11-24T08:59", SUPPORT, State.CLOSED, 1, "09:00"),
    ("2026-11-24T15:10", UDI, State.CLOSED, 2, "10:00"),
    ("2026-11-24T15:10", SUPPORT, State.OPEN, None, ""),
    ("2026-11-24T10:00", UDI, State.OPEN, None, ""),
    ("2026-11-24T10:00", SUPPORT, State.OPEN, None, ""),
    ("2026-11-24T10:00", CARITAS, State.OPEN, None, ""),
    # A Friday: Caritas answers Monday to Thursday.
    ("2026-11-27T11:00", UDI, State.OPEN, None, ""),
    ("2026-11-27T11:00", SUPPORT, State.OPEN, None, ""),
    ("2026-11-27T11:00", CARITAS, State.CLOSED, 0, "10:00"),
]


@pytest.mark.parametrize(("moment", "code", "state", "weekday", "opens"), CASES)
@pytest.mark.parametrize("tag", ["nb", "en", "ar", "pl"])
def test_helpline_screen_by_time_shows_notice_of_opening_hours(
    library: Library,
    tag: str,
    moment: str,
    code: str,
    state: State,
    weekday: int | None,
    opens: str,
) -> None:
    """The notice names the next opening in the language of the sender."""
    edition = library.editions[tag]
    now = datetime.fromisoformat(moment).replace(tzinfo=OSLO)
    answer = conversation_reply(Inbound("sender", code), tag, library, now, True)[0].text
    notice = edition.screens[code].notices[0]
    other = {State.CLOSED: notice.on_holiday, State.HOLIDAY: notice.when_closed}.get(state, {})
    if weekday is None:
        assert (
            answer
            == conversation_reply(Inbound("sender", code), tag, library, TUESDAY, True)[0].text
        )
        return
    sentences = {State.CLOSED: notice.when_closed, State.HOLIDAY: notice.on_holiday}[state]
    sentence = sentences[opening_hours.key(weekday, time.fromisoformat(opens))]
    day = format_date(MONDAY + timedelta(days=weekday), "EEEE", edition.language.locale)
    assert day in sentence
    assert opens in sentence
    fold = edition.language.fold
    assert replace_sms_letters(sentence, fold) in replace_sms_letters(answer, fold)
    assert not any(
        replace_sms_letters(row, fold) in replace_sms_letters(answer, fold)
        for row in other.values()
    )


def test_screen_of_helpline_without_hours_has_no_notice(library: Library) -> None:
    """ROSA answers day and night, and on holidays."""
    for edition in library.editions.values():
        assert edition.screens["22331160"].notices == ()


@pytest.mark.parametrize("hour", range(24))
def test_state_at_border_of_opening_hours_is_exact_to_the_minute(hour: int) -> None:
    """This holds also on the days when summer time begins and ends."""
    hours = WeeklyHours((OpeningPeriod(frozenset(range(7)), time(9), time(15, 30)),), OSLO)
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 24)):
        for minute in (0, 29, 30, 59):
            now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO)
            is_open = (9, 0) <= (hour, minute) < (15, 30)
            assert (hours.state(now, ()) is State.OPEN) == is_open


def test_public_holidays_of_any_year_are_those_of_the_package(library: Library) -> None:
    """A process may outlive a year, and a new law reaches the package first."""
    from holidays.countries.norway import Norway  # half a second, for this test only

    for year in range(2000, 2101, 3):
        ahead = (date(year, 1, 1) + timedelta(days=days) for days in range(366))
        ours = [day for day in ahead if day.year == year and day in library.holidays]
        assert ours == sorted(Norway(years=year))


def test_helpline_screen_in_month_of_holidays_still_shows_number(library: Library) -> None:
    month = frozenset(TUESDAY.date() + timedelta(days=ahead) for ahead in range(40))
    on_holiday = replace(library, holidays=month)
    for code in (UDI, SUPPORT, CARITAS):
        reply, _ = conversation_reply(Inbound("sender", code), "en", on_holiday, TUESDAY, True)
        assert "may be closed today" in reply.text
        assert code in reply.text.replace(" ", "")


def weekly(days: Iterable[int], *periods: tuple[time, time]) -> WeeklyHours:
    return WeeklyHours(tuple(OpeningPeriod(frozenset(days), *period) for period in periods), OSLO)


TEN_TO_THREE = (time(10), time(15))
EASTER = {date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6)}
# moment, hours, holidays -> weekday and time
NEXT_OPENINGS: dict[str, tuple[str, WeeklyHours, Container[date], tuple[int, time]]] = {
    "before Easter": ("2026-04-01T15:00", weekly(range(5), TEN_TO_THREE), EASTER, (1, time(10))),
    # 25 December 2025 and 1 January 2026 are Thursdays: two holidays in a row.
    "before Christmas": ("2025-12-18T16:00", weekly([3], TEN_TO_THREE), HOLIDAYS, (3, time(10))),
    "on the holiday": ("2025-12-25T12:00", weekly([3], TEN_TO_THREE), HOLIDAYS, (3, time(10))),
    "two periods in any order": (
        *("2026-11-24T08:00", weekly(range(5), (time(13), time(15)), (time(9), time(11)))),
        *((), (1, time(9))),
    ),
}


@pytest.mark.parametrize(
    ("moment", "hours", "holidays", "expected"), NEXT_OPENINGS.values(), ids=NEXT_OPENINGS
)
def test_next_opening_is_the_earliest_that_is_no_holiday_or_else_the_regular_one(
    moment: str, hours: WeeklyHours, holidays: Container[date], expected: tuple[int, time]
) -> None:
    assert hours.next(datetime.fromisoformat(moment).replace(tzinfo=OSLO), holidays) == expected
