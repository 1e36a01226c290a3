"""The screen tree: choices, ways on, the self-check and the lifelines."""

import re

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree
from rights_line.core import ACTS, CLOSE, LANGUAGES, MENU, UNCLEAR_AGAIN
from rights_line.core.library import Edition, Library
from rights_line.library import ROOT
from tests.support.wording import missing_helplines

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
    "52": {"5", "73", "44"},
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


def links(edition: Edition, code: str) -> list[str]:
    return [line.split(" ")[0] for line in edition.screens[code].links.split("\n") if line]


def test_screens_offer_at_most_nine_choices(library: Library) -> None:
    """Besides the menu, the languages and the end."""
    edition = library.editions["en"]
    for code in edition.screens:
        choices = set(links(edition, code)) - {"0", "00", "99"}
        assert len(choices) <= 9, code


def test_screens_have_the_same_links_in_every_language(library: Library) -> None:
    """But for 2, which leads speakers of Ukrainian and Russian to the helpline in theirs."""
    english = library.editions["en"]
    own = {(tag, "2"): ["31402300"] for tag in ("uk", "ru")}
    for edition in library.editions.values():
        for code in english.screens:
            *shown, home = links(english, code) or [""]
            expected = [*shown, *own.get((edition.language.tag, code), []), *filter(None, [home])]
            assert links(edition, code) == expected, (edition.language.tag, code)


def test_helpline_of_a_language_is_named_for_whom_it_is(library: Library) -> None:
    """Not everybody who reads Russian is from Ukraine."""
    for edition in (library.editions["ru"], library.latin_editions["ru"]):
        for links in (edition.screens["2"].links, edition.screens["2"].stateless_links):
            assert re.search("31402300 .*(Украина|Ukraina)", links)


def test_self_check_of_ten_questions_leads_to_helplines_without_a_verdict(library: Library) -> None:
    """The first "yes" and the tenth "no"."""
    screens = library.editions["en"].screens
    code, asked = "93", []
    while code != "930":
        asked.append(code)
        yes, no, *_, home = links(library.editions["en"], code)
        assert (yes, home) == ("931", "0")
        assert "call 112" in screens[code].body
        code = no
    assert len(asked) == 10
    for end in ("931", "930"):
        body = screens[end].body
        assert missing_helplines(body) == []
        assert not re.search(r"\byou are\b|\byou are not\b|victim", body, re.IGNORECASE)


def test_self_check_start_shows_helplines_and_phone_safety_before_the_questions(
    library: Library,
) -> None:
    """It asks for no age and for no danger, but shows 112 and 116 111."""
    body = library.editions["en"].screens["93"].body
    assert body.index("112") < body.index("116 111") < body.index("Ten questions")
    assert "Choose 96" in body


def test_code_contains_no_helpline_number(sources: ContentSources) -> None:
    """Code and templates take them from contacts.yaml."""
    contacts = sources.content.contacts.values()
    numbers = "|".join({row.number for row in contacts} | {row.code for row in contacts})
    written = re.compile(rf"(?<!\d)(?:{numbers})(?!\d)")
    files = [path for path in (ROOT / "rights_line").rglob("*") if path.suffix != ".pyc"]

    assert [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        if path.is_file()
        for match in written.finditer(path.read_text("utf-8"))
    ] == []


@pytest.fixture(scope="module")
def linked(sources: ContentSources) -> dict[str, set[str]]:
    """The codes that each screen shows.

    Without the answers of ACTS: they have no topic, and are sent below the helplines.
    """
    return {
        screen.code: {code for code, _ in screen.links}
        for screen in ScreenTree(sources.content).screens
        if screen.code not in ACTS
    }


def test_each_need_is_at_most_two_codes_away(linked: dict[str, set[str]]) -> None:
    for code, first in linked.items():
        reached = {code} | first
        reached |= {onward for link in first for onward in linked.get(link, set())}
        missing = [need for need, screens in NEEDS.items() if not screens & reached]
        assert missing == [], code


def test_no_screen_leads_nowhere_but_to_the_menu(linked: dict[str, set[str]]) -> None:
    dead_ends = {code for code, shown in linked.items() if shown <= {MENU, LANGUAGES, CLOSE}}
    assert dead_ends == {UNCLEAR_AGAIN}  # the same menu again would not help


@pytest.mark.parametrize("code", NEXT_STEPS)
def test_screen_that_names_a_need_shows_the_next_step(
    linked: dict[str, set[str]], code: str
) -> None:
    assert NEXT_STEPS[code] - linked.get(code, set()) == set()
