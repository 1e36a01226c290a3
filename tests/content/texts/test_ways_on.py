"""Every screen leads on: to what its reader may need next, not only back to the menu."""

import pytest

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.loader import ContentSources
from rights_line.core.fixed_codes import ACTS, CLOSE, LANGUAGES, MENU, UNCLEAR_AGAIN

# What a person may need -> the screens that say where to get it.
NEEDS = {
    "a safe place": {"3"},
    "a lawyer": {"7", "71"},
    "the police": {"1", "7"},
    "a doctor": {"1", "6"},
    "help for a child": {"8"},
}
# A screen that names a need -> the next steps that its reader is shown.
NEXT_STEPS = {
    "3": {"33"},
    "7": {"33"},
    "8": {"33"},
    "11": {"7"},
    "21": {"25"},
    "22": {"71", "72"},
    "25": {"71"},
    "31": {"33"},
    "33": {"71"},
    "42": {"71"},
    "43": {"3"},
    "52": {"5", "44"},
    "54": {"71", "5"},
    "71": {"80040008"},
    "72": {"71"},
    "73": {"3", "74", "80040008"},
    "74": {"71"},
    "92": {"3"},
    "95": {"3", "44"},
    "941": {"905"},
    "971": {"2", "25"},
    "31402300": {"2"},
    "80040008": {"71"},
}


@pytest.fixture(scope="module")
def links(sources: ContentSources) -> dict[str, set[str]]:
    """The codes that each screen shows; test_screen_tree.py: the same in every language.

    Without the answers of ACTS: they have no topic, and are sent below the helplines.
    """
    return {
        screen.code: {code for code, _ in screen.links}
        for screen in ScreenTree(sources.content).screens
        if screen.code not in ACTS
    }


def test_each_need_is_at_most_two_codes_away(links: dict[str, set[str]]) -> None:
    for code, first in links.items():
        reached = {code} | first
        reached |= {onward for link in first for onward in links.get(link, set())}
        missing = [need for need, screens in NEEDS.items() if not screens & reached]
        assert missing == [], code


def test_no_screen_leads_nowhere_but_to_the_menu(links: dict[str, set[str]]) -> None:
    dead_ends = {code for code, shown in links.items() if shown <= {MENU, LANGUAGES, CLOSE}}
    assert dead_ends == {UNCLEAR_AGAIN}  # the same menu again would not help


@pytest.mark.parametrize("code", NEXT_STEPS)
def test_screen_that_names_a_need_shows_the_next_step(
    links: dict[str, set[str]], code: str
) -> None:
    assert NEXT_STEPS[code] - links.get(code, set()) == set()
