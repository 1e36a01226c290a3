"""The page on which people write messages to measure with: offline, in Chromium."""

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.understanding import goals, messages
from rights_line.content import ContentSources
from scripts.situations.__main__ import page, situations
from tests.support.browser import fits, is_accessible

WAGES, LOCKED_IN = 0, 26


@pytest.fixture
def url(sources: ContentSources, tmp_path: Path) -> str:
    path = tmp_path / "situations.html"
    path.write_text(page(sources), "utf-8")
    return path.as_uri()


def write(opened: Page, at: int, text: str) -> None:
    opened.locator("textarea").nth(at).fill(text)


def test_saved_file_is_read_by_the_bench(chromium: Browser, url: str, tmp_path: Path) -> None:
    viewport = {"width": 360, "height": 740}
    context = chromium.new_context(viewport=viewport, offline=True)  # type: ignore[arg-type]
    with closing(context):
        opened = context.new_page()
        opened.goto(url)
        fits(opened)
        is_accessible(opened)
        write(opened, WAGES, "szef mi nie\npłaci\n\nsześć tygodni\tbez wypłaty")
        write(opened, LOCKED_IN, "zamknęli mnie")
        expect(opened.locator("#count")).to_have_text("3 messages")
        opened.click("#save")
        expect(opened.locator("#saved")).to_have_text("Choose your language first.")
        opened.select_option("#language", "pl")
        with opened.expect_download() as download:
            opened.click("#save")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.name == "messages-pl.tsv"
        opened.reload()
        expect(opened.locator("#count")).to_have_text("3 messages")
        opened.click("#forget")
        expect(opened.locator("#count")).to_have_text("0 messages")
    rows = [(row.language, row.concept, row.register, row.text) for row in messages(path)]
    assert rows == [
        ("pl", "wages", "person", "szef mi nie płaci"),
        ("pl", "wages", "person", "sześć tygodni bez wypłaty"),
        ("pl", "locked_in", "person", "zamknęli mnie"),
    ]


def test_each_situation_has_known_meanings_and_two_languages() -> None:
    known = goals()
    for row in situations():
        meanings = {row["concept"], *filter(None, row["also"].split(","))}
        assert meanings <= known.keys(), row
        assert all((row["en"], row["nb"])), row
    assert situations()[LOCKED_IN]["concept"] == "locked_in"
