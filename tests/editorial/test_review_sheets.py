"""Reviewers read a language on a sheet and correct it there."""

import csv
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.editorial.review_sheets import export, import_sheet
from rights_line.editorial.sheet_file import HEADING, read_sheet
from rights_line.errors import ConfigurationError, Problem
from tests.support.cli import run
from tests.support.folders import WORDS, add, change, keep_little

Rows = list[list[str]]


def sheet(sources: ContentSources, tag: str) -> Rows:
    """Return a language's sheet, with its heading."""
    stream = io.StringIO()
    export(sources, tag, stream)
    return list(csv.reader(io.StringIO(stream.getvalue())))


def exported(rows: Rows) -> bytes:
    """Return a sheet as `rights-line export` writes it."""
    return _written(rows, ",", "\n").encode()


def excel_utf8(rows: Rows, delimiter: str = ";") -> bytes:
    """Return a sheet as Excel's "CSV UTF-8" has it: in Norway and Poland with semicolons."""
    return _written(rows, delimiter).encode("utf-8-sig")


def excel_unicode_text(rows: Rows) -> bytes:
    """Return a sheet as Excel's "Unicode Text" has it: UTF-16 with tabs."""
    return b"\xff\xfe" + _written(rows, "\t").encode("utf-16-le")


def big_endian(rows: Rows) -> bytes:
    """Return a sheet as Numbers on an old Mac has it."""
    return b"\xfe\xff" + _written(rows, ";").encode("utf-16-be")


def without_trailing_delimiters(rows: Rows) -> bytes:
    """Return a sheet in which rows with an empty second cell have no delimiter, as Excel does."""
    return re.sub(rb";\r\n", b"\r\n", excel_utf8(rows))


def with_a_third_column(rows: Rows) -> bytes:
    """Return a sheet of which somebody has touched the third column, and the rows below."""
    return excel_utf8([*([*row, ""] for row in rows), ["", "", ""]])


