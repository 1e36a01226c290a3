"""Reviewers read a language on a sheet and correct it there."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from rights_line.assembly import Sources, assemble
from rights_line.languages import SOURCE
from rights_line.reviewing import HEADING, export, import_sheet
from rights_line.startup import ROOT
from tests.test_cli import run


def sheet(sources: Sources, tag: str) -> list[list[str]]:
    """Return a language's sheet."""
    stream = io.StringIO()
    export(sources, tag, stream)
    return list(csv.reader(io.StringIO(stream.getvalue())))


def test_a_sheet_has_two_columns_and_every_string(sources: Sources) -> None:
    """English beside the translation, each label once, for somebody with no tools."""
    heading, *rows = sheet(sources, "pl")
    assert tuple(heading) == HEADING
    assert len(rows) == len(sources.texts)
    assert len({label for label, _ in rows}) == len(rows)
    assert all(len(row) == 2 for row in rows)


def test_a_sheet_comes_back_as_it_went(folder: Path) -> None:
    """Export and import change nothing: not a letter of any catalog."""
    sources = Sources(folder)
    tags = [tag for tag, tongue in sources.tongues.items() if tongue.spoken and tag != SOURCE]
    assert len(tags) > 20
    for tag in tags:
        lines = [",".join(HEADING), *_lines(sheet(sources, tag)[1:])]
        assert import_sheet(sources, folder, tag, lines) == []
    after = Sources(folder)
    for tag in tags:
        assert after.tongues[tag].translations == sources.tongues[tag].translations


def _lines(rows: list[list[str]]) -> list[str]:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().splitlines(keepends=True)


def test_a_mended_string_is_said(folder: Path) -> None:
    """What a reviewer writes into the sheet is what is said from then on."""
    rows = sheet(Sources(folder), "pl")
    mended = [[label, "Lekarz!" if label == "Doctor" else said] for label, said in rows]
    assert import_sheet(Sources(folder), folder, "pl", _lines(mended)) == []
    library = assemble(Sources(folder), "drafts")
    assert "6 Lekarz!" in library.editions["pl"].screens["0"].links


def test_what_fits_nowhere_is_named(folder: Path) -> None:
    """A row whose English has changed since is given back, not lost."""
    rows = [list(HEADING), ["Docter", "Lekarz"]]
    assert import_sheet(Sources(folder), folder, "pl", _lines(rows)) == ["Docter"]


@pytest.mark.parametrize("text", ["", "a,b,c\n", "one\n"])
def test_what_is_no_sheet_is_refused(folder: Path, text: str) -> None:
    """Nothing is written from a file that is not a sheet of two columns."""
    catalog = folder / "locales" / "pl" / "LC_MESSAGES" / "messages.po"
    before = catalog.read_bytes()
    with pytest.raises(ValueError, match="pl"):
        import_sheet(Sources(folder), folder, "pl", text.splitlines())
    assert catalog.read_bytes() == before


def test_the_commands(tmp_path: Path) -> None:
    """Export and import on the command line, in a copy of the repository."""
    for name in ("rights_line", "content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    written = run("export", "pl", where=tmp_path)
    assert written.stdout.splitlines()[0] == "English,translation"
    assert run("import", "pl", given=written.stdout, where=tmp_path).stdout == "No faults.\n"
    assert run("import", "en", given=written.stdout, where=tmp_path).returncode == 1
