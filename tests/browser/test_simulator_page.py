"""The simulator in Chromium: the input in view, channels, two languages, and the keyboard."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from rights_line.core.library import Library
from tests.support.browser import hold, opened

TURNS = "n => document.querySelectorAll('#thread .turn').length === n"
ADDRESS = "/try?in=en"
SPOKEN = """() => {
    window.spoken = []
    speechSynthesis.speak = (one) => spoken.push([one.lang, one.text])
}"""


def ask(page: Page, send: Callable[[], Any]) -> str:
    """Send a message and return the reply."""
    before = page.locator("#thread .turn").count()
    send()
    page.wait_for_function(TURNS, arg=before + 1)
    return page.locator("#thread .got").last.inner_text()


def write(page: Page, text: str) -> str:
    """Write a message, press Enter, and return the reply."""
    page.fill("#text", text)
    return ask(page, lambda: page.press("#text", "Enter"))


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_input_stays_in_view_and_page_is_accessible(
    width: int, scheme: str, chromium: Browser, address: str
) -> None:
    """After an example and an answer to it, with each fold open."""
    with closing(chromium.new_context(color_scheme=scheme)) as context:  # type: ignore[arg-type]
        page, seen = opened(context, f"{address}{ADDRESS}", width)
        ask(page, lambda: page.click("button[value='my boss took my passport']"))
        write(page, "thanks")
        box = page.locator("#text").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900
        assert page.evaluate("scrollY") == 0
        page.click(".about summary")
        hold(page, seen, address, f"try_{width}")


def test_links_of_reply_are_tapped(context: BrowserContext, address: str, library: Library) -> None:
    """Only those of the last reply are there, and the keyboard goes on in the text field."""
    page, _ = opened(context, f"{address}{ADDRESS}", 360)
    write(page, "POLSKI")
    page.focus("#links button[value='4']")
    reply = ask(page, lambda: page.keyboard.press("Enter"))
    edition = library.editions["pl"]
    assert reply == edition.screens["4"].texts(edition.form).sms
    links = page.locator("#links button")
    assert [link.get_attribute("value") for link in links.all()][:2] == ["41", "42"]
    assert page.evaluate("document.activeElement.id") == "text"


@pytest.mark.parametrize("medium", ["ussd", "voice", "chat"])
def test_another_channel_is_another_conversation(
    medium: str, context: BrowserContext, address: str, library: Library
) -> None:
    """Every medium continues its own and ends it after `00`."""
    page, _ = opened(context, f"{address}{ADDRESS}", 768)
    write(page, "ENGLISH")
    page.click(".about summary")
    page.check(f"[value={medium}]")
    assert page.locator(".turn").count() == 0
    write(page, "POLSKI")
    assert write(page, "4").startswith("Praca")
    assert write(page, "00") == library.goodbye


def test_same_reply_stands_in_the_language_of_the_visitor(
    context: BrowserContext, address: str, library: Library
) -> None:
    page, _ = opened(context, f"{address}/try?in=nb", 1280)
    write(page, "УКРАЇНСЬКА 52")
    page.locator("#thread .other p").last.wait_for()
    other = page.locator("#thread .other p").last
    assert other.get_attribute("lang") == "nb"
    assert library.editions["nb"].screens["52"].body.split("\n")[0] in other.inner_text()


def test_reply_is_read_aloud_in_its_language(context: BrowserContext, address: str) -> None:
    page, _ = opened(context, f"{address}{ADDRESS}", 768)
    page.evaluate(SPOKEN)
    reply = write(page, "POLSKI 4")
    page.locator(".speak").last.click()
    assert page.evaluate("spoken") == [["pl", reply]]


def test_simulator_without_javascript_answers_each_form(
    chromium: Browser, address: str, library: Library
) -> None:
    with closing(chromium.new_context(java_script_enabled=False)) as context:
        page, _ = opened(context, f"{address}{ADDRESS}", 320)
        for text in ("ROMANA", "4"):
            page.fill("#text", text)
            page.press("#text", "Enter")
        edition = library.editions["ro"]
        assert page.locator(".got").inner_text() == edition.screens["4"].texts(edition.form).sms
        assert page.locator(".speak").is_hidden()


def test_lost_connection_is_told(context: BrowserContext, address: str) -> None:
    """The text is still there to be sent again."""
    page, _ = opened(context, f"{address}{ADDRESS}", 360)
    page.route("**/try?*", lambda route: route.abort())
    page.fill("#text", "hello")
    page.press("#text", "Enter")
    page.locator("#failed").wait_for()
    page.unroute("**/try?*")
    assert page.input_value("#text") == "hello"
    assert "Norge" in ask(page, lambda: page.press("#text", "Enter"))
    assert page.locator("#failed").is_hidden()