def _written(rows: Rows, delimiter: str, end: str = "\r\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def said_otherwise(rows: Rows, **translations: str) -> Rows:
    """Return a sheet with other translations of some labels."""
    return [[label, translations.get(label, english)] for label, english in rows]


def catalog_of(folder: Path, tag: str = "pl") -> Path:
    """Return the catalog of a language."""
    return folder / "locales" / tag / "LC_MESSAGES" / "messages.po"


@pytest.fixture
def little(folder: Path) -> Path:
    """A copy of some of the real content, in two languages: the whole takes seconds to check."""
    keep_little(folder)
    change(folder, WORDS, add("call: [dzwoń]\n"))
    return folder


def test_a_sheet_has_two_columns_and_every_string(sources: ContentSources) -> None:
    """English beside the translation, each label once, for somebody with no tools."""
    heading, *rows = sheet(sources, "pl")
    assert tuple(heading) == HEADING
    assert len(rows) == len(sources.texts)
    assert len({label for label, _ in rows}) == len(rows)
    assert all(len(row) == 2 for row in rows)


SAVED = [
    exported,
    excel_utf8,
    lambda rows: excel_utf8(rows, ","),
    excel_unicode_text,
    big_endian,
    without_trailing_delimiters,
    with_a_third_column,
]


@pytest.mark.parametrize("save", SAVED)
def test_a_sheet_comes_back_as_it_went(
    sources: ContentSources, folder: Path, save: Callable[[Rows], bytes]
) -> None:
    """Export, save in a spreadsheet program, import: not a byte of a catalog changes."""
    for tag in ("pl", "uk", "ar"):
        before = catalog_of(folder, tag).read_bytes()
        assert import_sheet(sources, folder, tag, save(sheet(sources, tag))) == (0, [])
        assert catalog_of(folder, tag).read_bytes() == before


@pytest.mark.parametrize("save", SAVED)
def test_every_language_reads_its_sheet_as_saved(
    sources: ContentSources, save: Callable[[Rows], bytes]
) -> None:
    """Every letter of every language is read from each format as it was exported."""
    tags = [tag for tag, tongue in sources.languages.items() if tongue.has_texts]
    assert len(tags) > 20
    for tag in tags:
        rows = sheet(sources, tag)
        faults: list[Problem] = []
        assert [[row.label, row.translation] for row in read_sheet(save(rows), faults)] == rows[1:]
        assert faults == []


def test_one_changed_string_changes_one_line(little: Path) -> None:
    """The translation that a reviewer changed is served; all else of the catalog is as it was."""
    sources = ContentSources(little)
    before = catalog_of(little).read_text("utf-8")
    rows = said_otherwise(sheet(sources, "pl"), **{"Danger now": "Grozi mi coś"})
    assert import_sheet(sources, little, "pl", excel_utf8(rows)) == (1, [])
    after = catalog_of(little).read_text("utf-8")
    assert after == before.replace('"Coś mi grozi"', '"Grozi mi coś"') != before
    library = build_library(ContentSources(little), "drafts")
    assert "1 Grozi mi coś" in library.editions["pl"].screens["0"].links


@pytest.mark.parametrize(
    ("tag", "encoding"), [("pl", "cp1250"), ("uk", "cp1251"), ("nb", "cp1252"), ("pl", "cp852")]
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_sheet_in_a_windows_encoding_is_refused(
    sources: ContentSources, folder: Path, tag: str, encoding: str, delimiter: str
) -> None:
    """Plain "CSV" of Excel: one fault names the encoding and how to save the sheet."""
    before = catalog_of(folder, tag).read_bytes()
    rows = sheet(sources, tag)
    data = _written(rows, delimiter).encode(encoding, "replace")
    changed, [fault] = import_sheet(sources, folder, tag, data)
    assert (changed, fault.place) == (0, "sheet")
    assert re.fullmatch(r"must be in UTF-8, but line \d+ is in another encoding .*", fault.summary)
    assert fault.fix == 'Save it as "CSV UTF-8" and import it again'
    assert catalog_of(folder, tag).read_bytes() == before


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"", 'must begin with a row "English"', id="empty"),
        pytest.param(b"one\n", "got 'one'", id="one column"),
        pytest.param(b"Doctor,Lekarz\n", "got 'Doctor,Lekarz'", id="no heading"),
        pytest.param(b"English|translation\n", "comma, semicolon or tab", id="another delimiter"),
        pytest.param(b"PK\x03\x04\x14\x00", "got a workbook", id="xlsx"),
        pytest.param("English;translation".encode("utf-16-le"), "NUL", id="UTF-16, no mark"),
        pytest.param(b"\xff\xfeE\x00n\x00", "must begin", id="UTF-16, cut off"),
        pytest.param(b"\xff\xfeE", "must be in UTF-8", id="UTF-16, half a character"),
        pytest.param(b'English,translation\nDoctor,"Lek', "end of data", id="quote left open"),
        pytest.param(b'English,translation\nDoctor,"L"z\n', "expected after", id="quote inside"),
    ],
)
def test_what_is_not_a_sheet_is_refused(
    sources: ContentSources, folder: Path, data: bytes, problem: str
) -> None:
    """One fault says what was found instead, and nothing is written."""
    before = catalog_of(folder).read_bytes()
    changed, [fault] = import_sheet(sources, folder, "pl", data)
    assert (changed, fault.place) == (0, "sheet")
    assert problem in fault.summary
    assert catalog_of(folder).read_bytes() == before


def test_every_fault_of_a_sheet_is_named_and_nothing_written(little: Path) -> None:
    """Sound rows beside them are not written either."""
    before = catalog_of(little).read_bytes()
    danger = next(
        label for label, _ in sheet(ContentSources(little), "pl") if "In danger now" in label
    )
    rows = [
        ["Docter", "Policja"],
        ["Danger now", "Grozi mi co\u015b"],
        ["Police", "Pol\ufffdcja"],
        ["Leave this page", "Opu?\u0107 stron?"],
        ["close", ""],
        ["menu", "menu\nmenu"],
        ["languages", "j\u0119zyki", "is that right?"],
        ["more", "dalej"],
        ["more", "wi\u0119cej"],
        ["not so", "nie {rosa}"],
        ["read more", "116 111"],
        [danger, "{police}, {police_local}"],
    ]
    changed, faults = import_sheet(
        ContentSources(little), little, "pl", excel_utf8([list(HEADING), *rows])
    )
    assert changed > 1
    assert [(fault.place.split("/")[-1], fault.summary.partition(":")[0]) for fault in faults] == [
        ("sheet, row 4", "has U+FFFD in place of a lost letter"),
        ("sheet, row 7", "must be one line, got a line break"),
        ("sheet, row 8", "must have two columns, got more"),
        ("sheet, row 2", "matches no English text"),
        ("sheet, row 5", "has ? in place of a letter"),
        ("sheet, row 6", "has lost its translation"),
        ("sheet, row 10", "has two different translations"),
        ("messages.po (answer_no)", "placeholders must match"),
        ("messages.po (more)", "digits must match"),
    ]
    assert catalog_of(little).read_bytes() == before


