"""The costs of screens are in a golden file, so that a diff shows each change."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.core import ACTS, CHANGED, MENU, UNCLEAR
from rights_line.core.library import Library
from rights_line.core.screen import Head
from rights_line.core.sms import count_sms
from rights_line.editorial import costs, lint
from rights_line.editorial.costs import CostRow, screen_costs
from tests.support.cli import run
from tests.support.worlds import SMALL_ROOT

GOLDEN = Path(__file__).parent.parent / "data" / "costs.txt"
LANGUAGES = ("en", "pl", "ar")  # the source, Latin letters without marks, UCS-2

# Chosen, not counted: danger, ROSA, a place, work, papers, a doctor, police, minors. 22, 23, 54, 71
# and 73 are likely as well, and take five in some languages.
MOST_SENT = (
    *("1", "11", "12", "13", "2", "21", "24", "3", "4", "41"),
    *("42", "5", "51", "52", "55", "6", "7", "8", "9", "96"),
)


@pytest.fixture(scope="module")
def rows(library: Library) -> list[CostRow]:
    """The costs of each screen of the real texts."""
    return [*screen_costs(library)]


def test_costs_table_matches_the_golden_file(
    rows: list[CostRow], request: pytest.FixtureRequest
) -> None:
    """Of three languages; --update-costs writes the file anew."""
    chosen = [row for row in rows if row["language"] in LANGUAGES]
    written = "\n".join(costs.tables(chosen)) + "\n"
    if request.config.getoption("--update-costs"):
        GOLDEN.write_text(written)
    assert GOLDEN.read_text() == written


def test_costs_command_prints_the_table(small_library: Library) -> None:
    printed = run("costs", where=SMALL_ROOT).stdout
    assert printed.splitlines() == [*costs.tables(screen_costs(small_library))]


def test_costs_of_each_language_stay_within_its_ratio(
    sources: ContentSources, rows: list[CostRow]
) -> None:
    """At most 1.2 times English in Latin script, 2.4 times in others.

    A short edition has long screens alone: 2.5, five segments where English has two. A language
    with a translation that waits marks links to English screens, which takes more.
    """
    for row in costs.totals(rows):
        if any(lint.waiting_translations(sources, row["language"])):
            continue
        language = sources.languages[row["language"]]
        others = 2.4 if language.texts == "full" else 2.5
        assert row["ratio"] <= (others if language.language.encoding == "UCS-2" else 1.2), row


def test_screens_that_are_sent_most_take_at_most_four_segments(rows: list[CostRow]) -> None:
    """In any letters, with every helpline open; others may take five."""
    most = [row for row in rows if row["code"] in MOST_SENT]
    assert {row["code"] for row in most} == {*MOST_SENT}
    assert [row for row in most if row["segments"] > 4] == []


def test_short_editions_take_at_most_four_segments_for_threats_and_three_for_menus(
    sources: ContentSources, library: Library
) -> None:
    """In a session, with a menu's helplines in full, as in a first reply."""
    short = [edition for tag, edition in library.editions.items() if is_short(sources, tag)]
    assert len(short) == 12
    for edition in short:
        for code, limit in (("73", 4), (MENU, 3), (CHANGED, 3), (UNCLEAR, 3)):
            text = edition.screens[code].texts(edition.form).sms
            assert count_sms(text).segments <= limit, (edition.language.tag, code)


def test_lists_of_four_topics_in_short_editions_take_at_most_three_segments(
    sources: ContentSources, library: Library
) -> None:
    """Of the twelve longest labels; any others are shorter."""
    for edition in library.editions.values():
        if not is_short(sources, edition.language.tag):
            continue
        topics = {*edition.links} - {MENU, *library.contact_codes}
        labels = sorted((edition.links[code] for code in topics), key=len)
        for four in combinations(labels[-12:], 4):
            links = "\n".join((*four, edition.links[MENU]))
            text = replace(edition.screens[MENU], links=links).texts(edition.form).sms
            assert count_sms(text).segments <= 3, (edition.language.tag, four)


def is_short(sources: ContentSources, tag: str) -> bool:
    return sources.languages[tag].texts == "short"


def test_menus_and_answers_to_acts_take_at_most_three_segments(library: Library) -> None:
    """Below the bare numbers, as in every reply of a session but the first."""
    for edition in library.editions.values():
        for code in (MENU, CHANGED, UNCLEAR, *ACTS):
            texts = edition.screens[code].texts(edition.form).headed(Head.NUMBERS)
            assert count_sms(texts.sms).segments <= 3, (edition.language.tag, code)
