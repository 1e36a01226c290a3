"""Every screen of every language, as it is now: a number on it, right to the digit, and no slip."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.library import CLOSE, LANGUAGES, MENU, UNCLEAR, Edition, Screen
from rights_line.core.model import Contact
from rights_line.core.opening_hours import OSLO
from tests.support.clock import TUESDAY

SOURCES = ContentSources(ROOT)
LIBRARY = build_library(SOURCES, "drafts")
CONTACTS = SOURCES.content.contacts
NUMBERS = {contact.code for contact in CONTACTS.values()}
# Open, closed for the night, and a public holiday.
MOMENTS = (
    TUESDAY,
    datetime(2026, 11, 28, 23, 0, tzinfo=OSLO),
    datetime(2026, 12, 25, 12, 0, tzinfo=OSLO),
)

EDITIONS = [pytest.param(edition, id=tag) for tag, edition in LIBRARY.editions.items()]
RIGHT_TO_LEFT = [
    pytest.param(edition, id=tag)
    for tag, edition in LIBRARY.editions.items()
    if edition.language.direction == "rtl"
]
SCREENS = [
    pytest.param(edition, screens[code], id=f"{tag} {code}{how}")
    for tag, edition in LIBRARY.editions.items()
    for how, screens in (("", edition.screens), (" spelled", edition.stateless_screens))
    for code in screens
]
FIRST = {
    "start": LIBRARY.start,
    "start, spelled": LIBRARY.start_stateless,
    "helplines": LIBRARY.helplines,
    "last resort": LIBRARY.fallback,
    **{f"recognised {tag}": row.text for tag, row in LIBRARY.unsupported.items()},
    **{
        f"recognised {tag}, spelled": row.stateless_text for tag, row in LIBRARY.unsupported.items()
    },
}
SLIPS = re.compile(r"  |[{}]| \n|\n\n|\n\Z|\A\s")


def numbers(text: str) -> set[str]:
    """Return the runs of digits, with single spaces in them, that are too long to be a time."""
    runs = (run.replace(" ", "") for run in re.findall(r"\d+(?: \d+)*", text))
    return {run for run in runs if len(run) > 2}


def shown(screen: Screen) -> Iterator[str]:
    """Yield the codes that a screen's links show, with or without the language's word."""
    for line in screen.links.splitlines():
        found = re.match(r"(?:[A-Z]+ )?(\d+) \S", line)
        assert found, line
        yield found[1]


@pytest.mark.parametrize(("edition", "screen"), SCREENS)
def test_every_screen_holds_a_helpline(edition: Edition, screen: Screen) -> None:
    """Whatever is asked, somebody who can be called is in the answer, and every number is one."""
    found = numbers(screen.body)
    assert found
    assert found <= NUMBERS


@pytest.mark.parametrize(("edition", "screen"), SCREENS)
def test_no_screen_has_a_slip_in_it(edition: Edition, screen: Screen) -> None:
    """At any hour: no double space, no brace, no placeholder, no empty line."""
    for now in MOMENTS:
        text = screen.sms_text(now, LIBRARY.holidays, edition.language.fold)
        assert not SLIPS.search(text), text


@pytest.mark.parametrize("text", FIRST.values(), ids=FIRST)
def test_the_first_answers_hold_the_lifelines(text: str) -> None:
    """What is said before a language is known, or when all broke: three numbers, and no slip."""
    lifelines = [CONTACTS[name].number for name in ("police", "rosa", "children")]
    assert all(number in text for number in lifelines)
    assert not SLIPS.search(text)


@pytest.mark.parametrize("contact", [pytest.param(row, id=name) for name, row in CONTACTS.items()])
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_number_is_its_digits_in_every_language(edition: Edition, contact: Contact) -> None:
    """The screen of a number holds exactly that number, grouped as its language needs it."""
    screen = edition.screens[contact.code]
    spoken = LIBRARY.languages[screen.language]
    body = (
        screen.body.removeprefix(edition.helplines) if spoken != edition.language else screen.body
    )
    assert (contact.code if spoken.direction == "rtl" else contact.number) in body
    assert contact.e164 in (None, f"+47{contact.code}")


@pytest.mark.parametrize("edition", RIGHT_TO_LEFT)
def test_no_number_is_spaced_in_right_to_left_text(edition: Edition) -> None:
    """Groups of digits would change places there."""
    for screen in (*edition.screens.values(), *edition.stateless_screens.values()):
        if screen.language == edition.language.tag:
            assert not re.search(r"\d\s+\d", screen.body)
    assert not re.search(r"\d\s+\d", edition.helplines)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("how", ["screens", "stateless_screens"])
def test_every_topic_is_three_steps_away(edition: Edition, how: str) -> None:
    """Following only codes that were shown, from the menu, one comes to each screen of a topic.

    The questions of the self-check lead to one another: only the first is three steps away.
    """
    screens = getattr(edition, how)
    reached = {MENU}
    for _ in range(3):
        reached |= {code for at in reached & screens.keys() for code in shown(screens[at])}
    topics = {
        code
        for topic in SOURCES.content.topics.values()
        for code in (topic.code, *(row.code for row in topic.passages if not row.yes))
    } - {"930", "931"}
    assert topics <= reached
    assert reached <= LIBRARY.codes.keys()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_code_leads_to_a_screen(edition: Edition) -> None:
    """A code that is shown, printed or asked for has a screen in each language."""
    leads_to = set(LIBRARY.codes.values()) - {CLOSE, LANGUAGES}
    assert leads_to | {UNCLEAR} == edition.screens.keys() == edition.stateless_screens.keys()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_last_line_is_bland(edition: Edition) -> None:
    """The answer to 00 names no number, and is there in every language."""
