"""Numbers in right-to-left text are displayed in the order in which they are dialled."""

from bidi import get_display

from rights_line.content import ContentSources
from rights_line.core.library import Library


def displayed(text: str) -> str:
    """Return a text as a phone displays it (UAX #9, each line a right-to-left paragraph)."""
    return "\n".join(str(get_display(line, base_dir="R")) for line in text.split("\n"))


def test_display_of_helplines_keeps_their_digits_in_order(
    sources: ContentSources, library: Library
) -> None:
    checked = 0
    for edition in library.editions.values():
        if edition.language.direction == "ltr":
            continue
        screens = edition.screens.values()
        for screen in (*screens, *(row.stateless for row in screens)):
            display = displayed(f"{screen.body}\n{screen.links}")
            for contact in sources.content.contacts.values():
                if contact.code in screen.body:
                    assert contact.code in display, (screen.code, contact.code)
                    assert screen.body.count(contact.code) <= display.count(contact.code)
                    checked += 1
    assert checked > 100


def test_display_of_hours_has_the_opening_time_on_the_right(library: Library) -> None:
    body = library.editions["ar"].screens["23351600"].body
    display = displayed(body)
    assert body.index("10:00") < body.index("15:00")
    assert display.index("15:00") < display.index("10:00")


def test_display_of_a_link_keeps_its_code(library: Library) -> None:
    for line in library.editions["ar"].screens["0"].links.split("\n"):
        code = line.split(" ")[0]
        assert displayed(line).endswith(f" {code}"), line
