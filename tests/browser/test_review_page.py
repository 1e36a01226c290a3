"""The review page in Chromium: a phone of 360 px, from a file, without a network."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rights_line.content import ContentSources
from rights_line.core import sms
from rights_line.core.library import Library
from rights_line.editorial.lint import lint_screens
from rights_line.library import ROOT
from tests.support.browser import fits, is_accessible, shoot
from tests.support.cli import run
from tests.support.folders import CATALOG, change, restate

WIDTH = 360
SHOWN = "screens.map(screen => [screen.code, joined(lines(screen)), ...longest(screen, null)])"
COUNTED = (
    "texts => texts.map(text => [encodingOf(text), units(text, encodingOf(text)), segments(text)])"
)
PROBLEMS = """strings.map((string, number) =>
    problems(number, string.text).filter(problem => !problem.startsWith("This is the text as")))"""
INJECTED = """() => {
    const script = document.createElement("script")
    script.textContent = "window.injected = 1"
    document.body.append(script)
}"""
SHARE = """
navigator.canShare = ({ files }) => files.every(file => file.name.endsWith(".txt"))
navigator.share = async ({ files: [file] }) => {
    if (window.refusal) throw new DOMException("", window.refusal)
    window.shared = [file.name, file.type, await file.text()]
}"""
# Into the first chip of a number, after its first digit.
CARET = """name => {
    const field = byId("text"), at = field.value.indexOf(chips.get(name)) + 2
    field.focus()
    field.setSelectionRange(at, at)
}"""
TWICE = """open(steps.findIndex(
    ({ number }) => number && countOf("children", strings[number].english) === 2))"""
SECTIONS = ("start", "reading", "retell", "overview")

Write = Callable[..., str]


@pytest.fixture(scope="module")
def real_pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the page of a language with the real texts, written once: it takes two seconds."""
    folder = tmp_path_factory.mktemp("pages")
    return cache(lambda tag: written(tag, ROOT, folder))


@pytest.fixture
def write(tmp_path: Path, real_pages: Callable[[str], Path]) -> Write:
    """Return the URL of the page of a language, in a file; of a changed folder, a new page."""

    def to_file(tag: str, folder: Path = ROOT) -> str:
        page = real_pages(tag) if folder == ROOT else written(tag, folder, tmp_path)
        return page.as_uri()

    return to_file


