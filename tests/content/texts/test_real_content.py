"""Every screen of the real content: its helplines, its numbers, its codes and its spacing."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from rights_line.clock import OSLO
from rights_line.content import ContentSources
from rights_line.core import ACTS, CLOSE, LANGUAGES, MENU, NOT_SENT, OTHER_LANGUAGES
from rights_line.core.library import Edition, Library
from rights_line.core.screen import Screen
from tests.support.clock import TUESDAY
from tests.support.worlds import WITH_TEXTS

# Open, closed for the night, and a public holiday.
MOMENTS = (
    TUESDAY,
    datetime(2026, 11, 28, 23, 0, tzinfo=OSLO),
    datetime(2026, 12, 25, 12, 0, tzinfo=OSLO),
)

LAYOUT_ERROR = re.compile(r"  |[{}]| \n|\n\n|\n\Z|\A\s")


@pytest.fixture(params=WITH_TEXTS)
def edition(request: pytest.FixtureRequest, library: Library) -> Edition:
    """The edition of each language in turn."""
    return library.editions[request.param]


def first_responses(library: Library) -> dict[str, str]:
    """Return the responses before a language is known, and the fallback response."""
    return {
        "start": library.start,
        "stateless start": library.start_stateless,
        "helplines": library.helplines,
        "fallback": library.fallback,
        **{f"unsupported {tag}": row.text for tag, row in library.unsupported.items()},
        **{
            f"unsupported {tag}, stateless": row.stateless_text
            for tag, row in library.unsupported.items()
        },
    }


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
    for code, screen in edition.screens.items():
        yield f"{code} stateless", screen.stateless


def test_screens_contain_a_helpline_and_no_unknown_number(
    edition: Edition, library: Library
) -> None:
    """A helpline is one reply away, whatever the sender asks.

    The answers of ACTS are always sent below the helplines.
    """
    known = {digits for digits, code in library.codes.items() if code in library.contact_codes}
    found = {label: numbers(screen.body) for label, screen in screens(edition)}

    assert len(found) > 100
    assert {label.split()[0] for label, row in found.items() if not row} <= {*ACTS}
    assert {label: row - known for label, row in found.items() if row - known} == {}


def test_screens_have_no_layout_error_at_any_hour(edition: Edition, library: Library) -> None:
    """No double space, brace, placeholder or empty line."""
    texts = {
        (label, now): screen.texts_at(edition.form, now, library.holidays).sms
        for label, screen in screens(edition)
        for now in MOMENTS
    }
    wrong = {key: text for key, text in texts.items() if LAYOUT_ERROR.search(text)}

    assert len(texts) > 300
    assert wrong == {}


def test_first_responses_contain_the_lifelines_and_no_layout_error(
    sources: ContentSources, library: Library
) -> None:
    lifelines = [
        sources.content.contacts[name].number for name in sources.content.country.helplines
    ]
    wrong = {
        name: text
        for name, text in first_responses(library).items()
        if LAYOUT_ERROR.search(text) or not all(number in text for number in lifelines)
    }

    assert wrong == {}


def test_contact_screens_contain_the_number_as_the_language_groups_it(
    edition: Edition, library: Library, sources: ContentSources
) -> None:
    """Right-to-left text has the digits together, other text has the groups of contacts.yaml."""
    wrong = {}
    for name, contact in sources.content.contacts.items():
        screen = edition.screens[contact.code]
        language = library.languages[screen.language]
        is_translated = language == edition.language
        body = screen.body if is_translated else screen.body.removeprefix(edition.helplines)
        number = contact.code if language.direction == "rtl" else contact.number
        if number not in body:
            wrong[name] = body

    assert wrong == {}


def test_topic_screens_are_at_most_three_codes_from_the_menu(
    edition: Edition, library: Library, sources: ContentSources
) -> None:
    """Following only codes that a screen shows.

    The questions of the self-check lead to one another: only the first is within three codes.
    """
    topics = {
        code
        for topic in sources.content.topics.values()
        for code in (topic.code, *(row.code for row in topic.passages if not row.yes))
    } - {"930", "931"}
    stateless = {code: screen.stateless for code, screen in edition.screens.items()}
    for by_code in (edition.screens, stateless):
        reached = {MENU}
        for _ in range(3):
            reached |= {
                link for code in reached & by_code.keys() for link in linked_codes(by_code[code])
            }
        assert topics - reached == set()
        assert reached <= library.codes.keys()


def test_known_codes_have_a_screen_in_every_language(edition: Edition, library: Library) -> None:
    leads_to = set(library.codes.values()) - {CLOSE, LANGUAGES, OTHER_LANGUAGES}
    assert leads_to | {*NOT_SENT} == edition.screens.keys()


def test_goodbye_contains_no_number(library: Library) -> None:
    """The reply to 00 stays on the phone when the sender hands it over."""
    assert library.goodbye
    assert not re.search(r"\d", library.goodbye)
