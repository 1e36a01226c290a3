"""The screen pages behind the QR code: the texts of the SMS, their links, and errors."""

import copy
import itertools
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from string import Formatter

import pytest
from flask.testing import FlaskClient

from rights_line.clock import OSLO
from rights_line.content import ContentSources
from rights_line.content.approval import core_codes
from rights_line.content.assembly import ScreenTree
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.catalogs import Catalog
from rights_line.core import CLOSE, LANGUAGES, MENU, NOT_SENT
from rights_line.core.library import MULTILINGUAL, Library
from rights_line.library.site import Linkifier
from rights_line.web.pages.presenter import ScreenPresenter
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.clock import TUESDAY
from tests.support.folders import change, restate
from tests.support.log import written
from tests.support.markup import bare, found, links, parsed, words
from tests.support.sites import visitor
from tests.support.wording import AVOIDED
from tests.support.worlds import BY_SCRIPT, WITH_TEXTS

LEAVE_TO = "https://www.yr.no/"  # content/country.yaml

MAX_BYTES = 12_000  # with style, script and icon
HELPLINES = ["tel:112", "tel:+4722331160", "tel:116111"]
NIGHT = datetime(2026, 11, 29, 3, 0, tzinfo=OSLO)  # a Sunday


def addresses(tag: str, library: Library) -> dict[str, str]:
    """Return the address of each screen of a language that one can ask for."""
    codes = [code for code in library.editions[tag].screens if code not in NOT_SENT]
    return {code: f"/{tag}/" if code == MENU else f"/{tag}/{code}" for code in codes}


@pytest.mark.parametrize("tag", BY_SCRIPT)
def test_page_of_each_screen_has_text_of_sms(
    tag: str, browser: FlaskClient, library: Library
) -> None:
    """The page has each sentence, address and link of the screen, and any closed notice."""
    edition = library.editions[tag]
    for code, address in addresses(tag, library).items():
        screen, answer = edition.screens[code], browser.get(address)
        (main,) = found(parsed(answer.text), "main")
        assert answer.status_code == 200, address
        for name in found(main, "strong"):  # the helpline's, beside its number
            name.text = ""
        read = bare(words(main))
        up = [
            f"{href.split('/')[2] or MENU} "
            for part in found(main, "p", "up")
            for href, _ in links(part)
        ]
        elsewhere = ("00 ", "99 ", *up)
        other_links = [line for line in screen.links.splitlines() if not line.startswith(elsewhere)]
        text = "\n".join(
            [screen.body, *screen.closed_notices(TUESDAY, library.holidays)]
        ).removeprefix(edition.helplines)
        if code == MENU:  # "or write what happened": nobody writes on a page
            text = ""
        labels = [line.partition(" ")[2] for line in other_links]
        for part in (edition.helplines, text, *screen.web, *labels):
            assert bare(part) in read, address
        ours = [href for part in found(main, "ul", "choices") for href, _ in links(part)]
        codes = [line.partition(" ")[0] for line in other_links]
        assert ours == [f"/{tag}/" if one == MENU else f"/{tag}/{one}" for one in codes]
        assert len(answer.data) <= MAX_BYTES


@pytest.mark.parametrize("tag", BY_SCRIPT)
def test_telephone_links_call_contacts_named_in_text(
    tag: str, browser: FlaskClient, library: Library, sources: ContentSources
) -> None:
    """Links are in the order of the placeholders, and show the number of the contact."""
    contacts = sources.content.contacts
    bodies = {page.code: page.body for page in ScreenTree(sources.content).screens}
    for code, address in addresses(tag, library).items():
        page = parsed(browser.get(address).text)
        language = library.editions[tag].screens[code].language
        strings = [sources.languages[language].translate(*saying) or "" for saying in bodies[code]]
        names = [name for text in strings for _, name, _, _ in Formatter().parse(text)]
        called = [contacts[name] for name in names if name in contacts]
        in_text = [link for part in found(page, "p", "text") for link in links(part, "tel:")]
        if bodies[code][0] != ("helplines", sources.content.phrases["helplines"]):
            assert in_text == [(f"tel:{row.e164 or row.code}", row.number) for row in called], (
                address
            )
            assert {link.get("dir") for link in found(page, "a", "number")} <= {"ltr"}
        rows = [link for row in found(page, "p", "call") for link in links(row)]
        assert [href for href, _ in rows] == HELPLINES, address
        for href, text in rows:
            assert bare(text).endswith(href[-3:]) or href[-3:] in bare(text)
        for link in (*page.iter("a"), *page.iter("time")):
            link.clear()
        (main,) = found(page, "main")
        assert re.findall(r"\d(?:[\d ]*\d){2}", words(main)) == [], address


