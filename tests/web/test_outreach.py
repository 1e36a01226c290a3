"""The page for outreach workers: languages, numbers, and neutral wording."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rights_line.content.loader import ContentSources
from rights_line.core.library import Library
from rights_line.editorial.lint.lint_texts import lint_texts
from rights_line.errors import ConfigurationError
from rights_line.web.pages.blueprint import pages_blueprint
from tests.support.folders import OUTREACH, change, swap
from tests.support.markup import readable_text
from tests.support.sites import site_of
from tests.support.wording import AVOIDED


@pytest.fixture(scope="module")
def page(browser: FlaskClient) -> str:
    """The page with the real texts."""
    answer = browser.get("/outreach")
    assert answer.status_code == 200
    return answer.text


def test_outreach_page_has_every_paragraph_in_both_languages(
    page: str, sources: ContentSources
) -> None:
    """The placeholders of numbers are filled in."""
    numbers = {name: row.number for name, row in sources.content.contacts.items()}
    for language in ("en", "nb"):
        text = " ".join(
            readable_text(part) for part in re.findall(rf'<p lang="{language}">(.*?)</p>', page)
        )
        for chapter in sources.outreach:
            assert chapter.titles[language] in readable_text(page)
            for advice in chapter.advice:
                assert advice.texts[language].format_map(numbers) in text


def test_outreach_page_has_word_of_each_language(page: str, library: Library) -> None:
    """Each row has the own name, the word to send, the Norwegian name, and its pages."""
    listed = page[page.index('<ul class="tongues">') :]
    rows = re.findall(r"<li>(.*?)</li>", listed[: listed.index("</ul>")], re.DOTALL)

    assert len(rows) == len(library.languages)
    for row, language in zip(rows, library.languages.values(), strict=True):
        seen, tag = readable_text(row), language.tag
        own = [f"/show/{tag}", f"/{tag}/", f"/{tag}/96", f"/{tag}/97", f"/card/{tag}"]
        links = own if tag in library.editions else [f"/{tag}/"]
        assert seen.startswith(f"{language.own_name} {language.word} {language.norwegian} ")
        assert re.findall('href="(.*?)"', row) == links
        assert ("the numbers only" in seen) == (tag not in library.editions)
        assert ("draft" in seen) == (tag in library.editions)


def test_outreach_page_of_a_language_that_is_not_approved_promises_the_numbers_only(
    sources: ContentSources,
) -> None:
    """It links to no screen that would show nothing else."""
    app = Flask("line")
    site = site_of(sources, "approved")
    app.register_blueprint(pages_blueprint(site))
    seen = app.test_client().get("/outreach").text

    assert 'href="/uk/"' in seen
    assert 'href="/uk/96"' not in seen
    assert readable_text(seen).count("the numbers only") == len(site.library.languages)


def test_outreach_page_contents_lead_to_each_section(page: str) -> None:
    contents = page[page.index('<nav id="contents"') :]
    jumps = re.findall('href="#(.*?)"', contents[: contents.index("</nav>")])

    assert jumps == re.findall('<section id="(.*?)"', page)
    assert len(jumps) == 7


def test_outreach_page_links_to_the_simulator_only_where_it_is(
    library: Library, sources: ContentSources
) -> None:
    for has_simulator in (False, True):
        app = Flask("line")
        site = site_of(sources)
        site = site if has_simulator else replace(site, strings=None)
        app.register_blueprint(pages_blueprint(site))
        seen = app.test_client().get("/outreach").text
        assert ('href="/try"' in seen) == has_simulator


def test_outreach_page_links_call_numbers_as_shown(page: str, sources: ContentSources) -> None:
    """Short numbers have no country code, and every number is that of a contact."""
    contacts = {row.number: row.e164 or row.code for row in sources.content.contacts.values()}
    links = re.findall(r'<a class="number" href="tel:([^"]*)">([^<]*)</a>', page)

    assert {contacts[shown] for _, shown in links} == {dialled for dialled, _ in links}
    assert ("116111", "116 111") in links


def test_outreach_page_has_no_number_without_link(page: str) -> None:
    without = re.sub(r"<a [^>]*>.*?</a>", "", page)
    assert re.findall(r"\d(?:[\d ]*\d){2}", readable_text(without)) == []


def test_outreach_page_has_neutral_title_and_words(page: str) -> None:
    """Another person may see the screen."""
    assert AVOIDED.findall(readable_text(page)) == []
    assert re.search("<title>(.*?)</title>", page)[1] == "Norge info"  # type: ignore[index]


def test_outreach_page_external_links_send_no_referrer(page: str) -> None:
    for link in re.findall(r'<a [^>]*href="https?:[^>]*>', page):
        assert 'rel="noreferrer noopener"' in link


def test_lint_outreach_text_with_problems_names_file_and_line(small_folder: Path) -> None:
    """The problems: a promise, and ROSA without the helpline for children, in each language."""
    change(small_folder, OUTREACH, swap("Any word, in any", "We promise: any"))
    change(small_folder, OUTREACH, swap(r", and children \{children\}", ""))
    change(small_folder, OUTREACH, swap(r", og barn \{children\}", ""))
    found = [
        problem for problem in lint_texts(ContentSources(small_folder)) if OUTREACH in problem.place
    ]

    problems = sorted(problem.summary for problem in found)
    assert problems == ["must not say 'We promise'"] + ["names {rosa} without {children}"] * 2
    assert all(problem.place.partition(":")[2].isdecimal() for problem in found)


def test_outreach_text_with_opening_hours_is_refused(small_folder: Path) -> None:
    """The page shows numbers alone; a screen may have them."""
    for start in ("Any word, in any", "Hvert ord, på hvilket"):
        change(small_folder, OUTREACH, swap(start, f"{{udi_hours}} {start}"))
    with pytest.raises(ConfigurationError, match=r"outreach\.yaml:\d+: unknown placeholder"):
        ContentSources(small_folder)
