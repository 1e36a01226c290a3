"""/card/<tag> in Chromium: the layout on screens of any width, and in print."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from rights_line.core.library import Library
from tests.support import paper
from tests.support.browser import LANGUAGE_WIDTHS, hold, opened
from tests.support.cards import NUMBER, URL

BROKEN_LINES = "all => all.filter(one => one.getClientRects().length > 1).length"
SMALLEST_SIDE = "code => Math.min(code.clientWidth, code.clientHeight)"


@pytest.mark.parametrize(("tag", "width"), LANGUAGE_WIDTHS)
def test_card_at_any_width_is_complete_and_readable(
    tag: str, width: int, context: BrowserContext, published_address: str, library: Library
) -> None:
    """Each number is on one line, and both QR codes are large enough."""
    page, seen = opened(context, f"{published_address}/card/{tag}", width)
    language = library.editions[tag].language
    assert page.locator(".first:visible").count() == 1  # the others are for the printer
    assert page.locator(".first").first.evaluate("face => getComputedStyle(face).direction") == (
        language.direction
    )
    assert page.locator(".sides b").evaluate_all(BROKEN_LINES) == 0
    codes = page.locator(".sheet > :first-child .qr").all()
    assert len(codes) == 2
    assert min(code.evaluate(SMALLEST_SIDE) for code in codes) >= 90
    hold(page, seen, published_address, f"card_{tag}_{width}")


@pytest.mark.parametrize("tag", ["ar", "th", "pl"])
def test_card_page_prints_four_cards_on_both_sides_of_a_sheet(
    tag: str, context: BrowserContext, published_address: str, library: Library, tmp_path: Path
) -> None:
    """Each cover is behind the helplines of its card, and no text is at a cut."""
    paper.required()
    page, _ = opened(context, f"{published_address}/card/{tag}", 768)
    file = tmp_path / "page.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    word = library.editions[tag].language.word
    cards = [paper.Area(20, 13 + 67.5 * row, 170, 67.5).shrunk(1) for row in range(4)]

    assert paper.facts(file)["Pages"] == "2"
    assert "A4" in paper.facts(file)["Page size"]
    assert {word for word, _ in paper.words(file, 1)} >= {"Norge", "info"}
    assert not any(word.isdecimal() for word, _ in paper.words(file, 1))
    assert paper.codes(file, 2, tmp_path) == sorted([f"SMSTO:{NUMBER}:{word}", f"{URL}/{tag}/"] * 4)
    covers, helplines = (_middles(file, side, seen) for side, seen in ((1, "Norge"), (2, "112")))
    assert [round(210 - x) // 85 for x in covers] == [round(x) // 85 for x in helplines]
    for side in (1, 2):
        for text, place in paper.words(file, side):
            assert any(card.holds(place) for card in cards), (side, text)


def test_card_page_without_javascript_prints_one_card(
    chromium: Browser, published_address: str, tmp_path: Path
) -> None:
    """On both sides of a sheet, and no button that does nothing is shown."""
    paper.required()
    context = chromium.new_context(java_script_enabled=False)
    page, _ = opened(context, f"{published_address}/card/uk", 768)
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)

    assert not page.locator("#print").is_visible()
    context.close()
    assert paper.facts(tmp_path / "page.pdf")["Pages"] == "2"
    assert len(paper.codes(tmp_path / "page.pdf", 2, tmp_path)) == 2


def _middles(file: Path, side: int, text: str) -> list[float]:
    """Return how far from the left edge each place is where a word is printed."""
    there = [place for word, place in paper.words(file, side) if word.startswith(text)]
    assert len(there) == 4
    return [place.left + place.width / 2 for place in there]
