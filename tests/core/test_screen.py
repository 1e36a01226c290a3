"""Texts of screens: every set of closed-notices that can apply has its texts."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from rights_line.clock import OSLO
from rights_line.core.library import Library
from rights_line.core.opening_hours import WeeklyHours
from rights_line.core.screen import MARKED, EnglishLinks, Form, Screen
from rights_line.core.ussd_pages import Footer

HOURS = [datetime(2026, 1, 1, 0, 30, tzinfo=OSLO) + timedelta(hours=n) for n in range(8766)]


def test_screen_has_texts_at_every_hour_of_a_year(library: Library) -> None:
    """A missing text would be answered by the fallback response."""
    holidays = library.holidays

    @cache
    def moments(hours: WeeklyHours) -> list[datetime]:
        """Return an hour for all that a notice depends on: each state, and each next opening."""
        found = {(hours.state(now, holidays), hours.next(now, holidays)): now for now in HOURS}
        return [*found.values()]

    editions = [library.editions[tag] for tag in ("en", "ar")]
    rows = [(row, each) for each in editions for row in each.screens.values() if row.notices]
    assert rows
    for screen, edition in rows:
        (helpline,) = screen.notices
        for now in moments(helpline.hours):
            texts = screen.texts_at(edition.form, now, holidays)
            for notice in screen.closed_notices(now, holidays):
                assert notice in texts.sms
                assert notice in texts.chat


def test_screen_with_two_helplines_has_texts_for_both_closed(library: Library) -> None:
    """No screen of the content has two yet."""
    edition = library.editions["en"]
    screens = edition.screens
    notices = screens["51"].notices + screens["80040008"].notices
    screen = replace(screens["51"], notices=notices)

    shown = {screen.texts_at(edition.form, now, library.holidays).sms for now in HOURS[:2000]}
    counts = {len(screen.closed_notices(now, library.holidays)) for now in HOURS[:2000]}
    assert counts == {0, 1, 2}
    assert len(shown) > 10


FORM = Form({}, Footer("0 menu", "8 >"), "", "", english=EnglishLinks(" (English)", "English:"))


def links_to_english(count: int) -> list[str]:
    return [f"{code} label (English)" for code in range(1, count + 1)]


def test_few_links_to_english_screens_say_so_one_by_one_in_an_sms() -> None:
    links = "\n".join([*links_to_english(MARKED), "0 menu"])
    assert FORM.sms_links(links) == links


def test_many_links_to_english_screens_stand_below_one_line_in_an_sms() -> None:
    """Elsewhere each says so: a USSD page may end between them, and a call is heard."""
    links = "\n".join(["8 own", *links_to_english(MARKED + 1), "0 menu"])
    screen = Screen("0", "menu", "zz", "body", links)
    texts = screen.texts(FORM)

    below = "\n".join(f"{code} label" for code in range(1, MARKED + 2))
    assert texts.sms == f"body\n8 own\n0 menu\nEnglish:\n{below}"
    assert texts.chat == f"body\n{links}"
    for line in links_to_english(MARKED + 1):
        assert any(line in page for page in texts.ussd)


def test_links_of_a_mark_that_is_no_end_stay_as_they_are() -> None:
    form = replace(FORM, english=EnglishLinks("", "English:"))
    links = "\n".join(links_to_english(MARKED + 1))
    assert form.sms_links(links) == links
