"""The table of concepts and phrases: export, and adding the words of a filled one."""

import io
from pathlib import Path

import pytest

from rights_line.content.assembly.library_builder import build_library
from rights_line.content.loader import ContentSources
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.editorial.sheets import sheet_file, word_table
from rights_line.editorial.sheets.word_table import EMPTY
from rights_line.errors import Problem
from tests.support.cli import run
from tests.support.folders import WORDS


def table(folder: Path, tag: str) -> str:
    stream = io.StringIO()
    word_table.write(ContentSources(folder), tag, stream)
    return stream.getvalue()


def test_table_has_a_row_for_each_concept_and_marks_those_without_phrase(
    small_folder: Path,
) -> None:
    rows = table(small_folder, "pl").splitlines()
    assert rows[0] == "English,translation"
    assert "emergency: In danger,ratunku; niebezpieczeństwo" in rows
    assert f"not_danger: Not in danger,{EMPTY}" in rows
    assert len(rows) == 1 + len(ContentSources(small_folder).concepts)


def test_unchanged_table_adds_nothing(small_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text(table(small_folder, "pl"), "utf-8")
    problems: list[Problem] = []
    words = word_table.read(path, problems)
    assert word_table.add(ContentSources(small_folder), small_folder, "pl", words) == (0, [])
    assert problems == []
    assert table(small_folder, "pl") == path.read_text("utf-8")


def test_added_phrases_are_understood_and_comment_and_other_keys_stay(small_folder: Path) -> None:
    path = small_folder / "locales" / "en" / "words.yaml"
    path.write_text("# A comment.\n" + path.read_text("utf-8"), "utf-8")
    before = ContentSources(small_folder).languages["en"].written_words
    words = {"work": ["boss did not pay", "Boss did not pay!", "work"], "not_danger": ["no danger"]}
    assert word_table.add(ContentSources(small_folder), small_folder, "en", words) == (2, [])
    after = ContentSources(small_folder).languages["en"].written_words
    assert path.read_text("utf-8").startswith("# A comment.\n")
    assert after["work"] == [*before["work"], "boss did not pay"]
    assert {key: after[key] for key in before if key not in words} == {
        key: before[key] for key in before if key not in words
    }
    library = build_library(ContentSources(small_folder), "drafts")
    assert interpret_to_intent(
        "there is no danger, but boss did not pay", None, library
    ) == ShowScreen("en", "4")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"work": ["danger"]}, "danger means emergency in en"),
        ({"work": ["Ratunku"]}, "Ratunku means emergency in pl"),
        ({"work": ["stop"]}, "stop is a reserved word"),
        ({"work": ["same"], "talk": ["same"]}, "same means"),
        ({"unknown": ["word"]}, "is not a concept"),
    ],
)
def test_phrase_that_cannot_be_added_is_left_out_and_reported(
    small_folder: Path, words: dict[str, list[str]], reason: str
) -> None:
    _, problems = word_table.add(ContentSources(small_folder), small_folder, "en", words)
    assert len(problems) == 1
    assert reason in problems[0].summary
    assert list(ContentSources(small_folder).source_problems()) == []


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("none.csv", None, "none.csv: cannot be read: No such file or directory"),
        ("a.yaml", "work: 5\n", "a.yaml:1: work: expected a list of texts"),
        ("a.yaml", "work: [{a: b}]\n", "a.yaml:1: work: expected a list of texts"),
        ("a.yaml", "2026-13-01\n", "a.yaml: is not valid YAML: ValueError"),
    ],
    ids=["missing", "a number", "a mapping", "an impossible date"],
)
def test_words_of_an_unusable_file_are_refused_with_a_sentence(
    name: str, content: str | None, problem: str, small_folder: Path, tmp_path: Path
) -> None:
    if content:
        (tmp_path / name).write_text(content)
    before = (small_folder / WORDS).read_bytes()
    done = run("add-words", "pl", str(tmp_path / name), where=small_folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert problem in done.stderr
    assert (small_folder / WORDS).read_bytes() == before


def test_words_are_read_from_a_yaml_file(tmp_path: Path) -> None:
    path = tmp_path / "pl.yaml"
    path.write_text("work: [praca, szef]\n", "utf-8")
    problems: list[Problem] = []
    assert word_table.read(path, problems) == {"work": ["praca", "szef"]}
    assert problems == []


ROWS = "English;translation\r\nwork: Work and pay;zapłata\r\nempty\r\n\r\n"
SAVED = {
    "CSV UTF-8 of Excel": ROWS.encode("utf-8-sig"),
    "with commas": ROWS.replace(";", ",").encode(),
    "Unicode Text of Excel": b"\xff\xfe" + ROWS.replace(";", "\t").encode("utf-16-le"),
    "with a third column": ROWS.replace("zapłata", "zapłata;").encode(),
}


@pytest.mark.parametrize("data", SAVED.values(), ids=SAVED)
def test_sheet_is_read_as_spreadsheet_programs_save_it(data: bytes) -> None:
    problems: list[Problem] = []
    rows = sheet_file.read(data, problems)
    assert [row[1:] for row in rows] == [("work: Work and pay", "zapłata"), ("empty", "")]
    assert problems == []


REFUSED = {
    "plain CSV of Excel": (ROWS.encode("cp1250"), "must be in UTF-8, but line 2"),
    "a workbook": (b"PK\x03\x04", "must be a CSV file, got a workbook"),
    "NUL characters": (ROWS.encode("utf-16-le"), "must be in UTF-8, got NUL characters"),
    "no heading": (b"work;praca\n", 'must begin with a row "English", "translation"'),
    "an open quote": (ROWS.encode() + b'a;"b', "must be valid CSV"),
    "three columns": (ROWS.encode() + b"a;b;c", "must have two columns, got more"),
    "a lost letter": (ROWS.encode() + "a;\ufffd".encode(), "has U+FFFD in place of a lost letter"),
    "two lines": (ROWS.encode() + b'a;"b\nc"', "must be one line, got a line break"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_sheet_that_lost_something_is_refused(data: bytes, reason: str) -> None:
    problems: list[Problem] = []
    sheet_file.read(data, problems)
    assert [reason in problem.summary for problem in problems] == [True]
