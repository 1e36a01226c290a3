"""The screen pages in Chromium: layout, telephone links and "Leave this page"."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.support.browser import (
    CHROMIUM,
    QUIET,
    WIDTHS,
    fits,
    is_accessible,
    is_alone,
    opened,
    shoot,
)
from tests.support.waiting import wait_until
from tests.support.worlds import FULL, ONE_OF_EACH_SCRIPT

LEAVE_TO = "https://www.yr.no/"  # content/country.yaml

# One page of each kind: first page, menu, topic, addresses, hours, submenu, question, phone,
# helpline, languages, not found. `{tag}`: the language.
CODES = ("4", "41", "51", "9", "9302", "96", "112", "4/languages", "777")
KINDS = ("", "{tag}/", *(f"{{tag}}/{code}" for code in CODES))
SCREENSHOT_TAGS = ["en", "pl", "ar", "th"]
HELPLINES = ["112", "22331160", "116111"]
# Pages in languages with few or no translated screens, and of an unknown language.
PARTLY = ["ti/41", "ur/41", "zh-Hans/", "hi/1", "bn/", "ckb/", "nosuch/"]

# For each telephone link: its number, its digits in the order on the screen, and its position.
VISIBLE_NUMBERS = """() => [...document.querySelectorAll(
    "a[href^='tel:']:not(.button)"
)].map(link => {
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
        isRow: link.parentElement.classList.contains("call"),
        top: link.getBoundingClientRect().top,
    }
})"""


def assert_readable(page: Page) -> None:
    """Assert that a page fits, links call the numbers they show, and helplines are in order."""
    fits(page)
    numbers = page.evaluate(VISIBLE_NUMBERS)
    rows = [row for row in numbers if row["isRow"]]
    assert [row["called"] for row in numbers] == [row["seen"] for row in numbers], page.url
    assert [row["called"] for row in sorted(rows, key=lambda row: row["top"])] == HELPLINES


@pytest.mark.parametrize("tag", FULL)
def test_page_of_each_kind_and_width_is_readable_and_stores_nothing(
    tag: str, chromium: Browser, address: str
) -> None:
    """The narrowest phone in every language; one of each script at every width, and by axe."""
    widths = WIDTHS if tag in ONE_OF_EACH_SCRIPT else WIDTHS[:1]
    with closing(chromium.new_context(locale=tag)) as context:
        page, seen = opened(context, f"{address}/", WIDTHS[0])
        assert page.locator("html").get_attribute("lang") == tag
        for number, kind in enumerate(KINDS):
            page.goto(f"{address}/{kind.format(tag=tag)}")
            for width in widths:
                page.set_viewport_size({"width": width, "height": 900})
                assert_readable(page)
                if widths is WIDTHS and width == WIDTHS[(number + len(tag)) % len(WIDTHS)]:
                    is_accessible(page)
                if width == WIDTHS[0] and tag in SCREENSHOT_TAGS:
                    shoot(page, f"landing_{kind.format(tag=tag).replace('/', '_') or tag}")
        is_alone(page, seen, address)


@pytest.mark.parametrize("path", PARTLY)
def test_page_of_partly_translated_language_is_readable(
    path: str, context: BrowserContext, address: str
) -> None:
    """Two scripts or directions may share a page; an unknown language opens the first page."""
    page, seen = opened(context, f"{address}/{path}", WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_readable(page)
    is_accessible(page)
    is_alone(page, seen, address)
    shoot(page, f"landing_{path.replace('/', '_')}")


def test_page_in_dark_mode_and_in_print_is_readable(chromium: Browser, address: str) -> None:
    """In print, the helplines remain, and the header and the language list are hidden."""
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


EVERY_PAGE = ("", "uk/4", "ar/4/languages", "uk/777", "outreach", "try", "card/uk", "show/uk")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_page_is_one_request_in_the_one_style(path: str, chromium: Browser, address: str) -> None:
    """The policy blocks neither style nor script nor icon, and dark mode is dark everywhere."""
    with closing(chromium.new_context(color_scheme="dark")) as context:
        page, seen = opened(context, f"{address}/{path}", WIDTHS[0])
        blocked: list[str] = []
        page.on("console", lambda message: blocked.append(message.text))
        page.reload()
        look = "getComputedStyle(document.body)"
        assert seen == [f"{address}/{path}"] * 2
        assert [text for text in blocked if "404" not in text] == []
        assert page.evaluate(f"{look}.backgroundColor") == "rgb(21, 24, 29)"
        assert page.evaluate(f"{look}.color") == "rgb(236, 238, 241)"
        assert page.evaluate(f"{look}.fontFamily") == "system-ui, sans-serif"
        page.emulate_media(color_scheme="light")
        assert page.evaluate(f"{look}.backgroundColor") == "rgb(255, 255, 255)"


FOCUSED = """() => {
    const focused = document.activeElement, place = focused.getBoundingClientRect()
    const style = getComputedStyle(focused)
    return [focused.getAttribute("href"), style.outlineStyle, place.height >= 24]
}"""


def walk(page: Page) -> Iterator[str]:
    """Press Tab until the focus leaves the page; each link must be visible, and have an outline."""
    while True:
        page.keyboard.press("Tab")
        href, outline, is_large = page.evaluate(FOCUSED)
        if href is None:
            return
        assert (outline, is_large) == ("solid", True), href
        yield href


@pytest.mark.parametrize("tag", ["uk", "ar"])
def test_keyboard_reaches_each_link_and_changes_the_language(
    tag: str, context: BrowserContext, address: str
) -> None:
    """The button to leave is first, then the languages, then the way up."""
    page, _ = opened(context, f"{address}/{tag}/4", WIDTHS[0])
    reached = list(walk(page))
    assert reached[:3] == [LEAVE_TO, f"/{tag}/4/languages", f"/{tag}/"]
    links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert reached == links

    page.focus(f"a[href='/{tag}/4/languages']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/{tag}/4/languages")
    page.focus("a[lang=ti]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/ti/4")


@pytest.fixture
def visit(context: BrowserContext, address: str) -> tuple[Page, str]:
    """A page on a topic, reached from another site, and the address of the line."""
    return open_topic(context, address), address


def open_topic(context: BrowserContext, address: str) -> Page:
    """Come from another site and open a topic; other sites are stubs."""
    for other in (LEAVE_TO, "https://before.example/"):
        context.route(f"{other}**", lambda route: route.fulfill(body="-", content_type="text/html"))
    page = context.pages[0] if context.pages else context.new_page()
    page.goto("https://before.example/")
    page.goto(f"{address}/en/")
    for code in ("4", "41"):
        page.click(f"a[href='/en/{code}']")
        page.wait_for_url(f"{address}/en/{code}")
    return page


def assert_left(page: Page) -> None:
    """Assert that another site is shown, and that Back opens the site before ours."""
    page.wait_for_url(LEAVE_TO)
    page.go_back(wait_until="commit")
    assert page.url == "https://before.example/"


def test_leave_button_tapped_replaces_page(visit: tuple[Page, str]) -> None:
    page, _ = visit
    page.click("#leave")
    assert_left(page)


def test_shift_pressed_three_times_replaces_page(visit: tuple[Page, str]) -> None:
    """Another key in between restarts the count."""
    page, address = visit
    for key in ("Shift", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    assert page.url == f"{address}/en/41"
    page.keyboard.press("Shift")
    assert_left(page)


def test_shift_pressed_three_times_in_more_than_five_seconds_does_nothing(
    visit: tuple[Page, str],
) -> None:
    """As with Sticky Keys, or capitals; the last two count for the next time."""
    page, address = visit
    for _ in range(2):
        page.keyboard.press("Shift")
        page.wait_for_timeout(2600)
    page.keyboard.press("Shift")
    page.wait_for_timeout(500)
    assert page.url == f"{address}/en/41"
    assert "ROSA" in page.locator("body").inner_text()
    page.keyboard.press("Shift")
    assert_left(page)


EMPTIED = "return document.body.textContent + document.documentElement.offsetHeight"


def test_leave_button_tapped_empties_page_at_once(visit: tuple[Page, str]) -> None:
    """The other site never answers here, and the page has no text and no height all the same."""
    page, _ = visit
    page.context.unroute(f"{LEAVE_TO}**")
    page.context.route(f"{LEAVE_TO}**", lambda route: None)
    assert page.evaluate(f"() => {{ document.getElementById('leave').click(); {EMPTIED} }}") == "0"


def test_page_restored_from_cache_is_emptied_at_once(visit: tuple[Page, str]) -> None:
    """Then the first page is loaded instead."""
    page, address = visit
    restored = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    assert page.evaluate(f"() => {{ {restored}; {EMPTIED} }}") == "0"
    page.wait_for_url(f"{address}/")
    assert page.locator(".call").count() == 3


def test_back_button_after_other_site_opens_first_page(visit: tuple[Page, str]) -> None:
    """The user typed another address first, and did not tap "Leave this page"."""
    page, address = visit
    page.goto("https://before.example/")
    page.go_back(wait_until="commit")
    page.wait_for_url(f"{address}/")


def test_page_without_javascript_has_plain_links(chromium: Browser, address: str) -> None:
    """One tap calls a helpline, two open a topic, and one leaves."""
    with closing(chromium.new_context(java_script_enabled=False, locale="xx")) as context:
        context.route(f"{LEAVE_TO}**", lambda route: route.fulfill(body="-"))
        page, seen = opened(context, f"{address}/", WIDTHS[0])
        assert page.locator(".call a").first.get_attribute("href") == "tel:112"
        assert page.locator(".call a").first.is_visible()
        page.click("#languages a[lang=ro]")
        page.click("a[href='/ro/4']")
        assert page.locator("h1").inner_text() == "Muncă, salariu"
        assert page.locator(".call a").count() == 3
        page.click("#leave")
        assert page.url == LEAVE_TO
        assert [url for url in seen if not url.startswith(f"{address}/")] == [LEAVE_TO]


# --- Traces on the phone -------------------------------------------------------------------------

# Where Chromium keeps storage and caches of sites. From Chromium 150 on, Session Storage names the
# origin of a tab that stores nothing; the history has the address, too.
SITE_DATA = re.compile(
    r"Default/(?:Cookies|Local Storage|IndexedDB|Cache/|Service Worker|WebStorage"
    r"|File System|shared_proto_db)"
)
PAGE_TEXTS = ("Little or no pay", "costs taken from your pay", "22 33 11 60", "Leave this page")


def files_with(profile: Path, text: str) -> list[str]:
    """Return the files of a profile that hold a text, as UTF-8 or UTF-16."""
    forms = (text.encode(), text.encode("utf-16-le"))
    found = []
    for file in profile.rglob("*"):
        with suppress(FileNotFoundError):  # a running Chromium deletes journals
            if file.is_file() and any(form in file.read_bytes() for form in forms):
                found.append(str(file.relative_to(profile)))
    return found


@pytest.fixture(params=["no leak", "planted leak"])
def profile(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path, address: str
) -> tuple[Path, bool]:
    """A browser profile on disk after a visit, with the back-forward cache on."""
    leaks = request.param == "planted leak"
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path),
        executable_path=CHROMIUM,
        args=QUIET,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = open_topic(context, address)
    if leaks:
        page.evaluate("localStorage.read = document.body.innerText")
        page.evaluate("document.title = document.querySelector('h1').innerText")
        page.evaluate("document.cookie = 'read=41; max-age=1000'")
    page.click("#leave")
    assert_left(page)
    if leaks:  # Chromium writes localStorage with a delay
        wait_until(lambda: any(files_with(tmp_path, text) for text in PAGE_TEXTS), "the leak")
    context.close()  # flushes the profile to disk
    return tmp_path, leaks


def test_browser_profile_after_visit_holds_addresses_only(
    profile: tuple[Path, bool], address: str
) -> None:
    """The history has the addresses under a neutral title; a planted leak is found."""
    folder, leaks = profile
    host = address.removeprefix("http://")
    texts = {text: found for text in PAGE_TEXTS if (found := files_with(folder, text))}
    kept = [place for place in files_with(folder, host) if SITE_DATA.match(place)]
    with closing(sqlite3.connect(folder / "Default" / "History")) as history:
        rows = dict(history.execute("SELECT url, title FROM urls").fetchall())
    ours = {url: title for url, title in rows.items() if url.startswith(address)}

    assert ours.keys() >= {f"{address}/en/41"}  # the page about phones (96) warns of it
    assert bool(texts) == leaks
    assert bool(kept) == leaks
    assert (set(ours.values()) <= {"", "Norge info"}) != leaks
