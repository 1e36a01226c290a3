"""The simulator as a phone: typing, keypad, call, two languages, a link, and the keyboard."""

import json
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from rights_line.core.library import Library
from tests.support.browser import fits, hold, is_accessible, is_alone, opened, shoot

TURNS = "n => document.querySelectorAll('#thread .turn').length === n"
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, summary, select, input")]
    .filter(each => each.checkVisibility() && !["radio", "checkbox"].includes(each.type))
    .filter(each => each.getBoundingClientRect().height < 43.9)
    .map(each => each.outerHTML.slice(0, 80))"""

# The name of the element that has the focus; "hidden" if nobody sees it.
FOCUSED = """() => {
    const one = document.activeElement
    const isSeen = one.checkVisibility() && one.getBoundingClientRect().width > 0
    return isSeen ? one.id || one.value || one.textContent.trim() : "hidden"
}"""


def ask(page: Page, send: Callable[[], Any]) -> str:
    """Send a message and return the reply on the first phone."""
    before = page.locator("#thread .turn").count()
    send()
    page.wait_for_function(TURNS, arg=before + 1)
    return last_reply(page)


def write(page: Page, text: str) -> str:
    """Write a message, press Enter, and return the reply."""
    page.fill("#text", text)
    return ask(page, lambda: page.press("#text", "Enter"))


def last_reply(page: Page, thread: str = "thread") -> str:
    """Return the last reply of a phone."""
    return "".join(page.locator(f"#{thread} .got").last.locator(".segment").all_text_contents())


def tap(page: Page, keys: str) -> None:
    for key in keys:
        page.click(f"#keypad button:text-is('{key}')")


def test_reply_is_shown_after_a_typing_pause(chromium: Browser, address: str) -> None:
    """Nothing moves for a person who prefers that."""
    for motion, animation in (("no-preference", "typing"), ("reduce", "none")):
        with closing(chromium.new_context(reduced_motion=motion)) as context:  # type: ignore[arg-type]
            page, _ = opened(context, f"{address}/try", 360)
            page.evaluate(
                """() => new MutationObserver(() => {
                    const dot = document.querySelector(".typing i")
                    if (dot) window.seen = [performance.now(), getComputedStyle(dot).animationName]
                    if (document.querySelector(".turn")) window.answered ??= performance.now()
                }).observe(document.body, { childList: true, subtree: true })"""
            )
            write(page, "hello")
            started, name = page.evaluate("window.seen")
            assert name == animation
            waited = page.evaluate("window.answered") - started
            assert (waited > 600) == (motion == "no-preference")
            assert page.locator(".typing").count() == 0


def test_ussd_keypad_taps_keys_and_sends_them(
    context: BrowserContext, address: str, library: Library
) -> None:
    page, seen = opened(context, f"{address}/try", 360)
    assert page.locator("#keypad").is_hidden()
    page.check("[value=ussd]")
    ask(page, lambda: page.click("[data-on=ussd]"))
    assert page.locator("#begin").is_hidden()
    tap(page, "9")
    ask(page, lambda: page.click("text=Send >> nth=0"))
    tap(page, "41")
    assert page.input_value("#text") == "41"
    reply = ask(page, lambda: page.click("text=Send >> nth=0"))
    assert reply == library.editions["pl"].screens["41"].texts().ussd[0]
    assert page.locator("#lock").is_hidden()
    assert page.evaluate(SMALL_TARGETS) == []
    hold(page, seen, address, "try_keypad")


def test_call_keys_are_sent_by_hash(
    context: BrowserContext, address: str, library: Library
) -> None:
    """The page shows as text what the line says; * repeats it."""
    page, seen = opened(context, f"{address}/try", 360)
    page.check("[value=voice]")
    ask(page, lambda: page.click("[data-on=voice]"))
    ask(page, lambda: tap(page, "9#"))
    reply = ask(page, lambda: tap(page, "4#"))
    assert reply.startswith(library.editions["pl"].speech.screens["4"].body)
    assert ask(page, lambda: tap(page, "*#")) == reply
    hold(page, seen, address, "try_call_keys")


def test_links_of_reply_are_tapped(context: BrowserContext, address: str, library: Library) -> None:
    """Only those of the last reply are there, and the keyboard goes on in the text field."""
    page, _ = opened(context, f"{address}/try", 360)
    ask(page, lambda: page.click("button[value=POLSKI]"))
    page.focus("#links button[value='4']")
    reply = ask(page, lambda: page.keyboard.press("Enter"))
    assert reply == library.editions["pl"].screens["4"].texts().sms
    links = page.locator("#links button")
    assert [link.get_attribute("value") for link in links.all()][:2] == ["41", "42"]
    assert page.evaluate("document.activeElement.id") == "text"


def test_why_is_folded_and_then_explains(context: BrowserContext, address: str) -> None:
    page, seen = opened(context, f"{address}/try", 360)
    page.on("console", lambda message: seen.append(f"console: {message.text}"))  # a broken policy
    write(page, "my boss took my passport")
    reason = page.locator("#thread .why p").first
    assert reason.is_hidden()
    page.click("#thread .why summary")
    assert "boss took my passport" in reason.inner_text()
    assert "52 Passport taken" in reason.inner_text()
    hold(page, seen, address, "try_why")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_two_languages_stand_side_by_side(
    width: int, context: BrowserContext, address: str, library: Library
) -> None:
    """Choosing the second one replays the conversation; the phones are stacked on a phone."""
    page, seen = opened(context, f"{address}/try", width)
    write(page, "UKRAINSKA")
    write(page, "4")
    page.select_option("#beside", "ar")
    page.wait_for_function("() => document.querySelectorAll('#thread2 .turn').length === 2")

    assert page.locator("#thread .turn").count() == 2
    for thread, tag in (("thread", "uk"), ("thread2", "ar")):
        assert last_reply(page, thread) == library.editions[tag].screens["4"].texts().sms
    first, second = (page.locator(".telephone").nth(at).bounding_box() for at in (0, 1))
    assert first
    assert second
    assert (second["x"] > first["x"] + 100) == (width > 360)
    hold(page, seen, address, f"try_two_{width}")
    page.select_option("#beside", "")
    page.wait_for_function(TURNS, arg=2)
    assert page.locator("#other").is_hidden()


def test_link_reproduces_conversation_without_telling_the_server(
    context: BrowserContext, address: str
) -> None:
    """The messages are in the fragment, which no request carries."""
    page, _ = opened(context, f"{address}/try", 1280)
    page.check("[value=ussd]")
    for text in ("", "9", "4"):
        write(page, text)
    page.click("#share")
    link = page.input_value("#link")
    replies = page.locator("#thread .got").all_inner_texts()

    assert urlsplit(link).query == ""
    assert urlsplit(link).fragment == "medium=ussd&beside=&text=&text=9&text=4"
    other, seen = opened(context, link, 360)
    other.wait_for_function(TURNS, arg=3)
    assert other.locator("#thread .got").all_inner_texts() == replies
    assert {(urlsplit(url).path, urlsplit(url).query) for url in seen} == {("/try", "")}
    is_alone(other, seen, address)


def test_link_with_markup_or_unknown_medium_does_nothing_harmful(
    context: BrowserContext, address: str
) -> None:
    page, seen = opened(context, f"{address}/try#medium=pigeon&text=hello", 360)
    assert page.locator(".turn, .pending").count() == 0
    page.goto("about:blank")
    page.goto(f"{address}/try#medium=sms&beside=%3Cb%3E&text=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    page.wait_for_function(TURNS, arg=1)
    assert page.locator("#thread .sent").inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator("img").count() == 0
    is_alone(page, seen, address)


def test_reset_empties_phone_and_forgets_language(context: BrowserContext, address: str) -> None:
    page, seen = opened(context, f"{address}/try", 360)
    empty = page.locator("#thread").inner_html()
    ask(page, lambda: page.click("button[value=POLSKI]"))
    page.click("#reset")
    page.wait_for_function(TURNS, arg=0)

    assert page.locator("#thread").inner_html() == empty
    assert page.locator("#lock").is_hidden()
    assert page.locator("#links button").count() == 0
    assert write(page, "4").startswith("Norge")  # not the Polish screen 4
    assert page.url == f"{address}/try"
    assert json.dumps(seen).count("/try") == 3  # the page and two messages


def test_jump_shows_a_screen_in_the_language_of_the_reply(
    context: BrowserContext, address: str, library: Library
) -> None:
    page, _ = opened(context, f"{address}/try", 360)
    for tag in ("en", "ar"):
        if tag == "ar":
            write(page, "ARABI")
        page.select_option("#screens", label="52 Passport taken")
        reply = ask(page, lambda: page.click("button[form=jump]"))
        assert reply == library.editions[tag].screens["52"].texts().sms


def test_jump_and_second_language_work_without_javascript(
    chromium: Browser, address: str, library: Library
) -> None:
    with closing(chromium.new_context(java_script_enabled=False)) as context:
        page, _ = opened(context, f"{address}/try", 360)
        page.select_option("#beside", "ar")
        page.fill("#text", "POLSKI")
        page.press("#text", "Enter")
        page.select_option("#screens", label="52 Passport taken")
        page.click("button[form=jump]")
        for thread, tag in (("thread", "pl"), ("thread2", "ar")):
            assert last_reply(page, thread) == library.editions[tag].screens["52"].texts().sms
        page.click("#links button[value='5']")
        assert last_reply(page) == library.editions["pl"].screens["5"].texts().sms
        assert page.locator("#keypad, #share").locator("visible=true").count() == 0
        page.click("#reset")
        assert page.locator(".turn").count() == 0


def test_lost_connection_is_told(context: BrowserContext, address: str) -> None:
    page, _ = opened(context, f"{address}/try", 360)
    page.route("**/try", lambda route: route.abort())
    page.fill("#text", "hello")
    page.press("#text", "Enter")
    page.locator("#thread .problem").wait_for()
    page.unroute("**/try")
    assert write(page, "hello").startswith("Norge")


def test_keyboard_alone_reaches_every_control_in_order(
    context: BrowserContext, address: str
) -> None:
    """Channel, text, Send, links, reset, languages, jump, second language."""
    page, _ = opened(context, f"{address}/try", 768)
    write(page, "ENGLISH 52")
    reached: list[str] = []
    page.focus("[name=medium]:checked")
    while page.evaluate("document.activeElement !== document.body") and len(reached) < 80:
        reached.append(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
    order = ["sms", "text", "5", "reset", "share", "NORSK", "screens", "beside"]
    assert [reached.index(each) for each in order] == sorted(map(reached.index, order))
    assert "hidden" not in reached


@pytest.mark.parametrize("medium", ["sms", "ussd", "voice"])
def test_simulator_in_dark_mode_is_accessible(medium: str, chromium: Browser, address: str) -> None:
    with closing(chromium.new_context(color_scheme="dark", reduced_motion="reduce")) as context:
        page, _ = opened(context, f"{address}/try#medium={medium}&beside=ar&text=POLSKI+4", 360)
        page.wait_for_function(TURNS, arg=1)
        for summary in page.locator("summary:visible").all():
            if not summary.evaluate("each => each.parentElement.open"):
                summary.click()
        page.click("#share")
        is_accessible(page)
        fits(page)
        shoot(page, f"try_dark_{medium}")
