"""/try and /outreach in Chromium: nothing runs over, is asked of others, or is kept."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from rights_line.core.library import Library
from tests.support.browser import FULL, WIDTHS, hold, opened

# Line -> how wide the letters on it are together, whatever elements they are in.
WIDTHS_OF_LINES = """bubble => {
    const lines = {}, walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT)
    for (let text; (text = walker.nextNode()); ) {
        const range = document.createRange()
        range.selectNode(text)
        for (const { top, width } of range.getClientRects()) {
            const line = Math.round(top)
            lines[line] = (lines[line] ?? 0) + width
        }
    }
    return lines
}"""


def ask(page: Page, how: Any) -> str:
    """Do something that is answered, and return what the last bubble says."""
    before = page.locator(".turn").count()
    how()
    page.wait_for_function("n => document.querySelectorAll('.turn').length > n", arg=before)
    return "".join(page.locator(".turn").last.locator(".segment").all_text_contents())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("tag", FULL)
def test_the_phone(
    tag: str, width: int, context: BrowserContext, address: str, library: Library
) -> None:
    """In each language the thread grows, the numbers are in order, and the state is shown."""
    page, seen = opened(context, f"{address}/try", width)
    edition = library.editions[tag]
    menu = ask(page, page.locator(f"button[value={edition.language.word}]").click)
    page.fill("#text", "4")
    work = ask(page, lambda: page.keyboard.press("Enter"))
    page.locator(".wrong summary").last.click()

    numbers = ["112", "22331160", "116111"]
    places = ["".join(menu.split()).index(number) for number in numbers]
    assert places == sorted(places)
    assert "4 " in menu
    assert "".join(work.split()).index("22331160") >= 0
    assert page.locator(".turn").count() == 2
    assert page.locator(".got").last.get_attribute("lang") == tag
    assert page.locator(".preview").inner_text() in work
    hold(page, seen, address, f"try_{tag}_{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_for_helpers(width: int, context: BrowserContext, address: str) -> None:
    """Two languages side by side where there is room, one below the other where there is not."""
    page, seen = opened(context, f"{address}/outreach", width)
    english, norwegian = (page.locator(f".pair p[lang={tag}]").first for tag in ("en", "nb"))
    left, right = english.bounding_box(), norwegian.bounding_box()

    assert left
    assert right
    assert (right["x"] > left["x"]) == (width > 320)
    hold(page, seen, address, f"outreach_{width}")


@pytest.mark.parametrize("medium", ["ussd", "voice", "chat"])
def test_the_other_ways(
    medium: str, context: BrowserContext, address: str, library: Library
) -> None:
    """A session is dialled on, a call is keyed on, and another way begins another conversation."""
    page, seen = opened(context, f"{address}/try", 768)
    ask(page, lambda: page.locator("button[value=ENGLISH]").click())
    page.check(f"[value={medium}]")
    assert page.locator(".turn").count() == 0
    ask(page, lambda: page.locator("button[value=POLSKI]").click())
    page.fill("#text", "4")
    reply_text = ask(page, lambda: page.keyboard.press("Enter"))

    assert reply_text.startswith(("Praca i placa", "Praca i płaca"))
    page.fill("#text", "00")
    assert ask(page, lambda: page.keyboard.press("Enter")) == library.goodbye
    hold(page, seen, address, f"try_{medium}")


def test_without_javascript(chromium: Browser, address: str, library: Library) -> None:
    """A plain form, one answer at a time, by every way."""
    context = chromium.new_context(java_script_enabled=False)
    page, seen = opened(context, f"{address}/try", 320)
    for medium in ("sms", "ussd", "voice"):
        page.check(f"[value={medium}]")
        with page.expect_navigation():
            page.click("button[value=ROMANA]")
        page.fill("#text", "4")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        reply_text = "".join(page.locator(".segment").all_text_contents())

        assert reply_text.startswith(("Munca", "Muncă")), (medium, reply_text)
        assert page.locator(".turn").count() == 1
    assert [url for url in seen if not url.startswith(f"{address}/")] == []
    context.close()


def test_a_border_parts_no_letters(context: BrowserContext, address: str) -> None:
    """Arabic letters stay joined where a segment begins: each line is as wide as plain text."""
    page, _ = opened(context, f"{address}/try", 1280)
    ask(page, lambda: page.locator("button[value=ARABI]").click())
    page.fill("#text", "4")
    ask(page, lambda: page.keyboard.press("Enter"))
    bubble = page.locator(".got").last
    assert bubble.locator(".segment").count() > 1
    cut = bubble.evaluate(WIDTHS_OF_LINES)
    bubble.evaluate("bubble => { bubble.textContent = bubble.textContent }")

    assert cut == pytest.approx(bubble.evaluate(WIDTHS_OF_LINES), abs=0.5)


def test_boxes_are_seen(context: BrowserContext, address: str) -> None:
    """The phone without the letters shows boxes, in the bubble and on the locked screen."""
    page, seen = opened(context, f"{address}/try", 768)
    page.check("[name=boxes]")
    page.fill("[name=price]", "0,8")
    reply_text = ask(page, lambda: page.locator("button[value=TIGRINYA]").click())

    assert "□□□" in reply_text
    assert "□□□" in page.locator(".preview").inner_text()
    assert "× 0.8 = " in page.locator(".measure").last.inner_text()
    hold(page, seen, address, "try_boxes")


def test_before_anything_is_asked(context: BrowserContext, address: str) -> None:
    """The phone is there, and empty."""
    page, seen = opened(context, f"{address}/try", 1280)
    assert page.locator(".turn").count() == 0
    hold(page, seen, address, "try_empty")
