"""The page for those who go out: every language's word, the numbers, and nothing that tells."""

import re
from pathlib import Path

import pytest

from rights_line.content.loader import ContentSources
from rights_line.core.library import Library
from rights_line.editorial.lint import lint
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.folders import OUTREACH, change, swap
from tests.support.markup import readable_text
from tests.support.wording import AVOIDED


@pytest.fixture(scope="module")
def page() -> str:
    """The page, on a line without the phone to try it on."""
    answer = create_app(twilio_phone.ENVIRON).test_client().get("/outreach")
    assert answer.status_code == 200
    return answer.text


def test_every_paragraph_is_there_in_both_languages(page: str, sources: ContentSources) -> None:
    """With its numbers in it, each in its language."""
    numbers = {name: row.number for name, row in sources.content.contacts.items()}
    for language in ("en", "nb"):
        text = " ".join(
            readable_text(part) for part in re.findall(rf'<p lang="{language}">(.*?)</p>', page)
        )
        for chapter in sources.outreach:
            assert chapter.titles[language] in readable_text(page)
            for advice in chapter.advice:
                assert advice.texts[language].format_map(numbers) in text


def test_every_language_has_its_word(page: str, library: Library) -> None:
    """Its own name, the word to send, what to say on the phone; a card where it is spoken."""
    rows = [readable_text(row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)][1:]

    assert len(rows) == len(library.languages)
    for row, language in zip(rows, library.languages.values(), strict=True):
        assert row.startswith(f"{language.own_name} {language.word} {language.norwegian} ")
        assert (f'href="/card/{language.tag}"' in page) == (language.tag in library.editions)
        assert ("the numbers only" in row) == (language.tag not in library.editions)
        assert ("draft" in row) == (language.tag in library.editions)


def test_every_number_is_called_as_it_is_printed(page: str, sources: ContentSources) -> None:
    """A short number has no country code (cautions E29), and none is there but a contact's."""
    contacts = {row.number: row.e164 or row.code for row in sources.content.contacts.values()}
    links = re.findall(r'<a href="tel:([^"]*)">([^<]*)</a>', page)

    assert {contacts[shown] for _, shown in links} == {dialled for dialled, _ in links}
    assert ("116111", "116 111") in links


def test_what_is_said_of_a_helpline_has_its_number_linked(page: str) -> None:
    """No number stands there as mere text."""
    without = re.sub(r"<a [^>]*>[^<]*</a>", "", page)
    assert re.findall(r"\d(?:[\d ]*\d){2}", readable_text(without)) == []


def test_nothing_tells_what_the_page_is_about(page: str) -> None:
    """It may be open while somebody looks: no word of the law, and a title that says nothing."""
    assert AVOIDED.findall(readable_text(page)) == []
    assert re.search("<title>(.*?)</title>", page)[1] == "Norge info"  # type: ignore[index]


def test_nothing_is_left_of_an_address_elsewhere(page: str) -> None:
    """Who follows a link is not told on from where."""
    for link in re.findall(r'<a [^>]*href="https?:[^>]*>', page):
        assert 'rel="noreferrer noopener"' in link


def test_the_check_reads_it_too(folder: Path) -> None:
    """`rights-line check` names a promise, and ROSA alone, with the line."""
    change(folder, OUTREACH, swap("In doubt about the age", "We promise: in doubt"))
    change(folder, OUTREACH, swap(r"\s+Under 18:\s+\{children\}\.", ""))
    change(folder, OUTREACH, swap(r"\s+Under 18\s+år:\s+\{children\}\.", ""))
    found = [fault for fault in lint(ContentSources(folder)) if OUTREACH in fault.place]

    problems = sorted(fault.summary for fault in found)
    assert problems == ["must not say 'We promise'"] + ["names {rosa} without {children}"] * 2
    assert all(fault.place.partition(":")[2].isdecimal() for fault in found)
