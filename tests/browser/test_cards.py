"""/card/<tag> in Chromium: the layout on screens of any width, and in print."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from rights_line.content.texts_folder import ROOT
from rights_line.core.library import Library
from tests.support import paper
from tests.support.browser import FULL, WIDTHS, hold, opened
from tests.support.cards import ENVIRON, NUMBER, SHOWN, URL
from tests.support.servers import running_line

BROKEN_LINES = "all => all.filter(one => one.getClientRects().length > 1).length"
SMALLEST_SIDE = "code => Math.min(code.clientWidth, code.clientHeight)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a line that has a number, a USSD code and a public URL."""
    environ = {"CHANNELS": "try_it", "PYTHONPATH": str(ROOT), **ENVIRON}
    output = str(tmp_path_factory.mktemp("line") / "output")
    with running_line(environ | {"OUTPUT": output}) as (address, _):
        yield address


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("tag", FULL)
def test_card_at_any_width_is_complete_and_readable(
    tag: str, width: int, context: BrowserContext, address: str, library: Library
) -> None:
    """Numbers are in order, on one line each, and both QR codes are large enough."""
    page, seen = opened(context, f"{address}/card/{tag}", width)
    language = library.editions[tag].language
    text = page.locator(".sides").inner_text()
    order = ["112", "22331160", "116111", language.word, SHOWN.replace(" ", ""), "*384*7#"]
    places = ["".join(text.split()).index(part) for part in order]

    assert places == sorted(places)
    assert page.title() == "Norge info"
    assert page.locator(".first").evaluate("face => getComputedStyle(face).direction") == (
        language.direction
    )
    assert page.locator(".sides b").evaluate_all(BROKEN_LINES) == 0
    assert page.locator(".qr").count() == 2
    assert min(map(lambda code: code.evaluate(SMALLEST_SIDE), page.locator(".qr").all())) >= 90
    hold(page, seen, address, f"card_{tag}_{width}")


@pytest.mark.parametrize("tag", ["ar", "pl"])
def test_card_printed_fits_one_sheet_with_readable_codes(
    tag: str, chromium: Browser, address: str, library: Library, tmp_path: Path
) -> None:
    """The card is 170 x 108 mm, and the print instructions are not on the sheet."""
    paper.required()
    context = chromium.new_context()
    page, _ = opened(context, f"{address}/card/{tag}", 768)
    file = tmp_path / "page.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    context.close()
    word = library.editions[tag].language.word
    card = paper.Area(20, 20, 170, 108)

    assert paper.facts(file)["Pages"] == "1"
    assert "A4" in paper.facts(file)["Page size"]
    assert paper.codes(file, 1, tmp_path) == sorted([f"SMSTO:{NUMBER}:{word}", f"{URL}/{tag}/"])
    assert all(card.holds(place) for _, place in paper.words(file, 1))
