"""The page for outreach workers: one language, numbers, and neutral wording."""

import re

import pytest
from flask.testing import FlaskClient

from rights_line.content import ContentSources
from tests.support.markup import readable_text
from tests.support.sites import site_client, site_of, visitor
from tests.support.wording import AVOIDED

MAX_BYTES = 20_000  # with style


@pytest.fixture(scope="module", params=["en", "nb"])
def reads(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def page(browser: FlaskClient, reads: str) -> str:
    """The page with the real texts, in one language."""
    answer = browser.get(f"/outreach/{reads}")
    assert answer.status_code == 200
    return answer.text


def test_outreach_page_has_every_paragraph_in_one_language(
    page: str, reads: str, sources: ContentSources
) -> None:
    """The placeholders of numbers are filled in, and the other language is absent."""
    numbers = {name: row.number for name, row in sources.content.contacts.items()}
    text = readable_text(page)
    for chapter in sources.outreach:
        assert chapter.titles[reads] in text
        for advice in chapter.advice:
            said = {tag: words.format_map(numbers) for tag, words in advice.texts.items()}
            assert said.pop(reads) in text
            assert not any(other in text for other in said.values())


def test_outreach_page_is_in_the_language_of_the_browser(browser: FlaskClient) -> None:
    """Its links keep a language that was chosen; another address does not exist."""
    for wanted, reads in (("nn-NO,en", "nb"), ("pl,en;q=0.5", "en"), ("", "en")):
        answer = browser.get("/outreach", headers={"Accept-Language": wanted})
        assert f'<html lang="{reads}"' in answer.text
        assert answer.vary == {"Accept-Language"}
    found = browser.get("/outreach/nb?language=ukrainsk", headers={"Accept-Language": "en"}).text
    assert {"/show/uk?in=nb", "/card/uk?in=nb"} <= {*re.findall('href="(.*?)"', found)}
    assert browser.get("/outreach/pl").status_code == 404


@pytest.mark.parametrize("asked", ["Українська", "ukrainsk", "UKRAINIAN", "ukr"])
def test_outreach_page_finds_a_language_by_its_name(asked: str, browser: FlaskClient) -> None:
    """In its own language, in Norwegian and in English; its buttons are in words."""
    page = browser.get("/outreach/en", query_string={"language": asked}).text
    listed = page[page.index('<section id="languages"') :]
    seen = readable_text(listed)

    assert "Українська (Ukrainian)" in seen
    assert "Say on the phone ukrainsk" in seen
    assert "Translated everything (draft)" in seen
    assert "UKRAINSKA" not in seen  # no number to text it to
    assert re.findall('<a class="button" href="(.*?)"', listed) == [
        *("/show/uk?in=en", "/uk/", "/uk/96", "/uk/97", "/card/uk?in=en")
    ]
    assert "Safe phone" in seen


def test_outreach_page_says_that_a_language_is_unknown(browser: FlaskClient) -> None:
    page = browser.get("/outreach/en", query_string={"language": "<b>Klingon"}).text
    assert "The line does not have this language." in page
    assert "<b>Klingon" not in page


def test_outreach_page_has_the_word_if_there_is_a_number(sources: ContentSources) -> None:
    """And it names calls only where the line answers them."""
    for takes_calls, said in ((False, "SMS: +47"), (True, "SMS and calls: +47")):
        site = site_of(sources, number="+4759440000", takes_calls=takes_calls)
        page = readable_text(site_client(site).get("/outreach/en?language=ukrainian").text)
        assert "Word to text UKRAINSKA" in page
        assert said in page


def test_outreach_page_says_once_that_nothing_is_approved(small_sources: ContentSources) -> None:
    """It leads to no screen that would show nothing else."""
    page = visitor(small_sources, serve="approved").get("/outreach/en").text
    listed = page[page.index('<section id="languages"') :]

    assert "No language is approved yet." in readable_text(listed)
    assert re.findall('href="(.*?)"', listed) == ["/"]


def test_outreach_page_links_every_number_and_no_referrer(
    page: str, sources: ContentSources
) -> None:
    """Short numbers have no country code; the words are neutral: another person may see them."""
    contacts = {row.number: row.e164 or row.code for row in sources.content.contacts.values()}
    links = re.findall(r'<a class="number" href="tel:([^"]*)">([^<]*)</a>', page)
    assert {contacts[shown] for _, shown in links} == {dialled for dialled, _ in links}
    assert ("116111", "116 111") in links
    without = readable_text(re.sub(r"<a [^>]*>.*?</a>", "", page))
    assert re.findall(r"\d(?:[\d ]*\d){2}", without) == []
    assert AVOIDED.findall(readable_text(page)) == []
    for link in re.findall(r'<a [^>]*href="https?:[^>]*>', page):
        assert 'rel="noreferrer noopener"' in link
    assert len(page) <= MAX_BYTES
