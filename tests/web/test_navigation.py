"""From page to page: up, to the same screen in another language, and out of a wrong address."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from rights_line.content import ContentSources
from rights_line.core import MENU, NOT_SENT
from rights_line.core.library import Library
from rights_line.web.pages.page import Navigation
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.markup import found, links, parsed, words
from tests.support.sites import site_of, visitor
from tests.support.worlds import WITH_TEXTS

MAX_BYTES = 12_000  # with style, script and icon


def up_link(page: str) -> tuple[str, str] | None:
    """Return the link to the level above, without its arrow."""
    parts = found(parsed(page), "p", "up")
    (link,) = links(parts[0]) if parts else [None]
    return link and (link[0], link[1].removeprefix("‹ "))


def test_language_switch_keeps_the_screen_in_two_taps(
    browser: FlaskClient, library: Library
) -> None:
    """A language without texts has one page, and the way back is on the list."""
    for code in ("41", "112"):
        first = parsed(browser.get(f"/en/{code}").text)
        (switch,) = (href for href, _ in links(first) if href.endswith("/languages"))
        answer = browser.get(switch)
        listed = found(parsed(answer.text), "ul", "buttons")[0]
        assert len(answer.data) <= MAX_BYTES
        assert dict(links(listed)) == {
            f"/{tag}/{code}" if tag in library.editions else f"/{tag}/": row.own_name
            for tag, row in library.languages.items()
        }
        assert all(browser.get(href).status_code == 200 for href, _ in links(listed))
        assert up_link(answer.text) == (f"/en/{code}", words(found(first, "h1")[0]))
    for path in ("/en/00/languages", "/en/99/languages", "/xx/4/languages"):  # of no screen
        assert browser.get(path).status_code == 404


def test_start_page_in_each_language_is_one_small_page(browser: FlaskClient) -> None:
    """It holds the list of languages, and loads nothing else."""
    for tag in WITH_TEXTS:
        answer = browser.get("/", headers={"Accept-Language": tag})
        assert len(answer.data) <= MAX_BYTES, tag
        assert 'src="' not in answer.text
        loaded = found(parsed(answer.text), "link")
        assert [link.get("href", "")[:5] for link in loaded] == ["data:"]


PARENTS = {"52": "5", "41": "4", "9302": "930", "961": "96", "4": MENU, "112": MENU, "116111": MENU}


@pytest.mark.parametrize(("code", "parent"), PARENTS.items())
def test_page_leads_up_to_the_screen_above(
    code: str, parent: str, browser: FlaskClient, library: Library
) -> None:
    """A helpline is below the menu: its code is a number, which begins like another code."""
    href, label = up_link(browser.get(f"/uk/{code}").text) or ("", "")
    assert href == ("/uk/" if parent == MENU else f"/uk/{parent}")
    above = browser.get(href).text
    assert label == ("меню" if parent == MENU else words(found(parsed(above), "h1")[0]))


def test_every_page_but_the_menu_leads_up(browser: FlaskClient, library: Library) -> None:
    for code in library.editions["pl"].screens:
        if code not in (MENU, *NOT_SENT):
            href, _ = up_link(browser.get(f"/pl/{code}").text) or ("", "")
            assert browser.get(href).status_code == 200, code
    assert up_link(browser.get("/pl/").text) is None


@pytest.mark.parametrize(
    ("path", "tag", "sentence"),
    [
        ("/uk/777", "uk", "Такої сторінки немає."),
        ("/uk/52/", "uk", "Такої сторінки немає."),
        ("/ar/4/777", "ar", "هذه الصفحة غير موجودة."),
        ("/zh-hans/777", "zh-Hans", "此页不存在。"),
        ("/xx/", "pl", "Ta strona nie istnieje."),
        ("/%FF%FE/", "pl", "Ta strona nie istnieje."),
        ("/wp-login.php", "pl", "Ta strona nie istnieje."),
    ],
)
def test_wrong_address_has_the_menu_and_a_sentence_in_its_language(
    path: str, tag: str, sentence: str, browser: FlaskClient
) -> None:
    """An address without a language has the start page, in the language of the browser."""
    answer = browser.get(path, headers={"Accept-Language": "pl"})
    page = parsed(answer.text)
    assert (answer.status_code, page.get("lang")) == (404, tag)
    assert [words(part) for part in found(page, "p", "notice")] == [sentence]
    assert f"/{tag}/4" in dict(links(page))
    assert len(links(page, "tel:")) == 3
    assert "wp-login" not in answer.text


def test_every_screen_leads_to_safe_phone_and_who_sees_this(browser: FlaskClient) -> None:
    """On the menu and the start page below the helplines; on other screens at the foot."""
    for path in ("/", "/uk/"):
        text = browser.get(path, headers={"Accept-Language": "uk"}).text
        (line,) = found(parsed(text), "p", "safety")
        assert links(line) == [("/uk/96", "Безпечний телефон"), ("/uk/97", "Хто це бачить?")]
        assert text.rindex('class="call') < text.index('class="safety"') < text.index("/uk/1")
    text = browser.get("/uk/52").text
    (line,) = found(parsed(text), "p", "safety")
    assert [href for href, _ in links(line)] == ["/uk/96", "/uk/97"]
    assert text.rindex('class="call') < text.index('class="safety"')


def test_start_page_says_first_whose_number_it_is(
    browser: FlaskClient, sources: ContentSources
) -> None:
    """Free, not the police, anonymous: before the numbers, in each language. One box names ROSA."""
    message = sources.content.phrases["about"]
    assert all(word in message for word in ("Free", "not the police", "anonymous", "language"))
    for tag in WITH_TEXTS:
        for path in ("/", f"/{tag}/"):
            text = browser.get(path, headers={"Accept-Language": tag}).text
            page = parsed(text)
            (about,) = found(page, "p", "about")
            assert words(about) == (sources.languages[tag].translate("about", message))
            assert text.index('class="about"') < text.index('class="call')
            assert about.get("lang") == tag
            danger, adults, children = found(page, "p", "call")
            assert [found(row, "strong") != [] for row in (danger, adults, children)] == [0, 1, 0]
            assert "urgent" in danger.get("class", "")
            assert "urgent" not in adults.get("class", "") + children.get("class", "")


def test_list_of_languages_is_by_script_and_alphabet(
    browser: FlaskClient, library: Library
) -> None:
    """Latin letters come first, and the current language is marked."""
    page = parsed(browser.get("/uk/4/languages").text)
    (listed,) = found(page, "ul", "buttons")
    rows = [library.languages[link.get("lang", "")] for link in listed.iter("a")]
    scripts = [row.script for row in rows]
    names = [row.own_name.casefold() for row in rows if row.script == "Latn"]
    assert scripts == ["Latn"] * len(names) + sorted(scripts[len(names) :])
    assert names == sorted(names)
    assert [link.get("lang") for link in listed.iter("a") if link.get("aria-current")] == ["uk"]


def test_screen_says_when_its_numbers_were_checked(
    browser: FlaskClient, sources: ContentSources
) -> None:
    """The day of the helpline that was checked longest ago."""
    days = [
        sources.content.contacts[name].verified_on for name in sources.content.country.helplines
    ]
    (checked,) = found(parsed(browser.get("/uk/4").text), "time")
    assert words(checked) == min(days).isoformat()


def test_languages_offered_are_those_that_have_something(small_folder: Path) -> None:
    """A language whose texts are not approved would show the numbers alone."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    sources = ContentSources(small_folder)
    site = site_of(sources, "approved")
    navigation = Navigation(site)
    assert navigation.offered_tags == ("en", "pl")
    tags = [link.label.language for link in navigation.language_links("4")]
    assert tags == [tag for tag in site.library.languages if tag != "ar"]


