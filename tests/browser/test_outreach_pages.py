"""/outreach, /card and /show in Chromium: keyboard, touch, dark mode, and one screen to hold up."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import WIDTHS, axe_source, fits, hold, opened

PAGES = ["outreach", "card/uk", "card/ar", "show/uk", "show/ar"]
# Links and buttons that are seen, and smaller than 44 px.
SMALL = """() => [...document.querySelectorAll("a[href], button")].filter((one) => {
    const { width, height } = one.getBoundingClientRect()
    return width && (width < 44 || height < 44)
}).map((one) => one.outerHTML)"""
# Rows of the list of languages in which two cells cover each other.
COVERED = """() => [...document.querySelectorAll(".tongues li")].filter((row) => {
    const cells = [...row.querySelectorAll("bdi, code, i, small, .links")]
    const boxes = cells.map((cell) => cell.getBoundingClientRect())
    return boxes.some((a, at) => boxes.slice(at + 1).some((b) =>
        a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom))
}).map((row) => row.innerText)"""
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
    """Also none that axe calls moderate; the page is one request."""
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page, seen = opened(context, f"{published_address}/{path}", 360)
    requests = [url for url in seen if not url.startswith("data:")]
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")["violations"]

    assert [(row["id"], row["nodes"]) for row in found] == []
    assert requests == [f"{published_address}/{path}"]
    assert page.evaluate(SMALL) == []
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 29)"}[scheme]
    hold(page, requests, published_address, f"helpers_{path.replace('/', '_')}_{scheme}")
    context.close()


@pytest.mark.parametrize("width", [*WIDTHS, 1088])
def test_outreach_page_at_any_width_covers_no_text(
    width: int, chromium: Browser, published_address: str
) -> None:
    context = chromium.new_context()
    page, _ = opened(context, f"{published_address}/outreach", width)
    assert page.evaluate(COVERED) == []
    fits(page)
    context.close()


def test_outreach_page_by_keyboard_leads_to_contents_and_languages(
    chromium: Browser, published_address: str
) -> None:
    context = chromium.new_context()
    page, _ = opened(context, f"{published_address}/outreach", 1280)
    shortcuts = ["#contents", "#languages", "/try"]
    assert walked(page, 5) == [*shortcuts, "", "#languages"]  # the choice of a language has no id

    page.keyboard.press("Enter")
    bar = page.locator(".bar").bounding_box()
    heading = page.locator("#words").bounding_box()
    assert bar
    assert heading
    assert bar["height"] <= heading["y"] < 200
    first = ["/show/nb", "/nb/", "/nb/96", "/nb/97", "/card/nb", "/show/en"]
    assert walked(page, 6) == first
    context.close()


def test_outreach_page_in_one_language_hides_the_other(
    chromium: Browser, published_address: str
) -> None:
    """Without JavaScript; the own names of the languages stay."""
    context = chromium.new_context(java_script_enabled=False)
    page, _ = opened(context, f"{published_address}/outreach", 360)
    height = page.locator("main").bounding_box()
    for choice, chosen, other in (("own", "nb", "en"), ("english", "en", "nb")):
        page.check(f"#{choice}")
        assert page.locator(f".pair p[lang={chosen}]").first.is_visible()
        assert not page.locator(f".pair p[lang={other}]").first.is_visible()
        assert page.locator(f".name bdi[lang={other}]").is_visible()
        assert "/" not in page.locator("h1").inner_text()
        shorter = page.locator("main").bounding_box()
        assert height
        assert shorter
        assert shorter["height"] < 0.8 * height["height"]
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
    for code in page.locator(".qr").all():
        box = code.bounding_box()
        assert box
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["width"] >= 180
    fits(page)
    context.close()