def written(tag: str, texts: Path, to: Path) -> Path:
    """Write the page of a language into a folder."""
    page = to / f"{tag}.html"
    done = run("review", tag, "--out", str(page), where=texts)
    assert done.returncode == 0, done.stderr
    return page


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone without a network; a page that logs an error fails the test."""
    viewport = {"width": WIDTH, "height": 740}
    with closing(chromium.new_context(viewport=viewport, offline=True)) as context:  # type: ignore[arg-type]
        yield context


@pytest.fixture
def opened(phone: BrowserContext, write: Write) -> Iterator[Callable[..., Page]]:
    """Open the page of a language; after the test, no error and no request was seen."""
    seen: list[str] = []

    def open_page(tag: str, folder: Path = ROOT) -> Page:
        page = phone.new_page()
        page.on("pageerror", lambda error: seen.append(f"error: {error}"))
        page.on("console", lambda message: seen.append(message.text))
        page.on("request", lambda request: seen.append(request.url))
        page.goto(write(tag, folder))
        return page

    yield open_page
    assert [line for line in seen if not line.startswith(("file:", "blob:"))] == []


def begin(page: Page, by: str = "AB") -> None:
    """Fill in the first page and start."""
    page.fill("#by", by)
    page.click("#begin")


def skip_retelling(page: Page) -> None:
    """Leave out the own words, if they are asked for."""
    if page.locator("#retell").is_visible():
        page.click("#skip")


def start(page: Page) -> None:
    """Open the first text."""
    begin(page)
    skip_retelling(page)


def result(page: Page) -> dict[str, Any]:
    """Stop, and return the file to send back."""
    page.evaluate("showOverview('Stopped')")
    document: dict[str, Any] = json.loads(page.input_value("#result"))
    return document


def random_texts() -> list[str]:
    """Return texts of every kind that could be counted differently, around the limits.

    Devanagari and Thai are drawn by syllables: `regex` and ICU split a sign that follows nothing it
    can belong to in different ways.
    """
    dice = random.Random(19)
    alphabets = [
        *("aé€[]^{}~\\|", "abc \n\r", "ąćę", "\u0645\u0631\u062d\u0628\u0627\u064b\u0651 "),
        *(["क्ष", "त्रि", "य", "हिं", " "], ["ก้ำ", "นี้", "ไ", " "]),
        *("e\u0301o\u0303", "\U0001f469\u200d\U0001f467\U0001f1f3\U0001f1f4", "\u1200\u1362 "),
    ]
    return [
        "".join(dice.choices(letters, k=length))
        for letters in alphabets
        for length in (0, 1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 160, 161, 306, 307)
    ]


def test_script_counts_sms_segments_as_the_line_does(
    phone: BrowserContext, write: Write, library: Library
) -> None:
    """Every screen of every language, and random texts around the limits of a segment."""
    texts = random_texts()
    texts += [
        row.texts(one.form).sms for one in library.editions.values() for row in one.screens.values()
    ]
    page = phone.new_page()
    page.goto(write("pl"))
    counted = page.evaluate(COUNTED, texts)

    assert len(texts) > 1500
    for text, (encoding, units, segments) in zip(texts, counted, strict=True):
        assert (encoding, units) == (sms.sms_encoding(text), sms.sms_units(text, encoding)), text
        assert segments == sms.sms_segments(text), text


@pytest.mark.parametrize("tag", ["en", "ro", "ar", "hi", "ti"])
def test_script_shows_each_screen_as_the_line_sends_it(
    tag: str, opened: Callable[..., Page], library: Library
) -> None:
    """Each encoding and direction, and a card; also at its longest, with a session and without.

    No present text has a problem.
    """
    page, edition = opened(tag), library.editions[tag]
    shown = page.evaluate(SHOWN)

    assert len(shown) >= 8
    for code, text, longest, stateless in shown:
        screen = edition.screens[code]
        assert text == screen.texts(edition.form).sms
        assert longest == lint_screens.longest_text(screen, edition.form)
        assert stateless == lint_screens.longest_text(screen.stateless, edition.form)
    assert [problems for problems in page.evaluate(PROBLEMS) if problems] == []


@pytest.mark.parametrize("tag", ["en", "ar", "hi"])
def test_page_with_a_keyboard_only_is_accessible_and_fits_a_phone(
    tag: str, opened: Callable[..., Page]
) -> None:
    """From the first page to the end; screenshots of each section are in build/screenshots/."""
    page = opened(tag)
    look(page, f"review_{tag}_start")
    press(page, "#by", "AB", "Enter")
    look(page, f"review_{tag}_item")
    expect(page.locator("#phone")).to_have_attribute("dir", "rtl" if tag == "ar" else "ltr")
    expect(page.locator("#title")).to_be_focused()
    page.keyboard.press("c")
    press(page, "#text", "{rosa} 4")
    expect(page.locator("#problems li")).not_to_have_count(0)
    press(page, "#chips li:first-child button", "", "Enter")
    expect(page.locator("#text")).to_be_focused()
    look(page, f"review_{tag}_change")
    press(page, "#change .cancel", "", "Enter")
    page.keyboard.press("r")
    if tag != "en":
        look(page, f"review_{tag}_retell")
        press(page, "#told", "Call 112.", "Tab", "Enter")
    page.keyboard.press("n")
    press(page, "#doubt", "Is this polite?")
    look(page, f"review_{tag}_unsure")
    press(page, "#unsure .main-action", "", "Enter")
    page.keyboard.press("b")
    expect(page.locator("#before")).to_have_text("Your answer: not sure (Is this polite?).")
    press(page, "#stop", "", "Enter")
    look(page, f"review_{tag}_end")
    rest = page.evaluate("strings.length") - 2
    expect(page.locator("#counts")).to_contain_text(
        f"1 right, 0 to change, 1 not sure, {rest} not read"
    )


def look(page: Page, name: str) -> None:
    """Check a section: one is shown, nothing scrolls sideways, axe finds nothing."""
    assert sum(page.locator(f"#{section}").is_visible() for section in SECTIONS) == 1
    shoot(page, name)
    fits(page)
    is_accessible(page)


def press(page: Page, field: str, text: str, *keys: str) -> None:
    """Reach an element with the Tab key, replace its text, and press more keys."""
    for _ in range(40):
        if page.locator(field).evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{field} cannot be reached")
    if text:
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    for key in keys:
        page.keyboard.press(key)


def test_page_dark_and_at_200_percent_is_accessible(chromium: Browser, write: Write) -> None:
    viewport = {"width": WIDTH // 2, "height": 740}
    context = chromium.new_context(viewport=viewport, color_scheme="dark")  # type: ignore[arg-type]
    with closing(context):
        page = context.new_page()
        page.goto(write("pl"))
        look(page, "review_pl_dark_start")
        begin(page)
        look(page, "review_pl_dark")
        skip_retelling(page)
        page.click("#to-change")
        page.evaluate(CARET, "police")
        page.keyboard.press("Backspace")
        look(page, "review_pl_dark_change")
        page.evaluate("showOverview('Stopped')")
        look(page, "review_pl_dark_end")


def test_change_with_a_problem_cannot_be_saved(
    opened: Callable[..., Page], small_root: Path
) -> None:
    """The screen and the problems follow each letter; smart punctuation becomes plain."""
    page = opened("pl", small_root)
    start(page)
    before = page.input_value("#text") or page.evaluate("strings[0].text")
    page.click("#to-change")

    for text, problem in (
        (before.replace("{police}", ""), "112\u2069 is missing. Press it to put it in."),
        (before.replace("{police}", "{police"), "Delete the braces"),
        (f"{before} {{police}}", "112\u2069 stands too often. Delete one."),
        (f"{before} {{rosa}}", "22 33 11 60\u2069 is not in the English. Delete it."),
        (f"{before} 112", "Type the same digits"),
        (f"{before} €њ", "expensive: њ"),
        (before.replace("wo", "wi"), "Say “call”"),
        (before + " wo" * 400, "Too long, please shorten it: screen 1 takes"),
        ("", "Write your text"),
        (before, "the text as it was"),
    ):
        page.fill("#text", text)
        expect(page.locator("#problems")).to_contain_text(problem)
        page.click("#change .main-action")
        expect(page.locator("#change")).to_be_visible()

    shorter = before.replace("Dzwoń, nie pisz SMS-ów.", "Dzwoń")
    page.fill("#text", f"{shorter}\n – “x”")
    expect(page.locator("#problems li")).to_have_count(0)
    expect(page.locator("#phone")).to_contain_text('pomoc. - "x"')
    expect(page.locator("#written")).to_contain_text("Niebezpieczeństwo")
    page.click("#change .main-action")
    (answer,) = result(page)["answers"]
    assert answer["text"] == f'{shorter} - "x"'


def test_answers_survive_a_reload_and_come_back_by_import(
    opened: Callable[..., Page], small_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A script reads the whole language: one change, one doubt, the rest right."""
    page = opened("pl", small_folder)
    count = page.evaluate("strings.length")
    begin(page)
    page.click("#to-change")  # a text comes first, then the question for own words
    page.fill("#text", page.input_value("#text").replace("Dzwoń", "Zadzwoń"))
    page.fill("#why", "politer")
    page.click("#change .main-action")
    page.fill("#told", "W niebezpieczeństwie dzwonię.")
    page.click("#retell .main-action")
    page.click("#not-sure")
    page.click("#unsure .main-action")
    page.reload()
    expect(page.locator("#begin")).to_have_text("Go on")
    expect(page.locator("#count")).to_have_text(str(count - 2))
    page.click("#begin")
    while not page.locator("#overview-title", has_text="All read").is_visible():
        if page.locator("#overview").is_visible():
            page.click("#go-on")
        skip_retelling(page)
        page.keyboard.press("r")
    with page.expect_download() as download:
        page.click("#save")
    saved = tmp_path_factory.mktemp("sent") / download.value.suggested_filename
    download.value.save_as(saved)
    done = run("import", "pl", str(saved), "--accept", where=small_folder)

    assert saved.name == "pl-native_reader-AB.json"
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{count - 2} right, 1 to change, 1 not sure, 0 not read" in done.stdout
    assert "screen 1 in the reader's words: W niebezpieczeństwie dzwonię." in done.stdout
    assert "(politer)" in done.stdout
    status = run("status", "pl", where=small_folder).stdout
    assert f"strings approved: {count - 2} of {count} by native_reader" in status
    assert "; 1 open question" in status