def test_only_the_start_page_may_be_listed_by_search_engines(browser: FlaskClient) -> None:
    """`robots.txt` allows all: an engine that may not read a page cannot see the mark."""
    for path in ("/uk/", "/uk/4", "/uk/4/languages", "/outreach", "/card/uk", "/uk/777", "/xx"):
        assert '<meta name="robots" content="noindex">' in browser.get(path).text, path
    assert "noindex" not in browser.get("/").text
    answer = browser.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == "User-agent: *\nDisallow:\n"


def test_numbers_to_text_and_dial_are_links_in_groups(small_sources: ContentSources) -> None:
    """As on the card; a helpline's page needs no code, and a line without a number no link."""
    client = visitor(small_sources, number="+4759440000", ussd="*384*7#")
    written = {"/pl/": "POLSKI", "/pl/4": "POLSKI 4", "/pl/112": "POLSKI"}
    for address, message in written.items():
        page = parsed(client.get(address).text)
        ((href, _),) = links(page, "sms:")
        assert unquote(href) == f"sms:+4759440000?&body={message}"
        assert f"+47 59 44 00 00: {message}" in words(page)
    ((dial, text),) = links(page, "tel:*")
    assert (dial, unquote(dial), text) == ("tel:*384*7%23", "tel:*384*7#", "Ring/dial: *384*7#")
    assert links(parsed(visitor(small_sources).get("/pl/").text), "sms:") == []
