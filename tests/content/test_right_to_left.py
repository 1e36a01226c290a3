"""A number in right-to-left text is read as it is dialled."""

import pytest
from bidi import get_display

from rights_line.content.loader import ContentSources
from rights_line.core.library import Library


def shown(text: str) -> str:
    """Return a text as a phone shows it, by UAX #9, each line a right-to-left paragraph."""
    return "\n".join(str(get_display(line, base_dir="R")) for line in text.split("\n"))


@pytest.mark.parametrize("number", ["22 33 11 60", "116 111", "60-11", "+4722331160"])
def test_the_renderer_turns_spaced_numbers_round(number: str) -> None:
    """The trap is real, and this test would see it."""
    assert number not in shown(f"الاتصال على {number} الآن")


def test_every_number_reads_in_order(sources: ContentSources, library: Library) -> None:
    """In every right-to-left screen each helpline's digits stand in their order on the glass."""
    seen = 0
    for edition in library.editions.values():
        if edition.language.direction == "ltr":
            continue
        for screen in (*edition.screens.values(), *edition.stateless_screens.values()):
            glass = shown(f"{screen.body}\n{screen.links}")
            for contact in sources.content.contacts.values():
                if contact.code in screen.body:
                    assert contact.code in glass, (screen.code, contact.code)
                    assert screen.body.count(contact.code) <= glass.count(contact.code)
                    seen += 1
    assert seen > 100


def test_hours_read_in_order(library: Library) -> None:
    """Opening and closing time are not exchanged: the earlier stands to the right."""
    body = library.editions["ar"].screens["23351600"].body
    glass = shown(body)
    assert body.index("10:00") < body.index("15:00")
    assert glass.index("15:00") < glass.index("10:00")


def test_codes_stand_whole(library: Library) -> None:
    """A code beside its label is the code that is to be sent."""
    for line in library.editions["ar"].screens["0"].links.split("\n"):
        code = line.split(" ")[0]
        assert shown(line).endswith(f" {code}"), line