@pytest.mark.parametrize(
    ("label", "translation", "problem"),
    [
        pytest.param("In danger: call", "{police} {rosa} {children} 18", "say to call", id="call"),
        pytest.param("Danger now", "Grozi" * 60, "segments", id="length"),
        pytest.param("Danger now", "Grozi\u200b", "U+200B", id="character"),
    ],
)
def test_a_translation_that_check_would_fault_is_not_written(
    little: Path, label: str, translation: str, problem: str
) -> None:
    """The sheet brings no fault into the catalog."""
    sources = ContentSources(little)
    before = catalog_of(little).read_bytes()
    rows = [
        [row[0], translation if row[0].startswith(label) else row[1]]
        for row in sheet(sources, "pl")
    ]
    _, faults = import_sheet(sources, little, "pl", exported(rows))
    assert any(problem in fault.summary for fault in faults)
    assert catalog_of(little).read_bytes() == before


def test_a_fault_that_was_there_does_not_block_a_sheet(little: Path) -> None:
    """A catalog with a lint fault can be improved string by string."""
    catalog = catalog_of(little)
    catalog.write_text(catalog.read_text("utf-8").replace('"zamknij"', '"zamknij\u200b"'), "utf-8")
    rows = [list(HEADING), ["Danger now", "Grozi mi coś"]]
    assert import_sheet(ContentSources(little), little, "pl", excel_utf8(rows)) == (1, [])


def test_a_string_that_is_not_in_the_catalog_is_named(little: Path) -> None:
    """Before `make strings` a new English text has no place for its translation."""
    catalog = catalog_of(little)
    without = re.sub(r'msgctxt "police"\nmsgid "Police"\n.*\n', "", catalog.read_text("utf-8"))
    catalog.write_text(without, "utf-8")
    rows = [list(HEADING), ["Police", "Policja"]]
    _, [fault] = import_sheet(ContentSources(little), little, "pl", excel_utf8(rows))
    assert fault.summary == "lacks police: 'Police'"
    assert "make strings" in fault.fix
    assert catalog.read_text("utf-8") == without


def test_a_fuzzy_string_stays_as_it_is_until_it_is_translated(little: Path) -> None:
    """It is exported empty; a sheet that leaves it empty does not delete the suggestion."""
    catalog = catalog_of(little)
    entry = 'msgctxt "police"\nmsgid "Police"\n'
    catalog.write_text(
        catalog.read_text("utf-8").replace(entry, f"#, fuzzy\n{entry}", 1), encoding="utf-8"
    )
    sources, before = ContentSources(little), catalog.read_bytes()
    rows = sheet(sources, "pl")
    assert ["Police", ""] in rows
    assert import_sheet(sources, little, "pl", exported(rows)) == (0, [])
    assert catalog.read_bytes() == before
    rows = said_otherwise(rows, Police="Policja")
    assert import_sheet(sources, little, "pl", exported(rows)) == (1, [])
    assert ContentSources(little).languages["pl"].translate("police", "Police") == "Policja"


def test_the_source_language_is_not_imported(little: Path) -> None:
    """English is what content/ holds."""
    _, [fault] = import_sheet(ContentSources(little), little, "en", b"English,translation\n")
    assert "content/" in fault.fix


def empty(catalog: Path) -> None:
    """Take every translation out of a catalog, as it is before anybody has begun."""
    head, entries = catalog.read_text("utf-8").split("\n\n", 1)
    bare = re.sub(r"(?m)^msgstr .*", 'msgstr ""', entries)
    catalog.write_text(f"{head}\n\n{bare}", encoding="utf-8")


