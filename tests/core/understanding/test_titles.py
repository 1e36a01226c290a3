"""Each line of a menu, typed as words, leads to its screen, in every language."""

import re
from collections.abc import Iterator

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree
from rights_line.content.assembly.pages import title_links
from rights_line.core import LANGUAGES as LANGUAGE_LIST
from rights_line.core.library import Library
from rights_line.core.understanding import (
    AskLanguage,
    EndSession,
    Helpline,
    Intent,
    ListLanguages,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.words import normalise

LINE = re.compile(r"(\d+) (\S.*)")


def lines(library: Library, tag: str) -> Iterator[tuple[str, str]]:
    """Yield code and label of each line of a menu in a language, as it is sent."""
    for screen in library.editions[tag].screens.values():
        if screen.language == tag:
            for line in screen.links.split("\n"):
                if found := LINE.fullmatch(line.removesuffix(" (English)")):
                    yield found[1], found[2]


def leads_to(intent: Intent, code: str) -> bool:
    match intent:
        case ShowScreen(_, shown):
            return shown == code
        case Helpline(shown):
            return shown == code
        case ListLanguages():
            return code == LANGUAGE_LIST
        case EndSession():
            return code == "00"
        case ShowStart(shown) | AskLanguage(code=shown):
            return (shown or "0") == code
        case _:
            return False


@pytest.fixture(scope="module")
def own_codes(sources: ContentSources) -> dict[tuple[str, str], set[str]]:
    """Language and title -> the codes that have it: two screens may share one."""
    tree = ScreenTree(sources.content)
    found: dict[tuple[str, str], set[str]] = {}
    fold = sources.spelling.fold
    for tag, source in sources.languages.items():
        for code, key in title_links(tree):
            if source.has_texts and (title := source.translate(*key)):
                found.setdefault((tag, fold(normalise(title))), set()).add(code)
    return found


def test_every_line_of_a_menu_typed_in_a_session_leads_to_its_screen(
    library: Library, own_codes: dict[tuple[str, str], set[str]]
) -> None:
    wrong, count = [], 0
    for tag, edition in library.editions.items():
        for code, label in dict.fromkeys(lines(library, tag)):
            fold = library.vocabulary.spelling.fold
            twins = own_codes.get((tag, fold(normalise(label))), set())
            for text in (label.lower(), f"{code} {label}", f"{label} {code}"):
                if (text == label.lower() or text.startswith(label)) and twins != {code}:
                    continue  # two screens share the title, or it is "read more" or an answer
                count += 1
                if not leads_to(interpret_to_intent(text, tag, library), code):
                    wrong.append((tag, text, code))
        assert edition
    assert count > 3_000
    assert wrong == []


def test_title_typed_before_a_language_is_chosen_leads_to_its_screen(
    library: Library, own_codes: dict[tuple[str, str], set[str]]
) -> None:
    wrong, count = [], 0
    for tag in library.editions:
        for code, label in dict.fromkeys(lines(library, tag)):
            fold = library.vocabulary.spelling.fold
            if len(own_codes.get((tag, fold(normalise(label))), set())) != 1:
                continue
            count += 1
            if not leads_to(interpret_to_intent(label, None, library), code):
                wrong.append((tag, label, code))
    # "Children" names the page for professionals, and means the sender's own without a menu.
    assert len(wrong) <= count * 0.05, wrong


@pytest.mark.parametrize(
    ("text", "code"),
    [("Debtt", "42"), ("deb t", None), ("Womn", "31"), ("whot to say", "11"), ("Pay", "41")],
)
def test_title_with_one_typing_error_leads_to_its_screen(
    library: Library, text: str, code: str | None
) -> None:
    intent = interpret_to_intent(text, "en", library)
    assert leads_to(intent, code or "-") is (code is not None)
