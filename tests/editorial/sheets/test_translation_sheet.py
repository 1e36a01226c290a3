"""A reviewer reads the texts of a language in a spreadsheet and corrects them there."""

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rights_line.content.assembly.library_builder import build_library
from rights_line.content.loader import ContentSources
from rights_line.editorial.sheets.sheet_file import HEADING, read_sheet_file
from rights_line.editorial.sheets.translation_sheet import (
    export_translation_sheet,
    import_translation_sheet,
)
from rights_line.errors import Problem
from rights_line.library.texts_folder import ROOT
from tests.support.cli import run
from tests.support.folders import WORDS, add, change, keep_little
from tests.support.full_disk import full_disk

Rows = list[list[str]]


def sheet(sources: ContentSources, tag: str) -> Rows:
    """Return a language's sheet, with its heading."""
    stream = io.StringIO()
    export_translation_sheet(sources, tag, stream)
    return list(csv.reader(io.StringIO(stream.getvalue())))


def exported(rows: Rows) -> bytes:
    """Return a sheet as `rights-line export` writes it."""
    return _written(rows, ",", "\n").encode()


def excel_utf8(rows: Rows, delimiter: str = ";") -> bytes:
    """Return a sheet as Excel's "CSV UTF-8": with semicolons in Norway and Poland."""
    return _written(rows, delimiter).encode("utf-8-sig")


def excel_unicode_text(rows: Rows) -> bytes:
    """Return a sheet as Excel's "Unicode Text": UTF-16 with tabs."""
    return b"\xff\xfe" + _written(rows, "\t").encode("utf-16-le")


def big_endian(rows: Rows) -> bytes:
    """Return a sheet as old versions of Numbers save it."""
    return b"\xfe\xff" + _written(rows, ";").encode("utf-16-be")


def without_trailing_delimiters(rows: Rows) -> bytes:
    """Return a sheet in which rows with an empty second cell have no delimiter, as Excel does."""
    return re.sub(rb";\r\n", b"\r\n", excel_utf8(rows))


def with_a_third_column(rows: Rows) -> bytes:
    """Return a sheet with an empty third column and an empty last row."""
    return excel_utf8([*([*row, ""] for row in rows), ["", "", ""]])


