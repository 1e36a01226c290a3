"""/outreach, /card and /show in Chromium: keyboard, touch, dark mode, and one screen to hold up."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browser import axe_source, fits, hold, opened

PAGES = ["outreach?language=uk", "card/uk", "card/ar", "show/uk", "show/ar"]
# Links and buttons that are seen, and smaller than 44 px.
SMALL = """() => [...document.querySelectorAll("a[href], button")].filter((one) => {
    const { width, height } = one.getBoundingClientRect()
    return width && (width < 44 || height < 44)
}).map((one) => one.outerHTML)"""
FOCUSED = "() => document.activeElement.getAttribute('href') ?? document.activeElement.id"


def walked(page: Page, steps: int) -> list[str]:
    """Press Tab so many times, and return where the focus was."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    return seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_helpers_page_has_no_violation_and_large_targets(
    path: str, scheme: str, chromium: Browser, published_address: str
) -> None:
    """Also none that axe calls moderate."""
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page, seen = opened(context, f"{published_address}/{path}", 360)
    requests = [url for url in seen if not url.startswith("data:")]
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")["violations"]

    assert [(row["id"], row["nodes"]) for row in found] == []
    assert page.evaluate(SMALL) == []
    name = path.replace("/", "_").partition("?")[0]
    hold(page, requests, published_address, f"helpers_{name}_{scheme}")
    context.close()


def test_outreach_page_is_at_most_six_screens_of_a_phone(
    context: BrowserContext, published_address: str
) -> None:
    for reads in ("nb", "en"):
        page, _ = opened(context, f"{published_address}/outreach/{reads}", 390)
        assert page.evaluate("document.documentElement.scrollHeight") <= 6 * 844
        fits(page)


def test_outreach_page_by_keyboard_finds_a_language(
    chromium: Browser, published_address: str
) -> None:
    """Without JavaScript: type a part of the name, press Enter, and open its pages."""
    context = chromium.new_context(java_script_enabled=False)
    page, _ = opened(context, f"{published_address}/outreach/en", 390)
    shortcuts = ["#languages", "/try?in=en", "/outreach/nb", "#line"]
    assert walked(page, 4) == shortcuts
    page.fill("#language", "tigr")
    page.keyboard.press("Enter")
    page.wait_for_url("**/outreach/en?language=tigr*")
    assert page.locator("h3").inner_text() == "ትግርኛ (Tigrinya)"
    page.focus("#languages button")
    own = ["/show/ti?in=en", "/ti/", "/ti/96", "/ti/97", "/card/ti?in=en"]
    assert walked(page, 5) == own
    fits(page)
    context.close()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844)])
def test_show_page_on_a_phone_has_numbers_of_a_tenth_of_its_width(
    width: int, height: int, chromium: Browser, published_address: str
) -> None:
    """One QR code at a time."""
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    for tag in ("uk", "ar", "th"):
        page.goto(f"{published_address}/show/{tag}")
        sizes = page.locator(".call b").evaluate_all(
            "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert all(0.1 * width <= size <= 0.12 * width for size in sizes)
        assert page.locator(".qr:visible").count() == 1
        page.locator("summary").last.click()
        assert page.locator(".qr:visible").count() == 1
        fits(page)
    context.close()


@pytest.mark.parametrize("tag", ["uk", "ar", "vi"])
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024), (1280, 800)])
def test_show_page_on_a_tablet_is_one_screen(
    tag: str, width: int, height: int, chromium: Browser, published_address: str
) -> None:
    """Held either way: nothing has to be scrolled, and the word and the codes are large."""
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{published_address}/show/{tag}")
    end = page.locator("main").bounding_box()
    word = page.locator(".word span").bounding_box()

    assert end
    assert word
    assert end["y"] + end["height"] <= height + 1
    assert word["height"] >= 60
    assert word["x"] >= 0
    assert word["x"] + word["width"] <= width
    for code in page.locator(".qr:visible").all():
        box = code.bounding_box()
        assert box
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["width"] >= 180
    fits(page)
    context.close()