def test_first_part_is_the_core_with_which_the_language_can_go_live(
    opened: Callable[..., Page], small_folder: Path
) -> None:
    """Each text of the core, and then the pause that says so."""
    page, core = opened("pl", small_folder), len(ContentSources(small_folder).approvals["pl"].core)
    expect(page.locator("#core")).to_contain_text(f"{core} texts, about 10 minutes: with these")
    begin(page)
    read = 0
    while not page.locator("#overview").is_visible():
        skip_retelling(page)
        page.click("#right")
        read += 1
        skip_retelling(page)

    assert read == core
    title = "Part 1 is done. With these the language can go live. Thank you!"
    assert page.inner_text("#overview-title") == title


def test_saved_answers_go_on_in_another_browser_with_a_newer_page(
    chromium: Browser, opened: Callable[..., Page], write: Write, small_folder: Path
) -> None:
    """Copied with the mail around them; only the texts that have changed since are read again.

    The own words come along, and the time that a text took: the import adds it up.
    """
    page = opened("pl", small_folder)
    begin(page)
    page.evaluate("openedAt -= 40000")
    page.keyboard.press("r")
    page.fill("#told", "Dzwonię.")
    page.click("#retell .main-action")
    for _ in range(4):
        page.keyboard.press("r")
        skip_retelling(page)
    first = page.evaluate("strings[1].english")
    sent = json.dumps(result(page), indent=1)
    texts = ContentSources(small_folder).texts
    context_of = next(text.context for text in texts if text.message == first)
    label = restate(context_of, lambda text: f"{text}!" if len(text) < 15 else text)
    change(small_folder, CATALOG, label)

    with closing(chromium.new_context(offline=True)) as other:
        page = other.new_page()
        page.goto(write("pl", small_folder))
        page.click("#elsewhere summary")
        page.fill("#pasted", "nothing")
        page.click("#paste button")
        expect(page.locator("#loaded")).to_have_text("This is not a saved file of these texts.")
        page.fill("#pasted", f"Dear Anna,\n\n{sent}\n\nBest, B")
        page.click("#paste button")
        expect(page.locator("#loaded")).to_contain_text("answers of AB are taken over.")
        expect(page.locator("#loaded")).to_contain_text("texts have changed since")
        expect(page.locator("#welcome")).to_contain_text("Welcome back, AB.")
        expect(page.locator("#begin")).to_be_focused()
        assert page.input_value("#by") == "AB"
        page.click("#begin")
        skip_retelling(page)
        expect(page.locator("#phone mark")).to_contain_text("!")
        again = result(page)
        assert again["answers"][0]["seconds"] in (40, 41)
        assert again["told"] == [{"screen": "1", "text": "Dzwonię."}]