def _written(rows: Rows, delimiter: str, end: str = "\r\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def with_translations(rows: Rows, **translations: str) -> Rows:
    """Return a sheet with other translations of some labels."""
    return [[label, translations.get(label, english)] for label, english in rows]


def catalog_of(folder: Path, tag: str = "pl") -> Path:
    """Return the catalog of a language."""
    return folder / "locales" / tag / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Part of the content, in two languages: a check of all takes seconds. Do not change it."""
    folder = tmp_path_factory.mktemp("little")
    for name in ("content", "locales"):
        ignored = shutil.ignore_patterns("*.onnx")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    keep_little(folder)
    for path in (folder / "locales").iterdir():
        if path.is_dir() and path.name not in ("en", "pl"):
            shutil.rmtree(path)
    change(folder, WORDS, add("call: [dzwoń]\n"))
    return folder


@pytest.fixture
def small_folder(little: Path, tmp_path: Path) -> Path:
    """A copy of part of the content, which the test may change."""
    return shutil.copytree(little, tmp_path, dirs_exist_ok=True)


def test_export_sheet_has_two_columns_and_every_string(sources: ContentSources) -> None:
    """Each English label is there once, beside its translation."""
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
def test_import_unchanged_sheet_changes_nothing(
    small_folder: Path, save: Callable[[Rows], bytes]
) -> None:
    """In each format in which spreadsheet programs save it."""
    sources, before = ContentSources(small_folder), catalog_of(small_folder).read_bytes()
    assert import_translation_sheet(sources, small_folder, "pl", save(sheet(sources, "pl"))) == (
        0,
        [],
    )
    assert catalog_of(small_folder).read_bytes() == before


@pytest.mark.parametrize("save", SAVED)
def test_read_sheet_in_each_format_returns_the_exported_rows(
    sources: ContentSources, save: Callable[[Rows], bytes]
) -> None:
    tags = [tag for tag, language in sources.languages.items() if language.has_texts]
    assert len(tags) > 20
    for tag in tags:
        rows = sheet(sources, tag)
        problems: list[Problem] = []
        assert [
            [row.label, row.translation] for row in read_sheet_file(save(rows), problems)
        ] == rows[1:]
        assert problems == []


def test_import_one_changed_string_changes_one_line(small_folder: Path) -> None:
    """The new translation is served."""
    sources = ContentSources(small_folder)
    before = catalog_of(small_folder).read_text("utf-8")
    rows = with_translations(sheet(sources, "pl"), **{"In danger": "Grozi mi coś"})
    assert import_translation_sheet(sources, small_folder, "pl", excel_utf8(rows)) == (1, [])
    after = catalog_of(small_folder).read_text("utf-8")
    assert after == before.replace('"Coś mi grozi"', '"Grozi mi coś"') != before
    library = build_library(ContentSources(small_folder), "drafts")
    assert "1 Grozi mi coś" in library.editions["pl"].screens["0"].links


@pytest.mark.parametrize(
    ("tag", "encoding"), [("pl", "cp1250"), ("uk", "cp1251"), ("nb", "cp1252"), ("pl", "cp852")]
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_import_windows_encoding_is_refused(
    sources: ContentSources, folder: Path, tag: str, encoding: str, delimiter: str
) -> None:
    """One problem names the encoding and how to save the sheet."""
    before = catalog_of(folder, tag).read_bytes()
    rows = sheet(sources, tag)
    data = _written(rows, delimiter).encode(encoding, "replace")
    changed, [problem] = import_translation_sheet(sources, folder, tag, data)
    assert (changed, problem.place) == (0, "sheet")
    assert re.fullmatch(
        r"must be in UTF-8, but line \d+ is in another encoding .*", problem.summary
    )
    assert problem.fix == 'Save it as "CSV UTF-8" and import it again'
    assert catalog_of(folder, tag).read_bytes() == before


@pytest.mark.parametrize(
    ("data", "summary"),
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
def test_import_file_that_is_not_a_sheet_is_refused(
    sources: ContentSources, folder: Path, data: bytes, summary: str
) -> None:
    before = catalog_of(folder).read_bytes()
    changed, [problem] = import_translation_sheet(sources, folder, "pl", data)
    assert (changed, problem.place) == (0, "sheet")
    assert summary in problem.summary
    assert catalog_of(folder).read_bytes() == before


def test_import_sheet_with_problems_names_all_and_writes_nothing(small_folder: Path) -> None:
    """Correct rows of the same sheet are not written either."""
    before = catalog_of(small_folder).read_bytes()
    danger = next(
        label
        for label, _ in sheet(ContentSources(small_folder), "pl")
        if "In danger: call {police}. Call" in label
    )
    rows = [
        ["Docter", "Policja"],
        ["In danger", "Grozi mi co\u015b"],
        ["Police", "Pol\ufffdcja"],
        ["Leave this page", "Opu?\u0107 stron?"],
        ["close", ""],
        ["menu", "menu\nmenu"],
        ["languages", "j\u0119zyki", "is that right?"],
        ["more", "dalej"],
        ["more", "wi\u0119cej"],
        ["not true", "nie {rosa}"],
        ["read more", "116 111"],
        [danger, "{police}, {police_local}"],
    ]
    changed, problems = import_translation_sheet(
        ContentSources(small_folder), small_folder, "pl", excel_utf8([list(HEADING), *rows])
    )
    assert changed > 1
    assert [
        (problem.place.split("/")[-1], problem.summary.partition(":")[0]) for problem in problems
    ] == [
        ("sheet, row 4", "has U+FFFD in place of a lost letter"),
        ("sheet, row 7", "must be one line, got a line break"),
        ("sheet, row 8", "must have two columns, got more"),
        ("sheet, row 2", "matches no English text"),
        ("sheet, row 5", "has ? in place of a letter"),
        ("sheet, row 6", "has lost its translation"),
        ("sheet, row 10", "has two different translations"),
        ("messages.po (answer_no)", "placeholders must match the English, got 'nie {rosa}'"),
        ("messages.po (more)", "digits must match the English, got '116 111'"),
    ]
    assert catalog_of(small_folder).read_bytes() == before


IN_DANGER = "In danger: call {police}."
MINORS = "Under 18: {children}."
LONG = "Dzwoń {police}. " + "Grozi mi coś. " * 40


@pytest.mark.parametrize(
    ("label", "translation", "summary"),
    [
        pytest.param(IN_DANGER, "{police}", "say to call", id="call"),
        pytest.param(IN_DANGER, LONG, "segments", id="length"),
        pytest.param("In danger", "Grozi" * 60, "segments", id="label longer than a USSD page"),
        pytest.param("In danger", "Grozi\u200b", "U+200B", id="character"),
    ],
)
def test_import_translation_that_check_refuses_is_not_written(
    small_folder: Path, label: str, translation: str, summary: str
) -> None:
    sources = ContentSources(small_folder)
    before = catalog_of(small_folder).read_bytes()
    rows = [[row[0], translation if row[0] == label else row[1]] for row in sheet(sources, "pl")]
    _, problems = import_translation_sheet(sources, small_folder, "pl", exported(rows))
    assert any(summary in problem.summary for problem in problems)
    assert catalog_of(small_folder).read_bytes() == before


def test_import_into_catalog_with_earlier_problem_is_accepted(small_folder: Path) -> None:
    """So the catalog can be corrected string by string."""
    catalog = catalog_of(small_folder)
    catalog.write_text(catalog.read_text("utf-8").replace('"zamknij"', '"zamknij\u200b"'), "utf-8")
    rows = [list(HEADING), ["In danger", "Grozi mi coś"]]
    assert import_translation_sheet(
        ContentSources(small_folder), small_folder, "pl", excel_utf8(rows)
    ) == (
        1,
        [],
    )


def test_import_string_missing_from_catalog_is_a_problem(small_folder: Path) -> None:
    """Before `make strings`, a new English text has no entry in the catalog."""
    catalog = catalog_of(small_folder)
    without = re.sub(r'msgctxt "police"\nmsgid "Police"\n.*\n', "", catalog.read_text("utf-8"))
    catalog.write_text(without, "utf-8")
    rows = [list(HEADING), ["Police", "Policja"]]
    _, [problem] = import_translation_sheet(
        ContentSources(small_folder), small_folder, "pl", excel_utf8(rows)
    )
    assert problem.summary == "lacks police: 'Police'"
    assert "make strings" in problem.fix
    assert catalog.read_text("utf-8") == without


def test_import_above_a_translation_that_waits_is_accepted(small_folder: Path) -> None:
    """The entry that waits moves up as the flag above it goes, and is not a new problem."""
    catalog = catalog_of(small_folder)
    for entry in ('msgctxt "police"\nmsgid "Police"\n', 'msgctxt "work"\nmsgid "Work and pay"\n'):
        whole = catalog.read_text("utf-8")
        catalog.write_text(whole.replace(entry, f"#, fuzzy\n{entry}", 1), encoding="utf-8")
    sources = ContentSources(small_folder)
    rows = with_translations(sheet(sources, "pl"), Police="Policja")
    assert import_translation_sheet(sources, small_folder, "pl", exported(rows)) == (1, [])


def test_import_fuzzy_string_left_empty_stays_fuzzy(small_folder: Path) -> None:
    """The sheet has it empty; an import with a translation replaces the suggestion."""
    catalog = catalog_of(small_folder)
    entry = 'msgctxt "police"\nmsgid "Police"\n'
    catalog.write_text(
        catalog.read_text("utf-8").replace(entry, f"#, fuzzy\n{entry}", 1), encoding="utf-8"
    )
    sources, before = ContentSources(small_folder), catalog.read_bytes()
    rows = sheet(sources, "pl")
    assert ["Police", ""] in rows
    assert import_translation_sheet(sources, small_folder, "pl", exported(rows)) == (0, [])
    assert catalog.read_bytes() == before
    rows = with_translations(rows, Police="Policja")
    assert import_translation_sheet(sources, small_folder, "pl", exported(rows)) == (1, [])
    assert ContentSources(small_folder).languages["pl"].translate("police", "Police") == "Policja"


def test_import_source_language_is_refused(small_folder: Path) -> None:
    """English is edited in content/."""
    _, [problem] = import_translation_sheet(
        ContentSources(small_folder), small_folder, "en", b"English,translation\n"
    )
    assert "content/" in problem.fix


def clear_translations(catalog: Path) -> None:
    """Remove every translation from a catalog, as in a new language."""
    head, entries = catalog.read_text("utf-8").split("\n\n", 1)
    bare = re.sub(r"(?m)^msgstr .*", 'msgstr ""', entries)
    catalog.write_text(f"{head}\n\n{bare}", encoding="utf-8")


def test_import_into_empty_catalog_accepts_part_of_the_sheet(small_folder: Path) -> None:
    """A part without the helplines, one that ends among them, and all."""
    rows = sheet(ContentSources(small_folder), "pl")
    clear_translations(catalog_of(small_folder))
    untranslated = ContentSources(small_folder)
    assert sheet(untranslated, "pl") == [rows[0], *([label, ""] for label, _ in rows[1:])]
    with_helplines = next(at for at, row in enumerate(rows) if row[0] == MINORS)
    for part in (rows[: with_helplines - 5], rows[: with_helplines + 5], rows):
        sources = ContentSources(small_folder)
        changed, problems = import_translation_sheet(sources, small_folder, "pl", excel_utf8(part))
        assert problems == []
        assert changed > 0
    assert sheet(ContentSources(small_folder), "pl") == rows


def test_export_and_import_commands_round_trip(small_root: Path, tmp_path: Path) -> None:
    """In a script with marks and from right to left."""
    folder = shutil.copytree(small_root, tmp_path / "texts")
    before = catalog_of(folder, "ar").read_bytes()
    written = run("export", "ar", where=folder)
    assert written.stdout.splitlines()[0] == "English,translation"
    done = run("import", "ar", given=written.stdout, where=folder)
    assert done.stdout.splitlines()[0] == "ar: 0 strings changed."
    assert catalog_of(folder, "ar").read_bytes() == before


def test_import_command_runs_check_afterwards(small_folder: Path) -> None:
    """The facts that this content lacks are problems."""
    sheet = "English,translation\nPolice,Policja!\n"
    done = run("import", "pl", given=sheet, where=small_folder)
    first, *rest = done.stdout.splitlines()
    assert (first, done.returncode) == ("pl: 1 strings changed.", 1)
    assert any(line.startswith("content/guide_facts.yaml:") for line in rest)
    assert run("import", "en", given=sheet, where=small_folder).returncode == 1


def test_import_command_unknown_label_writes_nothing(small_folder: Path) -> None:
    before = catalog_of(small_folder).read_bytes()
    rows = "English,translation\nDocter,Lekarz\nPolice,Policja!\n"
    done = run("import", "pl", given=rows, where=small_folder)
    assert done.returncode == 1
    assert "sheet, row 2: matches no English text: 'Docter'" in done.stderr
    assert done.stderr.endswith("The catalog is unchanged.\n")
    assert catalog_of(small_folder).read_bytes() == before


def test_export_command_with_empty_catalog_prints_the_sheet(small_folder: Path) -> None:
    """The first sheet of a language needs no editor of .po files."""
    clear_translations(catalog_of(small_folder))
    done = run("export", "pl", where=small_folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("English,translation\nPolice,\n")


def test_import_command_on_full_disk_keeps_the_catalog(small_folder: Path) -> None:
    catalog = catalog_of(small_folder)
    before = sorted(catalog.parent.iterdir()), catalog.read_bytes()
    with full_disk():
        sheet = "English,translation\nPolice,Policja!\n"
        done = run("import", "pl", given=sheet, where=small_folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Nothing was changed: File too large.\n"
    assert (sorted(catalog.parent.iterdir()), catalog.read_bytes()) == before


def test_import_of_other_rows_keeps_fuzzy_entries_and_previous_english(small_folder: Path) -> None:
    catalog = catalog_of(small_folder)
    entry = 'msgctxt "danger"\nmsgid "In danger"\nmsgstr "Coś mi grozi"\n'
    fuzzy = f'#, fuzzy\n#| msgid "Danger"\n{entry}'
    assert catalog.read_text().count(entry) == 1
    catalog.write_text(catalog.read_text().replace(entry, fuzzy))
    sources = ContentSources(small_folder)
    rows = sheet(sources, "pl")
    assert ["In danger", ""] in rows
    police = next(row for row in rows if row[0] == "Police")
    police[1] = "Policja!"

    _, problems = import_translation_sheet(sources, small_folder, "pl", excel_utf8(rows))

    assert problems == []
    assert "Policja!" in catalog.read_text()
    assert fuzzy in catalog.read_text()