@pytest.mark.slow  # loads and builds all texts
def test_page_in_two_languages_marks_language_of_each_part(folder: Path) -> None:
    """A screen reader changes its voice for strings without a translation, which are English."""
    change(folder, "locales/ti/LC_MESSAGES/messages.po", restate("work", str, "fuzzy"))
    sources = ContentSources(folder)
    library = build_library(sources, "drafts")
    browser = visitor(sources)
    ours, english = parsed(browser.get("/ti/").text), parsed(browser.get("/ti/41").text)

    assert (ours.get("lang"), ours.get("dir")) == ("ti", "ltr")
    assert (english.get("lang"), english.get("dir")) == ("ti", "ltr")
    parts = (found(english, "p", "call")[0], *found(english, "p", "text"))
    tags = [part.get("lang") for part in parts]  # helplines, interpreter, the screen
    assert [tag for tag, _ in itertools.groupby(tags)] == ["ti", "en"]
    assert {part.get("dir") for part in parts} == {"ltr"}
    assert [row.get("lang") for row in found(english, "p", "draft")] == ["ti", "en"]
    assert found(english, "h1")[0][0].get("lang") == "en"
    (choices,) = found(english, "ul", "choices")
    assert {link.get("lang") for link in choices.iter("a")} == {"en"}
    (listed,) = found(parsed(browser.get("/").text), "ul", "buttons")
    own = {link.get("lang", ""): link for link in listed.iter("a")}
    assert {*own} == {*library.languages}
    for tag, row in library.languages.items():
        link = own[tag]
        assert (link.get("dir", "ltr"), words(link)) == (row.direction, row.own_name)


def test_first_page_reaches_helplines_in_one_tap_and_topics_in_two(
    browser: FlaskClient, library: Library
) -> None:
    """The browser wants an unknown language; one tap also leaves."""
    page = parsed(browser.get("/", headers={"Accept-Language": "xx"}).text)
    assert [href for href, _ in links(page, "tel:")] == HELPLINES
    assert links(page)[0][0] == LEAVE_TO
    for tag in WITH_TEXTS:
        assert f"/{tag}/" in dict(links(page))
        second = dict(links(parsed(browser.get(f"/{tag}/").text)))
        assert {f"/{tag}/{topic}" for topic in range(1, 10)} <= {*second}
        assert {LEAVE_TO, f"/{tag}/0/languages"} <= {*second}


def test_page_at_night_shows_when_helpline_opens(library: Library, sources: ContentSources) -> None:
    page = parsed(visitor(sources, NIGHT).get("/pl/51").text)
    (note,) = library.editions["pl"].screens["51"].closed_notices(NIGHT, library.holidays)
    assert [words(row) for row in found(page, "p", "closed")] == [note]
    assert "10:00" in note
    assert note not in visitor(sources).get("/pl/51").text


def test_page_without_approved_languages_has_helplines_only(small_sources: ContentSources) -> None:
    """A draft is neither shown nor negotiated, as by SMS."""
    library = build_library(small_sources, "approved")
    browser = visitor(small_sources, serve="approved", number="+4759440000")
    for address in ("/", "/pl/", "/pl/4", "/ar/112", "/nothing"):
        page = parsed(browser.get(address, headers={"Accept-Language": "pl"}).text)
        (main,) = found(page, "main")
        assert [href for href, _ in links(main, "tel:")] == HELPLINES
        assert links(main, "sms:") == []  # it would cost money, for the same numbers
        assert bare(library.editions["pl"].helplines) in bare(words(main).replace("ROSA", ""))
        assert {row.get("lang") for row in found(page, "p", "call")} == {MULTILINGUAL}
        assert page.get("lang") == "en"
        assert "Opuść" not in words(page)
        assert found(page, "p", "draft") == []


