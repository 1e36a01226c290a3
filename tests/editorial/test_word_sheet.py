"""The table of concepts and phrases: export, and adding the words of a filled one."""

import io
import re
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.editorial import word_sheet
from rights_line.errors import ConfigurationError
from tests.support.cli import run
from tests.support.folders import WORDS
from tests.support.worlds import library_at


def table(folder: Path, tag: str) -> str:
    stream = io.StringIO()
    word_sheet.write(ContentSources(folder), tag, stream)
    return stream.getvalue()


def test_table_has_a_row_for_each_concept_and_marks_those_without_phrase(
    small_folder: Path,
) -> None:
    rows = table(small_folder, "pl").splitlines()
    assert rows[0] == "English,translation"
    assert "emergency: In danger,ratunku; niebezpieczeństwo" in rows
    assert "not_danger: Not in danger,?" in rows
    assert len(rows) == 1 + len(ContentSources(small_folder).concepts)


def test_unchanged_table_adds_nothing(small_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text(table(small_folder, "pl"), "utf-8")
    words = word_sheet.read(path)
    assert word_sheet.add(ContentSources(small_folder), "pl", words) == (0, [])
    assert table(small_folder, "pl") == path.read_text("utf-8")


def test_added_phrases_are_understood_and_comment_and_other_keys_stay(small_folder: Path) -> None:
    path = small_folder / "locales" / "en" / "words.yaml"
    path.write_text("# A comment.\n" + path.read_text("utf-8"), "utf-8")
    before = ContentSources(small_folder).languages["en"].written_words
    words = {"work": ["boss did not pay", "Boss did not pay!", "work"], "not_danger": ["no danger"]}
    assert word_sheet.add(ContentSources(small_folder), "en", words) == (2, [])
    after = ContentSources(small_folder).languages["en"].written_words
    assert path.read_text("utf-8").startswith("# A comment.\n")
    assert after["work"] == [*before["work"], "boss did not pay"]
    assert {key: after[key] for key in before if key not in words} == {
        key: before[key] for key in before if key not in words
    }
    library = library_at(small_folder)
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
    _, problems = word_sheet.add(ContentSources(small_folder), "en", words)
    assert len(problems) == 1
    assert reason in problems[0].summary
    assert list(ContentSources(small_folder).source_problems()) == []


def test_sheet_that_is_not_there_is_refused_with_a_sentence(
    small_folder: Path, tmp_path: Path
) -> None:
    before = (small_folder / WORDS).read_bytes()
    done = run("add-words", "pl", str(tmp_path / "none.csv"), where=small_folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "none.csv: cannot be read: No such file or directory" in done.stderr
    assert (small_folder / WORDS).read_bytes() == before


ROWS = 'English;translation\r\nwork: Work and pay;"zapłata\nszef"\r\nempty\r\n\r\n'
SAVED = {
    "CSV UTF-8 of Excel": ROWS.encode("utf-8-sig"),
    "with commas": ROWS.replace(";", ",").encode(),
}


@pytest.mark.parametrize("data", SAVED.values(), ids=SAVED)
def test_sheet_is_read_as_spreadsheet_programs_save_it(data: bytes, tmp_path: Path) -> None:
    """A semicolon or a new line separates phrases."""
    (tmp_path / "words.csv").write_bytes(data)
    words = word_sheet.read(tmp_path / "words.csv")
    assert words == {"work": ["zapłata", "szef"], "empty": []}


REFUSED = {
    "plain CSV of Excel": (ROWS.encode("cp1250"), "must be a CSV file in UTF-8, but line 2"),
    "a workbook": (b"PK\x03\x04\xff", "must be a CSV file in UTF-8"),
    "no heading": (b"work;praca\n", 'must begin with a row "English", "translation"'),
    "an open quote": (ROWS.encode() + b'a;"b', "unexpected end of data"),
    "three columns": (ROWS.encode() + b"a;b;c", "must have two columns, got more in the row 'a'"),
    "a lost letter": (ROWS.encode() + "a;\ufffd".encode(), "got NUL characters or lost letters"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_sheet_that_lost_something_is_refused(data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_bytes(data)
    with pytest.raises(ConfigurationError, match=re.escape(reason)):
        word_sheet.read(tmp_path / "words.csv")
