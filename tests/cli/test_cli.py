"""Tests of the `rights-line` command, run in this process on the small content."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rights_line.core.library import Library
from tests.support.cli import run
from tests.support.folders import CATALOG, CONTACTS, NEW_TOPIC, WORK, change, swap, topic
from tests.support.wording import missing_helplines
from tests.support.worlds import SMALL_ROOT

USSD_ONLY = {"CHANNELS": "africastalking_ussd"}
CONFIGURED = USSD_ONLY | {
    "AFRICASTALKING_TOKEN": "a-token-of-nobody-0123456789",
    "RIGHTS_LINE_NUMBER": "+4759440000",
}


def test_chat_plain_prints_only_replies(small_root: Path, small_library: Library) -> None:
    """Each input line is a message; a form feed separates the replies."""
    result = run("chat", "--plain", given="qwerty\nPOLSKI\n00\n", where=small_root)
    start, menu, close = result.stdout.split("\f")

    assert result.returncode == 0
    assert start.strip() == small_library.start
    assert "9 Wiecej" in menu
    assert close.strip() == small_library.goodbye


def test_chat_prints_encoding_units_and_segments(small_root: Path) -> None:
    output = run("chat", given="qwerty\n", where=small_root).stdout
    assert re.search(r"\[GSM-7, \d{3} septets, segments: [12]\]", output)


@pytest.mark.parametrize("options", [(), ("--release",)])
def test_check_without_problems_exits_0(options: tuple[str, ...], small_root: Path) -> None:
    result = run("check", *options, where=small_root)
    assert (result.stdout, result.returncode) == ("No problems found.\n", 0)


def _contact_due(folder: Path) -> str:
    change(folder, CONTACTS, swap("verify_by: .*", "verify_by: 2026-11-24"))
    return "content/contacts.yaml: police must be verified by 2026-11-24, last verified"


def _changed_english(folder: Path) -> str:
    """Change a word of English, as `make strings` leaves the catalogs."""
    change(folder, WORK, swap("call ROSA", "ring ROSA"))
    change(
        folder, CATALOG, swap('msgid "Work and pay: call', '#, fuzzy\nmsgid "Work and pay: ring')
    )
    return "work has only a fuzzy translation"


def _started_language(folder: Path) -> str:
    assert run("new-language", "cs", where=folder).returncode == 0
    return "locales/languages.yaml: cs is started: 0 of"


@pytest.mark.parametrize("cause", [_contact_due, _changed_english, _started_language])
def test_check_with_something_waiting_lists_it_and_fails_only_for_a_release(
    cause: Callable[[Path], str], small_folder: Path
) -> None:
    """A passed date or a missing translator must not fail CI."""
    said = cause(small_folder)
    result = run("check", where=small_folder)
    assert (result.returncode, said in result.stdout) == (0, True)
    assert re.match(r"Waiting: [1-3], which stop nobody\.\n", result.stdout)
    assert result.stdout.endswith("No problems found.\n")
    assert run("check", "--release", where=small_folder).returncode == 1
    rows = json.loads(run("check", "--json", where=small_folder).stdout)
    assert rows
    assert all(row["waits"] for row in rows)


def test_check_lists_errors_after_what_waits(small_folder: Path) -> None:
    """`deploy/publish` shows the end of it."""
    _started_language(small_folder)
    change(small_folder, NEW_TOPIC, topic("See rosanorge.no."))
    lines = run("check", where=small_folder).stdout.splitlines()
    assert lines[0].startswith("Waiting: ")
    assert lines[-2] == "Errors: 1."
    assert "rosanorge.no" in lines[-1]


def test_check_with_two_problems_names_both_and_exits_1(small_folder: Path) -> None:
    """One text has a typed web address and too many segments."""
    change(small_folder, NEW_TOPIC, topic("See rosanorge.no. " + "It is free. " * 30 + "Zz."))
    result = run("check", "--json", where=small_folder)
    summaries = [problem["summary"] for problem in json.loads(result.stdout)]

    assert result.returncode == 1
    assert any("rosanorge.no" in summary for summary in summaries)
    assert any("segments" in summary for summary in summaries)


@pytest.mark.parametrize("missing", ["content", "locales"])
@pytest.mark.parametrize("command", ["check", "doctor", "fallback", "screens", "card pl --out x"])
def test_command_without_texts_names_the_missing_folder(
    command: str, missing: str, tmp_path: Path
) -> None:
    """The message names the variable to set."""
    for name in {"content", "locales"} - {missing}:
        shutil.copytree(SMALL_ROOT / name, tmp_path / name)

    result = run(*command.split(), where=tmp_path, **CONFIGURED)
    output = result.stdout + result.stderr

    assert result.returncode == 1
    assert "RIGHTS_LINE_TEXTS: must be a folder with content/ and locales/" in output
    assert f"{missing}/ not found at {tmp_path}." in output
    assert "cannot be read" not in output


def test_screens_lists_every_screen_of_a_language(small_root: Path, small_library: Library) -> None:
    printed = run("screens", "pl", where=small_root).stdout
    edition = small_library.editions["pl"]
    assert re.findall("^== pl (\\S+) ", printed, re.MULTILINE) == [*edition.screens, "00"]
    assert "== pl 4 work (draft)\n" in printed
    assert f"\n{edition.screens['4'].texts(edition.form).sms}\n" in printed


def test_fallback_prints_helplines_for_sms_calls_and_readers(
    small_root: Path, small_library: Library
) -> None:
    """An operator publishes them at the provider's fallback URL; the proxy shows the last."""
    sms, calls, both, text = (
        run("fallback", *options, where=small_root).stdout
        for options in ([], ["--voice"], ["--all"], ["--text"])
    )

    for twiml in (sms, calls):
        output = "".join(ElementTree.fromstring(twiml).itertext())
        assert missing_helplines(output.replace(",", "")) == []
    assert both == f"For SMS:\n{sms}For calls:\n{calls}"
    assert text == f"{small_library.fallback}\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["report", "-", "--quarter", "0000-Q1"], "Cannot run `report`:\n  --quarter: must be"),
        (["serve"], "rights-line did not start. Fix:\n  CHANNELS: must name a channel"),
    ],
    ids=["report", "serve"],
)
def test_command_that_refuses_names_itself(command: list[str], said: str) -> None:
    done = run(*command, where=SMALL_ROOT)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


def test_catalog_with_a_bom_is_read(small_folder: Path) -> None:
    change(small_folder, CATALOG, lambda text: f"\ufeff{text}")
    assert run("check", where=small_folder).returncode == 0


def test_explain_in_an_unknown_language_is_refused(small_root: Path) -> None:
    refused = run("explain", "zz", "--tag", "zz", where=small_root)
    assert (refused.returncode, "Unknown language: zz" in refused.stderr) == (1, True)
