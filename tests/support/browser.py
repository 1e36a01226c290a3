"""Open web pages in Chromium, and check what every page must satisfy."""

from contextlib import suppress
from functools import cache

from playwright.sync_api import BrowserContext, Error, Page

from rights_line.library import ROOT
from tests.support.worlds import ONE_OF_EACH_SCRIPT

NUMBER = "+47 59 44 00 00"
WIDTHS = (320, 768, 1280)
# One language of each script at one width, and one of each direction and of three scripts at all.
LANGUAGE_WIDTHS = sorted(
    {(tag, WIDTHS[place % len(WIDTHS)]) for place, tag in enumerate(ONE_OF_EACH_SCRIPT)}
    | {(tag, width) for tag in ("en", "ar", "th") for width in WIDTHS}
)
SHOTS = ROOT / "build" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
KEPT = """async () => document.cookie.length + localStorage.length + sessionStorage.length
    + (await indexedDB.databases()).length + (await caches.keys()).length"""


@cache
def axe_source() -> str:
    """Return the source of axe-core from tests/npm/node_modules."""
    file = ROOT / "tests" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    return file.read_text(encoding="utf-8")


def opened(context: BrowserContext, url: str, width: int) -> tuple[Page, list[str]]:
    """Open a page; return it with a list that collects its requests and errors."""
    page, seen = context.new_page(), list[str]()
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(url)
    return page, seen


def fits(page: Page) -> None:
    """Assert that the page does not scroll sideways."""
    assert page.evaluate(OVERFLOW) <= 0, page.url


def is_alone(page: Page, seen: list[str], address: str) -> None:
    """Assert that a page requests nothing from other hosts and stores nothing."""
    assert [url for url in seen if not url.startswith(f"{address}/")] == []
    assert page.context.cookies() == []
    assert page.evaluate(KEPT) == 0


def is_accessible(page: Page) -> None:
    """Assert that axe finds no serious or critical violation."""
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")["violations"]
    grave = [(row["id"], row["nodes"]) for row in found if row["impact"] in ("serious", "critical")]
    assert grave == [], page.url


def shoot(page: Page, name: str) -> None:
    """Save a screenshot in build/screenshots/ for review.

    It proves nothing, and on a busy machine Chromium cannot always take one.
    """
    SHOTS.mkdir(parents=True, exist_ok=True)
    with suppress(Error):
        page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)


def hold(page: Page, seen: list[str], address: str, name: str) -> None:
    """Run every check on a page, after a screenshot."""
    shoot(page, name)
    fits(page)
    is_alone(page, seen, address)
    is_accessible(page)
