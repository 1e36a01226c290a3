"""`make strings` keeps the old translation of a changed text, but the line does not use it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.editorial import po_files
from tests.support.folders import CATALOG, WORK, add, change, every, make_strings, put
from tests.support.worlds import SMALL_ROOT

OLD, NEW = "ROSA, {rosa}", "ROSA helpline {rosa}"


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content in three languages, with the Makefile. Do not change it."""
    folder = tmp_path_factory.mktemp("unchanged")
    for name in ("content", "locales"):
        shutil.copytree(SMALL_ROOT / name, folder / name)
    make_and_check_strings(folder)  # adds the comments that the small catalogs lack
    return folder


@pytest.fixture
def folder(unchanged: Path, tmp_path: Path) -> Path:
    """A copy of the content that the test may change."""
    return shutil.copytree(unchanged, tmp_path, dirs_exist_ok=True)


def make_and_check_strings(folder: Path, *variables: str) -> None:
    """Run `make strings`, and have a second reader of the format read what it wrote."""
    make_strings(folder, *variables)
    for catalog in (folder / "locales").glob("*/LC_MESSAGES/messages.po"):
        checked = ["msgfmt", "--check", "--output-file=/dev/null", str(catalog)]
        if shutil.which("msgfmt"):
            subprocess.run(checked, check=True, timeout=60)


def catalogs(folder: Path) -> dict[str, str]:
    """Return a dict: language tag -> text of its catalog."""
    paths = (folder / "locales").glob("*/LC_MESSAGES/messages.po")
    return {path.parts[-3]: path.read_text(encoding="utf-8") for path in paths}


def test_make_strings_with_another_folder_changes_its_catalogs_alone(
    folder: Path, tmp_path: Path
) -> None:
    before = catalogs(folder)
    own = tmp_path / "own"
    for name in ("content", "locales"):
        shutil.copytree(folder / name, own / name)
    change(own, WORK, every(OLD, NEW))

    make_and_check_strings(folder, f"RIGHTS_LINE_TEXTS={own}")

    assert catalogs(folder) == before
    assert NEW in catalogs(own)["pl"]


def test_make_strings_changed_text_keeps_its_translation_as_fuzzy(
    folder: Path,
) -> None:
    """The translator finds the old translation and the old English."""
    before = ContentSources(folder)
    old = [text for text in before.texts if text.context == "work" and OLD in text.message]

    change(folder, WORK, every(OLD, NEW))
    make_and_check_strings(folder)

    catalog = po_files.read_file(folder / CATALOG)
    entries = [catalog.get(text.message.replace(OLD, NEW), "work") for text in old]
    found = [(entry.fuzzy, entry.previous_id, entry.string) for entry in entries if entry]
    language = before.languages["pl"]
    assert found == [
        (True, [text.message], language.translate("work", text.message)) for text in old
    ]
    assert len(found) == 5
    assert not catalog.fuzzy, "with a fuzzy header Babel skips the whole catalog"
    assert catalog.obsolete == {}


def test_read_catalog_written_by_msgmerge_is_read(tmp_path: Path) -> None:
    """msgmerge wraps a previous msgid, and puts its msgctxt before it."""
    change(tmp_path, "messages.po", put('msgid ""\nmsgstr ""\n"Language: pl\\n"\n\n'))
    previous = '#| msgctxt "zz"\n#| msgid ""\n#| "Say "\n#| "\\"Zz\\""\n'
    change(tmp_path, "messages.po", add(f'#, fuzzy\n{previous}msgctxt "zz"\nmsgid "A"\nmsgstr "B"'))

    entry = po_files.read_file(tmp_path / "messages.po").get("A", "zz")

    assert entry is not None
    assert (entry.previous_id, entry.user_comments) == (['Say "Zz"'], [])
