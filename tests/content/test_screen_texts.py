"""Texts rendered at start-up: every set of closed-notices that can apply has its texts."""

from dataclasses import replace
from datetime import datetime, timedelta

from rights_line.content.screen_texts import TextRenderer
from rights_line.core.library import Footer, Library
from rights_line.core.opening_hours import OSLO

HOURS = [datetime(2026, 1, 1, 0, 30, tzinfo=OSLO) + timedelta(hours=n) for n in range(2 * 8766)]


def test_screen_has_texts_at_every_hour_of_two_years(library: Library) -> None:
    """A missing text would be answered by the fallback response."""
    for tag in ("en", "ar"):
        screens = [row for row in library.editions[tag].screens.values() if row.notices]
        assert screens
        for screen in screens:
            for now in HOURS:
                texts = screen.texts_at(now, library.holidays)
                for notice in screen.closed_notices(now, library.holidays):
                    assert notice in texts.sms
                    assert notice in texts.chat


def test_screen_with_two_helplines_has_texts_for_both_closed(library: Library) -> None:
    """No screen of the content has two yet."""
    screens = library.editions["en"].screens
    two = replace(screens["51"], notices=screens["51"].notices + screens["73"].notices)
    screen = TextRenderer({}, Footer("0 Menu", "98 More"), "112").add_texts(two)

    shown = {screen.texts_at(now, library.holidays).sms for now in HOURS[:2000]}
    counts = {len(screen.closed_notices(now, library.holidays)) for now in HOURS[:2000]}
    assert counts == {0, 1, 2}
    assert len(shown) > 10


def test_screen_with_all_helplines_open_has_no_notice(library: Library) -> None:
    for edition in library.editions.values():
        for screen in edition.screens.values():
            assert screen.texts[()].chat.startswith(screen.body)
            assert screen.texts[()].ussd
