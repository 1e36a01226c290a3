"""Every screen is reached from the menu in three codes, and no menu has more than nine topics."""

import re
from pathlib import Path

import pytest

from rights_line.content.loader import ROOT, ContentSources
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.library import Edition, Library

SELF_CHECK = re.compile(r"93(?:0|1|\d\d)")  # its questions lead to one another


def links(edition: Edition, code: str) -> list[str]:
    """Return the codes that a screen shows."""
    return [line.split(" ")[0] for line in edition.screens[code].links.split("\n") if line]


def depths(edition: Edition) -> dict[str, int]:
    """Return how many codes it takes from the menu to each screen that is linked."""
    found = {"0": 0}
    waiting = ["0"]
    while waiting:
        code = waiting.pop(0)
        for link in links(edition, code):
            if link in edition.screens and link not in found:
                found[link] = found[code] + 1
                waiting.append(link)
    return found


def test_every_screen_is_reached_in_three_codes(library: Library) -> None:
    """Topics and their passages; a helpline's own screen is reached by its number."""
    edition = library.editions["en"]
    found = depths(edition)
    for code in edition.screens:
        if code in library.contact_codes or code == "?":
            continue
        assert code in found, f"nothing leads to {code}"
        assert found[code] <= 3 or SELF_CHECK.fullmatch(code), (code, found[code])


def test_no_screen_offers_more_than_nine_choices(library: Library) -> None:
    """Nine, besides the ways out."""
    edition = library.editions["en"]
    for code in edition.screens:
        choices = set(links(edition, code)) - {"0", "00", "99"}
        assert len(choices) <= 9, code


def test_every_language_has_the_same_tree(library: Library) -> None:
    """A code means the same in every language."""
    english = library.editions["en"]
    for edition in library.editions.values():
        for code in english.screens:
            assert links(edition, code) == links(english, code), (edition.language.tag, code)


def test_the_self_check(library: Library) -> None:
    """Ten questions; yes leads to help at once, ten times no to the numbers too; no verdict."""
    screens = library.editions["en"].screens
    code, asked = "9301", []
    while code != "930":
        asked.append(code)
        yes, no, home = links(library.editions["en"], code)
        assert (yes, home) == ("931", "0")
        assert "call 112" in screens[code].body
        code = no
    assert len(asked) == 10
    for end in ("931", "930"):
        body = screens[end].body
        assert all(number in body for number in ("112", "22 33 11 60", "116 111"))
        assert not re.search(r"\byou are\b|\byou are not\b|victim", body, re.IGNORECASE)


def test_danger_and_age_come_before_the_questions(library: Library) -> None:
    """The way into the self-check asks for neither, but shows 112, 116 111 and the safe phone."""
    body = library.editions["en"].screens["93"].body
    assert body.index("112") < body.index("116 111") < body.index("Ten questions")
    assert "send 96" in body


CHANGED = {
    "police": {'number: "112"': 'number: "122"'},
    "rosa": {'"22 33 11 60"': '"22 33 11 61"', '"+4722331160"': '"+4722331161"'},
    "children": {'"116 111"': '"116 112"'},
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_card_language_must_translate_the_lifelines(folder: Path, name: str) -> None:
    """A new number in contacts.yaml leaves the screen among those that a card must translate."""
    before = ScreenTree(ContentSources(folder).content).card_texts()
    contacts = folder / "content" / "contacts.yaml"
    text = contacts.read_text("utf-8")
    for old, new in CHANGED[name].items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    contacts.write_text(text, "utf-8")

    after = ScreenTree(ContentSources(folder).content).card_texts()

    assert name in {context for context, _ in after}
    assert after == before


def test_no_helpline_number_is_typed_in_code(sources: ContentSources) -> None:
    """Code and templates take numbers from contacts.yaml: a new number needs no other change."""
    contacts = sources.content.contacts.values()
    numbers = "|".join({row.number for row in contacts} | {row.code for row in contacts})
    typed = re.compile(rf"(?<!\d)(?:{numbers})(?!\d)")
    files = [path for path in (ROOT / "rights_line").rglob("*") if path.suffix != ".pyc"]

    assert [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        if path.is_file()
        for match in typed.finditer(path.read_text("utf-8"))
    ] == []
