"""`rights-line new-language TAG`: the line stays as it is, and translators can start."""

import csv
import io
import re
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.editorial.lint import lint_texts
from tests.support.cli import run
from tests.support.folders import ROWS, change, drop, make_strings, snapshot, swap
from tests.support.worlds import library_at

CATALOG = "locales/cs/LC_MESSAGES/messages.po"


def test_new_language_gets_its_row_from_unicode_cldr(small_folder: Path) -> None:
    result = run("new-language", "he", where=small_folder)
    language = ContentSources(small_folder).languages["he"].language

    assert result.returncode == 0, result.stderr
    assert (language.word, language.label, language.own_name) == ("HEBREW", "Hebrew", "עברית")
    assert (language.norwegian, language.script, language.direction) == ("hebraisk", "Hebr", "rtl")
    assert language.weekdays[0] == "יום שני"
    assert int(language.number) == 1 + max(
        int(row.language.number)
        for tag, row in ContentSources(small_folder).languages.items()
        if tag != "he"
    )


def test_started_language_changes_no_reply_but_to_its_own_name(small_folder: Path) -> None:
    """It is answered like one that is only understood; the line starts without translations."""
    before = library_at(small_folder)
    run("new-language", "cs", where=small_folder)
    after = library_at(small_folder)

    assert after.editions == before.editions
    assert (after.start, after.listing) == (before.start, before.listing)
    assert after.voice.start == before.voice.start
    assert after.unsupported.keys() - before.unsupported.keys() == {"cs"}
    assert after.unsupported["cs"].text.startswith(after.helplines)
    assert list(lint_texts(ContentSources(small_folder))) == []
    assert run("check", where=small_folder).returncode == 0


def test_new_language_has_a_key_for_each_concept_to_fill(small_folder: Path) -> None:
    run("new-language", "cs", where=small_folder)
    sources = ContentSources(small_folder)
    sheet = list(csv.reader(io.StringIO(run("words", "cs", where=small_folder).stdout)))

    assert sources.languages["cs"].written_words.keys() >= sources.concepts.keys()
    assert {phrases for _, phrases in sheet[1:]} == {"?"}

    filled = small_folder / "words.csv"
    filled.write_text("English,translation\nwork,prace; zaměstnání\n", "utf-8")
    assert run("add-words", "cs", str(filled), where=small_folder).returncode == 0
    assert ContentSources(small_folder).phrases["prace"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["pl"], "language pl: has a row in languages.yaml. Run: rights-line status pl."),
        (["xq"], "language xq: must be a language of Unicode CLDR."),
        (["../cs"], "language ../cs: must be a language of Unicode CLDR."),
        (["CS"], "language CS: must be written cs."),
        (["ka", "--word", "POLSKI"], "word must be unique, got that of pl."),
        (["cs", "--word", "čes"], "word: expected four or more capitals"),
    ],
)
def test_new_language_with_a_mistake_writes_nothing(
    arguments: list[str], problem: str, small_folder: Path
) -> None:
    before = snapshot(small_folder)
    result = run("new-language", *arguments, where=small_folder)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Nothing was changed:\n  ")
    assert problem in result.stderr
    assert snapshot(small_folder) == before


def test_new_language_overwrites_no_file_of_an_earlier_attempt(small_folder: Path) -> None:
    run("new-language", "cs", where=small_folder)
    change(small_folder, ROWS, drop(r"cs:\n(?: .*\n)+"))
    change(small_folder, CATALOG, swap('msgid "Police"\nmsgstr ""', 'msgid "Police"\nmsgstr "Zz"'))
    run("new-language", "cs", where=small_folder)

    translations = ContentSources(small_folder).languages["cs"].catalog.translations
    assert translations == {("police", "Police"): "Zz"}


def test_make_strings_leaves_a_new_catalog_as_it_is(small_folder: Path) -> None:
    run("new-language", "cs", where=small_folder)
    before = (small_folder / CATALOG).read_text("utf-8")
    make_strings(small_folder)

    after = (small_folder / CATALOG).read_text("utf-8")
    header = re.compile(r'"POT-Creation-Date.*\n')
    assert header.sub("", after) == header.sub("", before)