def test_answers_of_another_reader_or_role_are_not_taken_over(
    opened: Callable[..., Page], small_root: Path
) -> None:
    """A practitioner and a lawyer, or two readers, may share a device."""
    page = opened("en", small_root)
    begin(page)
    page.keyboard.press("r")
    page.keyboard.press("b")
    page.keyboard.press("b")
    page.check("[value=lawyer]")
    expect(page.locator("#begin")).to_have_text("Start")
    page.reload()
    begin(page, "CD")
    expect(page.locator("#by-problem")).to_contain_text("The answers on this device are by AB")
    page.check("[value=lawyer]")
    expect(page.locator("#begin")).to_have_text("Start")
    begin(page, "A1")
    expect(page.locator("#by-problem")).to_have_text("Write two to five letters.")
    begin(page, "CD")
    assert result(page)["answers"] == []
    page.reload()
    page.once("dialog", lambda dialog: dialog.accept())
    page.check("[value=practitioner]")
    page.click("#forget-first")
    expect(page.locator("#begin")).to_have_text("Start")
    assert page.evaluate("Object.keys(localStorage)") == ["rights-line review en lawyer"]


def test_device_without_storage_says_so_from_the_start(
    phone: BrowserContext, write: Write, tmp_path: Path
) -> None:
    """Some programs that open a file from a message keep nothing. The saved file goes on."""
    page = phone.new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw 1 } })")
    page.goto(write("pl"))
    expect(page.locator("#start .unkept")).to_be_visible()
    look(page, "review_pl_unkept_start")
    start(page)
    page.keyboard.press("r")
    look(page, "review_pl_unkept_item")
    with page.expect_event("dialog") as asked:  # answers would be lost
        page.close(run_before_unload=True)
    asked.value.dismiss()
    with page.expect_download() as download:
        page.click("#bar .save-now")
    expect(page.locator("#saved-bar")).to_contain_text("Saved at")
    page.click("#stop")
    expect(page.locator("#unsaved")).to_be_visible()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    page.reload()
    expect(page.locator("#begin")).to_have_text("Start")
    page.click("#elsewhere summary")
    page.set_input_files("#file", {"name": "a", "mimeType": "a/b", "buffer": b"{}"})
    expect(page.locator("#loaded")).to_have_text("This is not a saved file of these texts.")
    page.set_input_files("#file", saved)
    expect(page.locator("#begin")).to_have_text("Go on")
    expect(page.locator("#save-first")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#forget-first")
    expect(page.locator("#begin")).to_have_text("Start")


def test_page_says_who_asks_until_when_and_where_to_send(
    phone: BrowserContext, tmp_path: Path, small_root: Path
) -> None:
    """On the first and the last page and on paper; the e-mail opens with its address."""
    page, file = phone.new_page(), tmp_path / "pl.html"
    asker = ("--from", "Anna <b>Berg", "--reply-to", "anna+read@example.org", "--due", "2099-12-04")
    done = run("review", "pl", *asker, "--out", str(file), where=small_root)
    assert done.returncode == 0, done.stderr
    page.goto(file.as_uri())
    expect(page.locator("#start .invited")).to_have_text(
        "Anna <b>Berg asks you to read them, until 4 December 2099. "
        "At the end, send your answers to anna+read@example.org."
    )
    look(page, "review_pl_invited")
    begin(page)
    page.evaluate("showOverview('Stopped')")
    expect(page.locator("#overview .invited")).to_contain_text(
        "To Anna <b>Berg (anna+read@example.org), until 4 December 2099."
    )
    expect(page.locator("#overview .uninvited")).to_be_hidden()
    link = page.get_attribute("#mail", "href") or ""
    assert link.startswith("mailto:anna%2Bread@example.org?subject=Answers%3A%20Polski%2C%20AB&")
    assert "pl-native_reader-AB.json" in link
    look(page, "review_pl_invited_end")
    expect(page.locator("#paper p")).to_contain_text(
        "Give the paper back to Anna <b>Berg (anna+read@example.org), until 4 December 2099."
    )


def test_page_without_an_invitation_names_the_person_and_says_that_the_file_was_saved(
    opened: Callable[..., Page], small_root: Path
) -> None:
    """Until the next answer."""
    page = opened("pl", small_root)
    expect(page.locator("#start .invited")).to_be_hidden()
    start(page)
    page.keyboard.press("r")
    page.click("#stop")
    expect(page.locator("#overview .uninvited")).to_contain_text("to the person who asked you")
    for part in ("#overview .invited", "#mail", "#attach", "#share"):
        expect(page.locator(part)).to_be_hidden()
    saved = page.locator("#overview .saved")
    expect(saved).to_be_empty()
    with page.expect_download():
        page.click("#save")
    expect(saved).to_contain_text("as pl-native_reader-AB.json, among your downloads.")
    page.click("#go-on")
    skip_retelling(page)
    page.click("#right")
    page.click("#stop")
    expect(saved).to_be_empty()


def test_share_gives_a_text_file_that_can_be_imported(
    phone: BrowserContext, write: Write, small_folder: Path
) -> None:
    """Browsers share no JSON. Nothing is said if the reader leaves the list of programs."""
    page = phone.new_page()
    page.add_init_script(SHARE)
    page.goto(write("pl", small_folder))
    start(page)
    page.keyboard.press("r")
    page.click("#stop")
    page.evaluate("window.refusal = 'AbortError'")
    page.click("#share")
    expect(page.locator("#overview .saved")).to_be_empty()
    page.evaluate("window.refusal = 'NotAllowedError'")
    page.click("#share")
    expect(page.locator("#overview .saved")).to_contain_text("Sharing does not work here.")
    page.evaluate("window.refusal = ''")
    page.click("#share")
    expect(page.locator("#overview .saved")).to_have_text("Shared. Thank you!")
    name, kind, text = page.evaluate("window.shared")
    assert (name, kind) == ("pl-native_reader-AB.txt", "text/plain")
    assert run("import", "pl", given=text, where=small_folder).returncode == 0


@pytest.mark.parametrize("tag", ["uk", "ar"])
def test_number_in_the_field_is_there_as_a_whole_or_not_at_all(
    tag: str, opened: Callable[..., Page]
) -> None:
    """Also in a text from right to left: no key leaves half a number, and one press restores it."""
    page = opened(tag)
    start(page)
    before = page.evaluate("strings[current()].text")
    page.click("#to-change")
    field, problems = page.locator("#text"), page.locator("#problems")
    assert "{" not in field.input_value()
    expect(page.locator("#mirror mark")).to_have_count(before.count("{"))
    for key in ("Backspace", "Delete"):
        page.evaluate(CARET, "police")
        page.keyboard.press(key)
        assert page.evaluate("changedText()") == before.replace("{police}", "").replace("  ", " ")
        expect(problems).to_contain_text("112\u2069 is missing. Press it to put it in.")
        page.click("#chips button")
        assert page.evaluate("changedText()") == before
    page.evaluate(CARET, "police")
    page.keyboard.type("7x")
    assert page.evaluate("changedText()").startswith(before.split("{police}")[0] + "{police}7x")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    number = page.evaluate("labelOf('clinic')")
    page.fill("#text", before.replace("{clinic}", number).replace("{police}", "112"))  # pasted
    assert page.evaluate("changedText()") == before
    page.fill("#text", f"! {before}")
    page.click("#change .main-action")
    (answer,) = result(page)["answers"]
    assert answer["text"] == f"! {before}"


def test_number_that_stands_twice_is_needed_twice(opened: Callable[..., Page]) -> None:
    page = opened("uk")
    begin(page)
    page.evaluate(TWICE)
    page.click("#to-change")
    before = page.evaluate("changedText()")
    assert before.count("{children}") == 2
    page.evaluate(CARET, "children")
    page.keyboard.press("Backspace")
    expect(page.locator("#chips button")).to_have_text("+ 116 111 ×2")
    page.click("#chips button")
    assert page.evaluate("changedText()") == before


def test_field_that_is_composed_by_a_keyboard_is_settled_afterwards(
    opened: Callable[..., Page],
) -> None:
    """To set the field would end the word that a phone's keyboard composes."""
    page = opened("uk")
    start(page)
    page.click("#to-change")
    page.evaluate("byId('text').value = byId('text').value.replace('112', '12')")
    page.evaluate("byId('text').dispatchEvent(new InputEvent('input', { isComposing: true }))")
    assert "12" in page.input_value("#text").split(".")[0]
    expect(page.locator("#problems")).to_contain_text("is missing")
    page.evaluate("byId('text').dispatchEvent(new CompositionEvent('compositionend'))")
    assert "12" not in page.input_value("#text").split(".")[0]


def test_page_refuses_a_foreign_script_and_every_request(chromium: Browser, write: Write) -> None:
    """The content security policy holds even where there is a network."""
    with closing(chromium.new_context()) as context:
        page, refused = context.new_page(), list[str]()
        page.on("console", lambda message: refused.append(message.text))
        context.route("http://**", lambda route: route.fulfill(body="-"))
        page.goto(write("pl"))
        page.evaluate(INJECTED)
        assert page.evaluate("fetch('http://a.example/').catch(() => 'refused')") == "refused"
        assert page.evaluate("window.injected") is None
        assert len([text for text in refused if "Content Security Policy" in text]) >= 2


def test_paper_has_each_text_once_with_three_boxes(opened: Callable[..., Page]) -> None:
    page = opened("ar")
    count = page.evaluate("strings.length")
    page.emulate_media(media="print")
    assert page.locator("main").is_hidden()
    assert page.locator("#rows tr").count() == count
    assert page.locator("#rows .box").count() == 3 * count
    assert page.locator("#rows td[dir=rtl][lang=ar]").count() == count
    expect(page.locator("#paper")).to_contain_text("English")
    pdf = page.pdf(format="A4")
    (ROOT / "build" / "screenshots").mkdir(parents=True, exist_ok=True)
    (ROOT / "build" / "screenshots" / "review_ar_paper.pdf").write_bytes(pdf)
    assert 5 < pdf.count(b"/Type /Page\n") < 25