def test_page_in_approved_language_is_not_marked_draft(small_folder: Path) -> None:
    """With one language approved, only that language is negotiated, beside English."""
    core = core_codes(ContentSources(small_folder).tree)
    approve_as(small_folder, *ENGLISH, *POLISH, screens=core)
    approve_as(small_folder, *ENGLISH, screens=["41"])
    small = ContentSources(small_folder)
    browser = visitor(small, serve="approved")
    page = parsed(browser.get("/", headers={"Accept-Language": "ar,pl;q=0.5"}).text)

    assert page.get("lang") == "pl"
    assert found(page, "p", "draft") == []
    assert "/pl/4" in dict(links(page))
    for code, heading in (("4", "Praca"), ("41", "Norge info")):  # a title needs approval, too
        page = parsed(browser.get(f"/pl/{code}").text)
        assert found(page, "p", "draft") == []
        (title,) = found(page, "h1")
        assert heading in words(title)


def test_page_of_unsupported_language_has_norwegian_phrase(
    browser: FlaskClient, library: Library
) -> None:
    """Links lead to Norwegian and English."""
    for tag in library.unsupported:
        for address in (f"/{tag}/", f"/{tag.upper()}", f"/{tag}/41"):
            page = parsed(browser.get(address).text)
            row = library.languages[tag]
            assert words(found(page, "h1")[0]) == row.own_name
            assert [words(part) for part in found(page, "p", "text")] == [
                f"Si/say: {row.norwegian}"
            ]
            assert [href for href, _ in links(page, "tel:")] == HELPLINES
            assert {"/nb/", "/en/"} <= {*dict(links(page))}


def test_page_string_without_translation_is_english(small_sources: ContentSources) -> None:
    """Each string of the frame falls back alone, with its `lang`."""
    without = copy.copy(small_sources)
    polish = small_sources.languages["pl"]
    kept = {key: text for key, text in polish.catalog.translations.items() if key[0] != "leave"}
    without.languages = small_sources.languages | {"pl": replace(polish, catalog=Catalog(kept))}
    (link,) = (
        row
        for row in parsed(visitor(without).get("/pl/").text).iter("a")
        if row.get("id") == "leave"
    )
    assert (words(link), link.get("lang")) == (f"✕ {small_sources.content.phrases['leave']}", "en")


WANTED = {
    "pl-PL,pl;q=0.9,en;q=0.8": "pl",
    "pl-PL,en;q=0.9": "pl",  # werkzeug's own choice would be English
    "en;q=0.5,ar-EG;q=0.9": "ar",
    "no": "nb",
    "zh-Hant-HK,en": "zh-Hans",
    "zh_CN": "zh-Hans",
    "tl-PH": "fil",
    "fa-AF": "prs",
    "tr,th": "tr",
    "de,xx": "en",
    "pl;q=0": "en",
    "*": "en",
    "": "en",
    "%%%;;;q=x,,": "en",
}


@pytest.mark.parametrize(("wanted", "expected"), WANTED.items())
def test_first_page_uses_best_language_of_browser(
    wanted: str, expected: str, browser: FlaskClient
) -> None:
    answer = browser.get("/", headers={"Accept-Language": wanted})
    assert parsed(answer.text).get("lang") == expected
    assert answer.headers["Vary"] == "Accept-Language"


def test_language_tags_do_not_match_other_paths(browser: FlaskClient, library: Library) -> None:
    """Each tag leads to its own page, and none to a page of ours or to a channel."""
    rules = {rule.rule.split("/")[1] for rule in browser.application.url_map.iter_rules()}
    others = {"try", "card", "inbound", *rules} - {"", "<tag>"}  # /inbound is mounted beside Flask
    assert others >= {"outreach", "healthz"}
    assert others.isdisjoint(tag.lower() for tag in library.languages)
    adapter = browser.application.url_map.bind("line.example.org")
    for tag in library.languages:
        for path in (f"/{tag}", f"/{tag}/", f"/{tag}/4"):
            assert adapter.match(path)[0] == "pages.screen_page"


def test_common_code_redirects_or_shows_its_screen(browser: FlaskClient, library: Library) -> None:
    """`00` leaves, `99` lists languages, and a helpline has codes in several spellings."""
    assert browser.get(f"/pl/{CLOSE}").location == LEAVE_TO
    assert browser.get(f"/pl/{LANGUAGES}").data == browser.get("/pl/0/languages").data
    for code, shown in library.codes.items():
        if shown not in (CLOSE, LANGUAGES):
            assert browser.get(f"/en/{code}").data == browser.get(f"/en/{shown}").data


