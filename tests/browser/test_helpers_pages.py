"""/try and /outreach in Chromium: layout, requests and stored data."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from rights_line.core.library import Library
from tests.support.browser import LANGUAGE_WIDTHS, WIDTHS, hold, opened

# The total width of the letters on each line, in whichever elements.
LINE_WIDTHS = """bubble => {
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


def ask(page: Page, send: Any) -> str:
    """Send a message and return the text of the last bubble."""
    before = page.locator(".turn").count()
    send()
    page.wait_for_function("n => document.querySelectorAll('.turn').length > n", arg=before)
    return "".join(page.locator(".turn").last.locator(".segment").all_text_contents())


@pytest.mark.parametrize(("tag", "width"), LANGUAGE_WIDTHS)
def test_simulator_messages_sent_are_appended_to_thread(
    tag: str, width: int, context: BrowserContext, address: str, library: Library
) -> None:
    """In each language, the numbers are in order and the preview shows the last reply."""
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
def test_outreach_page_wide_screen_has_languages_side_by_side(
    width: int, context: BrowserContext, address: str
) -> None:
    """On the narrowest screen, Norwegian is below English."""
    page, seen = opened(context, f"{address}/outreach", width)
    english, norwegian = (page.locator(f".pair p[lang={tag}]").first for tag in ("en", "nb"))
    left, right = english.bounding_box(), norwegian.bounding_box()

    assert left
    assert right
    assert (right["x"] > left["x"]) == (width > 320)
    hold(page, seen, address, f"outreach_{width}")


@pytest.mark.parametrize("medium", ["ussd", "voice", "chat"])
def test_simulator_medium_changed_starts_new_conversation(
    medium: str, context: BrowserContext, address: str, library: Library
) -> None:
    """Every medium continues its own conversation and ends it after `00`."""
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


def test_simulator_without_javascript_answers_each_form(
    chromium: Browser, address: str, library: Library
) -> None:
    """A plain form shows one reply at a time, for each medium."""
    context = chromium.new_context(java_script_enabled=False)
    page, seen = opened(context, f"{address}/try", 320)
    for medium in ("sms", "ussd", "voice"):
        page.check(f"[value={medium}]")
        if page.locator(".turn").count():
            page.click(".tools summary >> nth=0")  # the languages are folded after a reply
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


def test_segment_border_in_arabic_keeps_letters_joined(
    context: BrowserContext, address: str
) -> None:
    """Each line is as wide as it is without segments."""
    page, _ = opened(context, f"{address}/try", 1280)
    ask(page, lambda: page.locator("button[value=ARABI]").click())
    page.fill("#text", "4")
    ask(page, lambda: page.keyboard.press("Enter"))
    bubble = page.locator(".got").last
    page.locator(".wrong summary").last.click()  # shows the borders
    assert bubble.locator(".segment").count() > 1
    assert bubble.locator(".segment").last.evaluate("e => getComputedStyle(e).boxShadow") != "none"
    segmented = bubble.evaluate(LINE_WIDTHS)
    bubble.evaluate("bubble => { bubble.textContent = bubble.textContent }")

    assert segmented == pytest.approx(bubble.evaluate(LINE_WIDTHS), abs=0.5)


def test_simulator_without_glyphs_shows_boxes(context: BrowserContext, address: str) -> None:
    """Boxes replace the letters in the bubble and on the lock screen."""
    page, seen = opened(context, f"{address}/try", 768)
    page.click(".tools summary >> nth=1")
    page.check("[name=boxes]")
    page.fill("#phone [name=price]", "0,8")
    reply_text = ask(page, lambda: page.locator("button[value=TIGRINYA]").click())

    assert "□□□" in reply_text
    assert "□□□" in page.locator(".preview").inner_text()
    assert page.locator(".cost").last.inner_text() == "4 SMS, omtrent / about NOK 3.20"
    hold(page, seen, address, "try_boxes")


def test_simulator_before_first_message_has_empty_thread(
    context: BrowserContext, address: str
) -> None:
    page, seen = opened(context, f"{address}/try", 1280)
    assert page.locator(".turn").count() == 0
    hold(page, seen, address, "try_empty")