def test_a_language_begins_with_an_empty_catalog(little: Path) -> None:
    """The whole of its sheet, or the first half of it, can be imported; served it is not yet."""
    rows = sheet(ContentSources(little), "pl")
    empty(catalog_of(little))
    with pytest.raises(ConfigurationError, match="helplines is not translated"):
        ContentSources(little)
    begun = ContentSources(little, incomplete="pl")
    assert sheet(begun, "pl") == [rows[0], *([label, ""] for label, _ in rows[1:])]
    with_helplines = next(at for at, row in enumerate(rows) if row[0].startswith("In danger: call"))
    for some in (rows[: with_helplines - 5], rows[: with_helplines + 5], rows):
        sources = ContentSources(little, incomplete="pl")
        changed, faults = import_sheet(sources, little, "pl", excel_utf8(some))
        assert faults == []
        assert changed > 0
    assert sheet(ContentSources(little), "pl") == rows


@pytest.fixture
def copy(folder: Path) -> Path:
    """A copy of the repository."""
    shutil.copytree(ROOT / "rights_line", folder / "rights_line")
    return folder


def test_the_commands(copy: Path) -> None:
    """The same by the command line, in a copy of the repository."""
    written = run("export", "pl", where=copy)
    assert written.stdout.splitlines()[0] == "English,translation"
    done = run("import", "pl", given=written.stdout, where=copy)
    assert (done.stdout, done.returncode) == ("pl: 0 strings changed.\nNo problems found.\n", 0)
    assert run("import", "en", given=written.stdout, where=copy).returncode == 1


def test_the_command_names_what_fits_nowhere_and_writes_nothing(copy: Path) -> None:
    """Exit 1, the row, and that the catalog is as it was."""
    before = catalog_of(copy).read_bytes()
    rows = "English,translation\nDocter,Lekarz\nDoctor,Doktor\n"
    done = run("import", "pl", given=rows, where=copy)
    assert done.returncode == 1
    assert "sheet, row 2: matches no English text: 'Docter'" in done.stderr
    assert done.stderr.endswith("The catalog is unchanged.\n")
    assert catalog_of(copy).read_bytes() == before


def test_the_command_exports_a_language_that_nobody_has_begun(copy: Path) -> None:
    """The first sheet of a language comes from the command, not from an editor of .po files."""
    empty(catalog_of(copy))
    done = run("export", "pl", where=copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("English,translation\nPolice,\n")


def test_a_catalog_that_cannot_be_written_stays_whole(copy: Path) -> None:
    """On a full disk the old catalog is still there, and the reason is one sentence."""
    before = sorted(catalog_of(copy).parent.iterdir()), catalog_of(copy).read_bytes()
    command = [sys.executable, "-c", "from rights_line.cli import main; exit(main())"]
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 8; exec "$@"', "bash", *command, "import", "pl"],
        input=b"English,translation\nDoctor,Doktor\n",
        capture_output=True,
        env={"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"The catalog is unchanged: File too large.\n"
    assert (sorted(catalog_of(copy).parent.iterdir()), catalog_of(copy).read_bytes()) == before


def test_import_keeps_fuzzy_entries_and_their_previous_english(folder: Path) -> None:
    """An old translation waits for its translator, whatever other rows a sheet changes."""
    catalog = catalog_of(folder)
    entry = 'msgctxt "doctor"\nmsgid "Doctor"\nmsgstr "Lekarz"\n'
    fuzzy = f'#, fuzzy\n#| msgid "Physician"\n{entry}'
    assert catalog.read_text().count(entry) == 1
    catalog.write_text(catalog.read_text().replace(entry, fuzzy))
    sources = ContentSources(folder)
    rows = sheet(sources, "pl")
    assert ["Doctor", ""] in rows
    police = next(row for row in rows if row[0] == "Police")
    police[1] = "Policja!"

    _, faults = import_sheet(sources, folder, "pl", excel_utf8(rows))

    assert faults == []
    assert "Policja!" in catalog.read_text()
    assert fuzzy in catalog.read_text()