def test_code_in_text_is_link(browser: FlaskClient) -> None:
    """`Choose 96`, `Choose 0` and `00` are links in every language."""
    for tag in WITH_TEXTS:
        for code, href in {"93": f"/{tag}/96", "930": f"/{tag}/", "97": LEAVE_TO}.items():
            page = parsed(browser.get(f"/{tag}/{code}").text)
            texts = [link for part in found(page, "p", "text") for link in links(part)]
            assert href in dict(texts), (tag, code)


def test_page_about_phones_warns_of_history_and_spyware(
    browser: FlaskClient, sources: ContentSources
) -> None:
    """And how to leave less there; 97 says who sees a visit. Other pages do not."""
    phone = ("leave_limits", "leave_keys", "private_window")
    expected = {"96": phone, "961": phone, "97": ("web_sees",), "41": ()}
    for tag in WITH_TEXTS:
        for code, names in expected.items():
            page = parsed(browser.get(f"/{tag}/{code}").text)
            messages = [(name, sources.content.phrases[name]) for name in names]
            labels = [sources.languages[tag].translate(*one) or one[1] for one in messages]
            assert [words(part) for part in found(page, "p", "limits")] == labels
            assert len(found(page, "ul", "browsers")) == ("private_window" in names)


def test_question_has_answers_to_tap_without_a_code(browser: FlaskClient, library: Library) -> None:
    """The code is for a text; a tap needs none."""
    lines = library.editions["en"].screens["9302"].links.splitlines()
    labels = [label for code, _, label in (line.partition(" ") for line in lines)][:2]
    (choices,) = found(parsed(browser.get("/en/9302").text), "ul", "choices")
    assert [text for _, text in links(choices)][:2] == labels


def test_page_before_topic_is_chosen_has_neutral_words(
    browser: FlaskClient, library: Library
) -> None:
    """Title, links and text are checked (docs/design.md, D9)."""
    for tag in library.languages:
        for code in ("", "9", "96"):
            page = parsed(browser.get(f"/{tag}/{code}").text)
            assert words(found(page, "title")[0]) == "Norge info"
            assert AVOIDED.findall(" ".join(href for href, _ in links(page))) == []
            (main,) = found(page, "main")
            assert AVOIDED.findall(words(main) if not code else words(main)[:60]) == []
            # And what a screen reader needs: one heading, the way out first, named lists of links.
            assert [len(found(page, name)) for name in ("h1", "main", "header")] == [1, 1, 1]
            assert found(page, "a")[0].get("id") == "leave"
            for nav in found(page, "nav"):
                assert nav.get("aria-label") or nav.get("aria-labelledby")


def test_page_view_logs_one_line_without_path(
    browser: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in ("/pl/41?from=brochure", "/pl/nothing"):
        browser.get(path, headers={"User-Agent": "test browser"}).close()
    out, err = written(capfd)
    rows = [json.loads(line) for line in err.splitlines()]
    assert [row.pop("ms") >= 0 for row in rows] == [True, True]
    row = {"event": "page", "channel": "web", "outcome": "answered"}
    assert rows == [row, row | {"outcome": "not found"}]
    assert out == ""


def test_page_raises_error_returns_fallback_response(
    browser: FlaskClient,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Flask's own error page is never shown; the class of the error is logged."""

    def broken(*_: object) -> None:
        raise RuntimeError("POLSKI")

    monkeypatch.setattr(ScreenPresenter, "present", broken)
    for path in ("/", "/pl/41", "/nothing"):
        answer = browser.get(path)
        assert (answer.status_code, answer.text) == (500, library.fallback)
        assert answer.headers["Cache-Control"] == "no-store"
        entry = json.loads(written(capfd)[1])
        assert (entry["event"], entry["outcome"]) == ("page", "RuntimeError")


def test_linkifier_links_each_number_as_its_contact_spells_it(sources: ContentSources) -> None:
    """Not as a part of a longer number; a translation may put two into one sentence."""
    linker = Linkifier(sources.content.contacts.values())
    pieces = linker.text("1120 0112 +112 112. 22 33 11 60: 116 111, 116111")
    assert [piece.href for piece in pieces if piece.href] == [*HELPLINES, "tel:116111"]
    assert pieces[0].text == "1120 0112 +112 "
    (part,) = linker.helplines("112 or 22 33 11 60. Under 18: 116 111.", "en")
    assert part.call == ""
    assert [piece.href for piece in part.spans if piece.is_number] == HELPLINES
