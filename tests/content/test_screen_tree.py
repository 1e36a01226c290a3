"""The screen tree: depth, choices per screen, the self-check and the lifelines."""

import re
from pathlib import Path

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.loader import ContentSources
from rights_line.content.screen_approval import short_texts
from rights_line.core.library import Edition, Library
from rights_line.library.texts_folder import ROOT
from tests.support.folders import CONTACTS, change, swap

SELF_CHECK = re.compile(r"93(?:0|1|\d\d)")  # its questions lead to one another


def links(edition: Edition, code: str) -> list[str]:
    """Return the codes that a screen links to."""
    return [line.split(" ")[0] for line in edition.screens[code].links.split("\n") if line]


def test_screens_offer_at_most_nine_choices(library: Library) -> None:
    """Besides the menu, the languages and the end."""
    edition = library.editions["en"]
    for code in edition.screens:
        choices = set(links(edition, code)) - {"0", "00", "99"}
        assert len(choices) <= 9, code


def test_screens_have_the_same_links_in_every_language(library: Library) -> None:
    english = library.editions["en"]
    for edition in library.editions.values():
        for code in english.screens:
            assert links(edition, code) == links(english, code), (edition.language.tag, code)


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
        assert all(number in body for number in ("112", "22 33 11 60", "116 111"))
        assert not re.search(r"\byou are\b|\byou are not\b|victim", body, re.IGNORECASE)


def test_self_check_start_shows_helplines_and_phone_safety_before_the_questions(
    library: Library,
) -> None:
    """It asks for no age and for no danger, but shows 112 and 116 111."""
    body = library.editions["en"].screens["93"].body
    assert body.index("112") < body.index("116 111") < body.index("Ten questions")
    assert "Send 96" in body


def test_short_texts_after_new_lifeline_numbers_are_the_same(small_folder: Path) -> None:
    before = short_texts(ScreenTree(ContentSources(small_folder).content))
    for old, new in (("112", "122"), ("22 33 11 60", "22 33 11 61"), ("116 111", "116 112")):
        change(small_folder, CONTACTS, swap(f'"{old}"', f'"{new}"'))
    change(small_folder, CONTACTS, swap(r"\+4722331160", "+4722331161"))

    after = short_texts(ScreenTree(ContentSources(small_folder).content))

    assert {"helplines", "danger", "under_18", "interpreter"} <= {context for context, _ in after}
    assert after == before


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


def test_passage_with_see_links_to_titled_passage_of_another_topic(library: Library) -> None:
    """A child who was made to break the law is led to 72, with its label."""
    assert "72 Made to break the law" in library.editions["en"].screens["83"].links
