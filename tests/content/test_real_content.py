"""Every screen of the real content: its helplines, its numbers, its codes and its spacing."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.library import CLOSE, LANGUAGES, MENU, UNCLEAR, Edition, Screen
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
FIRST_RESPONSES = {
    "start": LIBRARY.start,
    "stateless start": LIBRARY.start_stateless,
    "helplines": LIBRARY.helplines,
    "fallback": LIBRARY.fallback,
    **{f"unsupported {tag}": row.text for tag, row in LIBRARY.unsupported.items()},
    **{
        f"unsupported {tag}, stateless": row.stateless_text
        for tag, row in LIBRARY.unsupported.items()
    },
}
LAYOUT_ERROR = re.compile(r"  |[{}]| \n|\n\n|\n\Z|\A\s")


def numbers(text: str) -> set[str]:
    """Return the runs of digits, with single spaces in them, that are too long to be a time."""
    runs = (run.replace(" ", "") for run in re.findall(r"\d+(?: \d+)*", text))
    return {run for run in runs if len(run) > 2}


def linked_codes(screen: Screen) -> Iterator[str]:
    """Yield the codes that a screen's links show, with or without the language's word."""
    for line in screen.links.splitlines():
        found = re.match(r"(?:[A-Z]+ )?(\d+) \S", line)
        assert found, line
        yield found[1]


def screens(edition: Edition) -> Iterator[tuple[str, Screen]]:
    """Yield every screen of an edition with a label."""
    yield from edition.screens.items()
    for code, screen in edition.stateless_screens.items():
        yield f"{code} stateless", screen


@pytest.mark.parametrize("edition", EDITIONS)
def test_screens_contain_a_helpline_and_no_unknown_number(edition: Edition) -> None:
    """A helpline is one reply away, whatever the sender asks."""
    found = {label: numbers(screen.body) for label, screen in screens(edition)}

    assert len(found) > 100
    assert [label for label, row in found.items() if not row] == []
    assert {label: row - NUMBERS for label, row in found.items() if row - NUMBERS} == {}


@pytest.mark.parametrize("edition", EDITIONS)
def test_screens_have_no_layout_error_at_any_hour(edition: Edition) -> None:
    """No double space, brace, placeholder or empty line."""
    texts = {
        (label, now): screen.texts_at(now, LIBRARY.holidays).sms
        for label, screen in screens(edition)
        for now in MOMENTS
    }
    wrong = {key: text for key, text in texts.items() if LAYOUT_ERROR.search(text)}

    assert len(texts) > 300
    assert wrong == {}


def test_first_responses_contain_the_lifelines_and_no_layout_error() -> None:
    """The responses before a language is known, and the fallback response."""
    lifelines = [CONTACTS[name].number for name in ("police", "rosa", "children")]
    wrong = {
        name: text
        for name, text in FIRST_RESPONSES.items()
        if LAYOUT_ERROR.search(text) or not all(number in text for number in lifelines)
    }

    assert wrong == {}


@pytest.mark.parametrize("edition", EDITIONS)
def test_contact_screens_contain_the_number_as_the_language_groups_it(edition: Edition) -> None:
    """Right-to-left text has the digits together, other text has the groups of contacts.yaml."""
    wrong = {}
    for name, contact in CONTACTS.items():
        screen = edition.screens[contact.code]
        language = LIBRARY.languages[screen.language]
        is_translated = language == edition.language
        body = screen.body if is_translated else screen.body.removeprefix(edition.helplines)
        number = contact.code if language.direction == "rtl" else contact.number
        if number not in body:
            wrong[name] = body

    assert wrong == {}


def test_international_numbers_are_the_code_after_47() -> None:
    assert [
        name for name, row in CONTACTS.items() if row.e164 not in (None, f"+47{row.code}")
    ] == []


@pytest.mark.parametrize("edition", RIGHT_TO_LEFT)
def test_right_to_left_texts_have_no_spaced_number(edition: Edition) -> None:
    """Groups of digits would be displayed in reverse order."""
    bodies = {
        label: screen.body
        for label, screen in screens(edition)
        if screen.language == edition.language.tag
    }
    texts = {"helplines": edition.helplines, **bodies}

    assert {label: text for label, text in texts.items() if re.search(r"\d\s+\d", text)} == {}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", ["screens", "stateless_screens"])
def test_topic_screens_are_at_most_three_codes_from_the_menu(edition: Edition, kind: str) -> None:
    """Following only codes that a screen shows.

    The questions of the self-check lead to one another: only the first is within three codes.
    """
    by_code = getattr(edition, kind)
    reached = {MENU}
    for _ in range(3):
        reached |= {
            link for code in reached & by_code.keys() for link in linked_codes(by_code[code])
        }
    topics = {
        code
        for topic in SOURCES.content.topics.values()
        for code in (topic.code, *(row.code for row in topic.passages if not row.yes))
    } - {"930", "931"}
    assert topics <= reached
    assert reached <= LIBRARY.codes.keys()


@pytest.mark.parametrize("edition", EDITIONS)
def test_known_codes_have_a_screen_in_every_language(edition: Edition) -> None:
    leads_to = set(LIBRARY.codes.values()) - {CLOSE, LANGUAGES}
    assert leads_to | {UNCLEAR} == edition.screens.keys() == edition.stateless_screens.keys()


def test_goodbye_contains_no_number() -> None:
    """The reply to 00 stays on the phone when the sender hands it over."""
    assert LIBRARY.goodbye
    assert not re.search(r"\d", LIBRARY.goodbye)
