"""`make strings` keeps the old translations of a text that changed, and nothing serves them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.editorial.costs import costs
from rights_line.editorial.lint import lint
from rights_line.editorial.po_files import read_catalog
from tests.support.folders import CATALOG, WORK, add, change, drop, every, put

KEPT = ("en", "pl", "ti")
OLD, NEW = "call ROSA", "phone ROSA"
REPHRASED = 'title: "A label as nobody has ever written one before"'


@pytest.fixture
def folder(folder: Path) -> Path:
    """A copy of the real content in three languages, with the Makefile."""
    for path in (folder / "locales").iterdir():
        if path.is_dir() and path.name not in KEPT:
            shutil.rmtree(path)
    change(folder, "locales/languages.yaml", drop(rf"(?!(?:{'|'.join(KEPT)}):)[\w-]+:\n(?: .*\n)+"))
    for name in ("Makefile", "babel.cfg"):
        shutil.copy(ROOT / name, folder)
    return folder


def make_strings(folder: Path) -> None:
    """Run `make strings` with the programs of this environment."""
    command = ["make", "-s", "strings", f"BIN={Path(sys.executable).parent}", "-o", ".venv/runs"]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    for catalog in (folder / "locales").glob("*/LC_MESSAGES/messages.po"):
        checked = ["msgfmt", "--check", "--output-file=/dev/null", str(catalog)]
        if shutil.which("msgfmt"):  # what Poedit reads, too
            subprocess.run(checked, check=True, timeout=60)


def catalogs(folder: Path) -> dict[str, str]:
    """Return each catalog as it stands."""
    paths = (folder / "locales").glob("*/LC_MESSAGES/messages.po")
    return {path.parts[-3]: path.read_text(encoding="utf-8") for path in paths}


def test_nothing_changes_where_no_text_did(folder: Path) -> None:
    """The catalogs of the repository are as `make strings` writes them, letter by letter."""
    before = catalogs(folder)

    make_strings(folder)

    assert before == catalogs(folder)


def test_a_changed_text_keeps_its_translation_as_fuzzy(folder: Path) -> None:
    """The translator finds the old translation, and the English that it was made from."""
    before = ContentSources(folder)
    old = [text for text in before.texts if text.context == "work" and OLD in text.message]
    change(folder, WORK, every(OLD, NEW))

    make_strings(folder)

    catalog = read_catalog(folder / CATALOG)
    entries = [catalog.get(text.message.replace(OLD, NEW), "work") for text in old]
    found = [(entry.fuzzy, entry.previous_id, entry.string) for entry in entries if entry]
    tongue = before.languages["pl"]
    assert found == [(True, [text.message], tongue.translate("work", text.message)) for text in old]
    assert len(found) == 5
    assert not catalog.fuzzy, "with a fuzzy header Babel skips the whole catalog"
    assert catalog.obsolete == {}


@pytest.mark.parametrize("again", [OLD, NEW, "ring ROSA"], ids=["back", "the same", "another"])
def test_a_fuzzy_entry_keeps_the_english_it_was_made_from(folder: Path, again: str) -> None:
    """However often the English changes before somebody has translated it."""
    change(folder, WORK, every(OLD, NEW))
    make_strings(folder)
    first = catalogs(folder)["pl"]
    change(folder, WORK, every(NEW, again))

    make_strings(folder)

    previous = [line for line in first.splitlines() if line.startswith("#| ")]
    now = catalogs(folder)["pl"]
    assert [line for line in now.splitlines() if line.startswith("#| ")] == previous
    assert len(previous) == 5
    assert all(OLD in line for line in previous)
    assert (first == now) == (again == NEW)


def test_a_text_that_is_gone_keeps_its_translation_as_obsolete(folder: Path) -> None:
    """A text that nothing resembles leaves its translation below, and an empty one leaves none."""
    change(folder, WORK, every("title: Work and pay", REPHRASED))

    make_strings(folder)

    written = catalogs(folder)
    assert '#~ msgid "Work and pay"\n#~ msgstr "Praca i płaca"\n' in written["pl"]
    assert REPHRASED.removeprefix("title: ") in written["pl"]
    change(folder, WORK, every(OLD, NEW))
    make_strings(folder)
    assert "#~ msgid" not in catalogs(folder)["ti"].replace('#~ msgid "Work and pay"', "")


def test_a_fuzzy_translation_is_served_nowhere(folder: Path) -> None:
    """Screens and costs are what they are where the string is not translated at all."""
    change(folder, WORK, every(OLD, NEW))
    make_strings(folder)
    fuzzy = build_library(ContentSources(folder), "drafts")
    entry = r"#, fuzzy.*\n#\| .*\nmsgctxt .*\nmsgid (.*)\nmsgstr .*\n"
    change(folder, CATALOG, drop(entry))
    assert "fuzzy" not in catalogs(folder)["pl"]
    untranslated = build_library(ContentSources(folder), "drafts")

    screens = fuzzy.editions["pl"].screens
    assert screens == untranslated.editions["pl"].screens
    assert costs(fuzzy) == costs(untranslated)
    assert {code for code, screen in screens.items() if screen.language == "en"} >= {"4", "41"}
    assert NEW in screens["4"].body


def test_check_names_each_fuzzy_entry_at_its_line(folder: Path) -> None:
    """Once, and not as untranslated too; a card language's as well, which need not have it."""
    change(folder, WORK, every(OLD, NEW))
    make_strings(folder)

    faults = [fault for fault in lint(ContentSources(folder)) if "work" in fault.summary]

    lines = (folder / CATALOG).read_text(encoding="utf-8").splitlines()
    assert len(faults) == 5
    for fault in faults:
        place, _, line = fault.place.rpartition(":")
        assert place == CATALOG
        assert "has only a fuzzy translation" in fault.summary
        assert NEW in lines[int(line) - 1]


def test_a_catalog_of_other_programs_is_read(tmp_path: Path) -> None:
    """msgmerge wraps a previous msgid, and puts its msgctxt before it."""
    change(tmp_path, "messages.po", put('msgid ""\nmsgstr ""\n"Language: pl\\n"\n\n'))
    previous = '#| msgctxt "zz"\n#| msgid ""\n#| "Say "\n#| "\\"Zz\\""\n'
    change(tmp_path, "messages.po", add(f'#, fuzzy\n{previous}msgctxt "zz"\nmsgid "A"\nmsgstr "B"'))

    entry = read_catalog(tmp_path / "messages.po").get("A", "zz")

    assert entry is not None
    assert (entry.previous_id, entry.user_comments) == (['Say "Zz"'], [])
