"""The pages behind the QR code in Chromium: they fit, call who they say, and are left at once."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from rights_line.core.library import Library
from rights_line.web.pages.presenter import LEAVE_TO
from tests.support.browser import (
    CHROMIUM,
    FULL,
    QUIET,
    WIDTHS,
    fits,
    is_accessible,
    is_alone,
    opened,
    shoot,
)

# One page of each kind: first, menu, topic, addresses, hours, choices of a menu, question, phone,
# helpline, none at all. `{tag}`: the language.
KINDS = ("", "{tag}/", *(f"{{tag}}/{code}" for code in ("4", "41", "51", "9", "9301", "96", "112")))
SHOWN = ["en", "pl", "ar", "th"]  # languages to keep pictures of
HELPLINES = ["112", "22331160", "116111"]
# Languages of which most screens are English, and ones that are understood and not spoken.
PARTLY = ["ti/41", "ur/41", "zh-Hans/", "hi/1", "bn/", "ckb/", "nosuch/"]

# Of each link that calls: its number, the same as its digits stand on the screen, and its height.
SEEN_NUMBERS = """() => [...document.querySelectorAll("a[href^='tel:']")].map(link => {
    const text = (link.querySelector("b") ?? link).firstChild, digits = []
    for (let at = 0; at < text.length; at++) {
        const range = document.createRange()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        const { left, top } = range.getBoundingClientRect()
        if (/[0-9]/.test(text.data[at])) digits.push([Math.round(top), left, text.data[at]])
    }
    digits.sort((a, b) => a[0] - b[0] || a[1] - b[1])
    return {
        called: link.href.slice(4).replace("+47", ""),
        seen: digits.map(digit => digit[2]).join(""),
        isRow: link.parentElement.className === "call",
        top: link.getBoundingClientRect().top,
    }
})"""


def reads_right(page: Page) -> None:
    """Assert that a page fits, each number reads as it is called, and helplines are in order."""
    fits(page)
    numbers = page.evaluate(SEEN_NUMBERS)
    rows = [row for row in numbers if row["isRow"]]
    assert [row["called"] for row in numbers] == [row["seen"] for row in numbers], page.url
    assert [row["called"] for row in sorted(rows, key=lambda row: row["top"])] == HELPLINES


@pytest.mark.parametrize("tag", FULL)
def test_every_kind_of_page(tag: str, chromium: Browser, address: str) -> None:
    """In each language at each width; axe looks at each once, at one width and then the next."""
    with closing(chromium.new_context(locale=tag)) as context:
        page, seen = opened(context, f"{address}/", WIDTHS[0])
        assert page.locator("html").get_attribute("lang") == tag
        for number, kind in enumerate(KINDS):
            page.goto(f"{address}/{kind.format(tag=tag)}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                reads_right(page)
                if width == WIDTHS[(number + len(tag)) % len(WIDTHS)]:
                    is_accessible(page)
                if width == WIDTHS[0] and tag in SHOWN:
                    shoot(page, f"landing_{kind.format(tag=tag).replace('/', '_') or tag}")
        is_alone(page, seen, address)


@pytest.mark.parametrize("path", PARTLY)
def test_languages_that_we_have_less_of(path: str, context: BrowserContext, address: str) -> None:
    """Two scripts and two directions on a page, and the page for whoever asked for none."""
    page, seen = opened(context, f"{address}/{path}", WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        reads_right(page)
    is_accessible(page)
    is_alone(page, seen, address)
    shoot(page, f"landing_{path.replace('/', '_')}")


@pytest.mark.parametrize("tag", ["pl", "ar"])
def test_every_code(tag: str, context: BrowserContext, address: str, library: Library) -> None:
    """Every screen of a language of either direction fits the narrowest phone."""
    page, seen = opened(context, f"{address}/", WIDTHS[0])
    for code in library.editions[tag].screens:
        if code.isdigit():
            page.goto(f"{address}/{tag}/{code}")
            reads_right(page)
    is_alone(page, seen, address)


def test_in_the_dark_and_on_paper(chromium: Browser, address: str) -> None:
    """Dark where the phone is; on paper the numbers are there, and what can be tapped is not."""
    with closing(chromium.new_context(color_scheme="dark", locale="en")) as context:
        page, _ = opened(context, f"{address}/en/51", WIDTHS[0])
        is_accessible(page)
        shoot(page, "landing_dark")
        page.goto(f"{address}/")
        page.emulate_media(media="print")
        assert page.locator("header").is_hidden()
        assert page.locator("#languages").is_hidden()
        assert page.locator(".call b").all_inner_texts() == ["112", "22 33 11 60", "116 111"]
        shoot(page, "landing_print")


@pytest.fixture
def visit(context: BrowserContext, address: str) -> tuple[Page, str]:
    """A person who came from another page, and has read her way to a topic."""
    return read_on(context, address), address


def read_on(context: BrowserContext, address: str) -> Page:
    """Come from elsewhere, and tap on to a topic; other sites are there and say little."""
    for other in (LEAVE_TO, "https://before.example/"):
        context.route(f"{other}**", lambda route: route.fulfill(body="-", content_type="text/html"))
    page = context.pages[0] if context.pages else context.new_page()
    page.goto("https://before.example/")
    page.goto(f"{address}/en/")
    for code in ("4", "41"):
        page.click(f"a[href='/en/{code}']")
        page.wait_for_url(f"{address}/en/{code}")
    return page


def has_left(page: Page) -> None:
    """Assert that another site is there, and that Back leads to none of ours."""
    page.wait_for_url(LEAVE_TO)
    page.go_back(wait_until="commit")
    assert page.url == "https://before.example/"


def test_leaving_by_a_tap(visit: tuple[Page, str]) -> None:
    """One tap, from however deep."""
    page, _ = visit
    page.click("#leave")
    has_left(page)


def test_leaving_by_keys(visit: tuple[Page, str]) -> None:
    """The way out is the first thing that the Tab key comes to."""
    page, _ = visit
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    has_left(page)


def test_leaving_by_shift(visit: tuple[Page, str]) -> None:
    """Shift three times; not where another key came between, as in writing."""
    page, address = visit
    for key in ("Shift", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    assert page.url == f"{address}/en/41"
    page.keyboard.press("Shift")
    has_left(page)


def test_the_page_is_gone_at_once(visit: tuple[Page, str]) -> None:
    """Before the other site answers, which it never does here: no word of ours is left."""
    page, _ = visit
    page.context.unroute(f"{LEAVE_TO}**")
    page.context.route(f"{LEAVE_TO}**", lambda route: None)
    left = page.evaluate(
        """() => {
            document.getElementById("leave").click()
            return document.body.textContent + document.documentElement.offsetHeight
        }"""
    )
    assert left == "0"  # no text, no height


def test_a_page_that_is_restored_says_nothing(visit: tuple[Page, str]) -> None:
    """One that the browser had kept is emptied in the same moment; the first page comes instead."""
    page, address = visit
    left = page.evaluate(
        """() => {
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
            return document.body.textContent + document.documentElement.offsetHeight
        }"""
    )
    assert left == "0"  # no text, no height
    page.wait_for_url(f"{address}/")
    assert page.locator(".call").count() == 3


def test_a_page_that_is_gone_back_to_is_the_first_one(visit: tuple[Page, str]) -> None:
    """Whoever presses Back on her phone, after she typed another address, sees no topic."""
    page, address = visit
    page.goto("https://before.example/")
    page.go_back(wait_until="commit")
    page.wait_for_url(f"{address}/")


def test_without_javascript(chromium: Browser, address: str) -> None:
    """Plain links: a helpline in one tap, a topic in two, out in one."""
    with closing(chromium.new_context(java_script_enabled=False, locale="xx")) as context:
        context.route(f"{LEAVE_TO}**", lambda route: route.fulfill(body="-"))
        page, seen = opened(context, f"{address}/", WIDTHS[0])
        assert page.locator(".call a").first.get_attribute("href") == "tel:112"
        assert page.locator(".call a").first.is_visible()
        page.click("a[hreflang=ro]")
        page.click("a[href='/ro/4']")
        assert page.locator("h1").inner_text() == "Muncă, salariu"
        assert page.locator(".call a").count() == 3
        page.click("#leave")
        assert page.url == LEAVE_TO
        assert [url for url in seen if not url.startswith(f"{address}/")] == [LEAVE_TO]


# --- What is left on the phone -------------------------------------------------------------------

# Where Chromium keeps what a site leaves there, or what it loaded.
KEPT_OF_SITES = re.compile(
    r"Default/(?:Cookies|Local Storage|Session Storage|IndexedDB|Cache/|Service Worker|WebStorage"
    r"|File System|shared_proto_db)"
)
READ = ("Little or no pay", "costs taken from your pay", "22 33 11 60", "Leave this page")


def places(profile: Path, text: str) -> list[str]:
    """Return the files of a profile that hold a text, as UTF-8 or UTF-16."""
    forms = (text.encode(), text.encode("utf-16-le"))
    files = [file for file in profile.rglob("*") if file.is_file()]
    return [
        str(file.relative_to(profile))
        for file in files
        if any(form in file.read_bytes() for form in forms)
    ]


@pytest.fixture(params=["as it is", "with a leak"])
def profile(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path, address: str
) -> tuple[Path, bool]:
    """What a visit leaves on the disk, in a browser that keeps pages to go back to."""
    leaks = request.param == "with a leak"
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path),
        executable_path=CHROMIUM,
        args=QUIET,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = read_on(context, address)
    if leaks:
        page.evaluate("localStorage.read = document.body.innerText")
        page.evaluate("document.title = document.querySelector('h1').innerText")
        page.evaluate("document.cookie = 'read=41; max-age=1000'")
    page.click("#leave")
    has_left(page)
    context.close()  # which writes down what is still to be written
    return tmp_path, leaks


def test_what_is_left_on_the_phone(profile: tuple[Path, bool], address: str) -> None:
    """Addresses in the history, under a title that says nothing; no text, no cookie, nothing else.

    With a leak planted, the same search finds it.
    """
    folder, leaks = profile
    host = address.removeprefix("http://")
    texts = {text: found for text in READ if (found := places(folder, text))}
    kept = [place for place in places(folder, host) if KEPT_OF_SITES.match(place)]
    with closing(sqlite3.connect(folder / "Default" / "History")) as history:
        rows = dict(history.execute("SELECT url, title FROM urls").fetchall())
    ours = {url: title for url, title in rows.items() if url.startswith(address)}

    assert ours.keys() >= {f"{address}/en/41"}  # this remains, and the page on phones says so
    assert bool(texts) == leaks
    assert bool(kept) == leaks
    assert (set(ours.values()) <= {"", "Norge info"}) != leaks
