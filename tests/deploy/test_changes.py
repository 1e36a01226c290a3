"""deploy/changes.py, deploy/check_line.py: what an operator sees before anything is restarted."""

import os
import runpy
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from rights_line.content import ContentSources
from rights_line.content.approval import core_codes
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.folders import CATALOG, CONTACTS, REVIEW, change, put, restate, swap
from tests.support.servers import ROOT
from tests.support.worlds import build_beside

USABLE = {
    "CHANNELS": "twilio_sms",
    "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org",
    "RIGHTS_LINE_NUMBER": "+47 59 44 00 00",
    "TWILIO_ACCOUNT_SID": f"AC{'a' * 32}",
    "TWILIO_AUTH_TOKEN": "5" * 32,
}


def script(name: str, *arguments: object, **environ: str) -> tuple[int, str]:
    """Run a script of deploy/ in this process; return its exit code and what it prints."""
    path = str(ROOT / "deploy" / name)
    for folder in arguments:
        if isinstance(folder, Path):
            build_beside(folder, environ)
    code: object = 0
    with (
        patch.object(sys, "argv", [path, *map(str, arguments)]),
        patch.dict(os.environ, environ, clear=True),
        redirect_stdout(StringIO()) as said,
        redirect_stderr(said),
    ):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as ended:
            code = ended.code or 0
    is_message = isinstance(code, str)  # which Python prints, and exits with 1
    return 1 if is_message else int(str(code)), said.getvalue() + (str(code) if is_message else "")


@pytest.fixture
def served(small_folder: Path, tmp_path: Path) -> Path:
    """A copy of small_folder in which English and Polish are approved; so are both."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    return Path(shutil.copytree(small_folder, tmp_path / "served"))


def test_changes_of_the_same_texts_are_none(served: Path, small_folder: Path) -> None:
    """Also if this version could not build those that are served: they are read as they are."""
    for _ in range(2):
        said = script("changes.py", served, small_folder)
        assert said == (0, "Nothing that senders see changes.\n")
        change(served, CONTACTS, put("- zz\n"))


def test_changes_name_numbers_screens_and_cost(served: Path, small_folder: Path) -> None:
    change(small_folder, CONTACTS, swap('"23 35 16 00"', '"22 33 44 55"'))
    change(small_folder, CONTACTS, swap(r'"\+4723351600"', '"+4722334455"'))

    code, said = script("changes.py", served, small_folder)

    assert code == 0
    assert "number of udi: 23 35 16 00 -> 22 33 44 55, in every language" in said
    assert "screens change: " in said
    assert "LOSE" not in said  # texts hold placeholders
    assert "\nen, pl: 3 screens change: " in said


def test_changes_name_the_language_that_loses_its_approval(
    served: Path, small_folder: Path
) -> None:
    change(small_folder, CATALOG, restate("close_label", lambda text: f"{text}!"))
    _, said = script("changes.py", served, small_folder)
    assert "pl LOSES its approval, and gets the three helpline numbers alone: close_label" in said
    assert "en LOSES" not in said
    assert " segments" in said

    danger = "content/topics/danger.yaml"
    change(small_folder, danger, swap("In danger now", "In great danger now"))
    _, said = script("changes.py", served, small_folder)
    assert "en LOSES its approval" in said
    _, back = script("changes.py", small_folder, served)
    assert "en: approved, and offered from now on" in back


def test_changes_name_the_screens_that_lose_or_get_their_approval(
    served: Path, small_folder: Path
) -> None:
    change(small_folder, CATALOG, swap('^(msgstr "Praca i płaca: zad)z', r"\1zz"))
    _, said = script("changes.py", served, small_folder)
    instead = "English or the helplines instead"
    assert f"pl: screens that LOSE their approval, {instead}: 4\n" in said
    assert "pl LOSES" not in said
    assert "en: " not in said

    _, back = script("changes.py", small_folder, served)
    assert "pl: screens that are approved, and sent from now on: 4\n" in back


def test_changes_name_a_withdrawn_language_and_one_whose_core_alone_is_approved(
    served: Path, small_folder: Path
) -> None:
    change(small_folder, REVIEW, None)
    _, said = script("changes.py", served, small_folder)
    lost = "LOSES its approval, and gets the three helpline numbers alone"
    assert f"pl {lost}: no approvals\n" in said

    core = core_codes(ContentSources(small_folder).tree)
    approve_as(small_folder, *POLISH, screens=core)
    change(served, REVIEW, None)
    shutil.rmtree(served / "build")
    _, said = script("changes.py", served, small_folder)
    assert "pl: core approved, and offered from now on\n" in said

    change(served, "locales/en/review.yaml", None)
    _, said = script("changes.py", small_folder, served)
    assert f"en {lost}: no approvals\npl {lost}: because English is not approved\n" in said


def test_changes_from_texts_that_cannot_be_read_are_shown_all_the_same(
    served: Path, small_folder: Path
) -> None:
    """Otherwise nobody could publish the correction."""
    change(served, CONTACTS, put("- zz\n"))
    code, said = script("changes.py", served, small_folder)
    assert (code, "or damaged.\nSenders are offered en, pl;" in said) == (0, True)
    assert script("changes.py", small_folder, served)[0] == 1


def test_summary_says_what_senders_get_now(served: Path) -> None:
    assert script("changes.py", served)[1].startswith("Senders are offered en, pl; in every other")
    change(served, "locales/en/review.yaml", None)
    assert "everybody gets three numbers" in script("changes.py", served)[1]
    drafts = script("changes.py", served, RIGHTS_LINE_SERVE="drafts")[1]
    assert "also those that nobody has approved" in drafts


def test_line_with_usable_variables_has_no_problem(served: Path) -> None:
    assert script("check_line.py", served, "--variables", **USABLE) == (0, "")
    assert script("check_line.py", served) == (0, "")


def test_texts_are_built_while_a_secret_is_missing(served: Path) -> None:
    """deploy/install makes it later: docs/operations.md, "To change a secret"."""
    environ = {"REDIS_URL": "redis://127.0.0.1/0", "RIGHTS_LINE_SERVE": "drafts"}
    assert script("check_line.py", served, **environ) == (0, "")
    assert (served / "build" / "library-drafts.json").exists()


def test_line_with_many_slips_names_all_at_once_with_their_options(served: Path) -> None:
    """The token is not shown."""
    slips = {
        "CHANNELS": "twilio_smss,kannel_sms",
        "RIGHTS_LINE_PUBLIC_URL": "https://Line",
        "RIGHTS_LINE_NUMBER": "59440000",
        "TWILIO_ACCOUNT_SID": "AC12",
        "TWILIO_AUTH_TOKEN": "abc",
        "RIGHTS_LINE_SERVE": "aproved",
    }
    code, said = script("check_line.py", served, "--variables", **(USABLE | slips))
    assert code == 1
    lines = said.splitlines()
    for start in (
        '--channels: CHANNELS: unknown channel "twilio_smss"',
        '--host: RIGHTS_LINE_PUBLIC_URL: must be a host name in lower case, got "Line"',
        "--number: RIGHTS_LINE_NUMBER: must be an E.164 number or a 4-6 digit short code",
        "--account: TWILIO_ACCOUNT_SID: must be AC followed by 32 hex digits",
        "TWILIO_AUTH_TOKEN: must be 32 of 0-9 a-f",
        "KANNEL_TOKEN: must be set for kannel_sms",
        'RIGHTS_LINE_SERVE: must be "approved" or "drafts", got "aproved"',
    ):
        assert any(line.startswith(start) for line in lines), (start, said)
    assert "abc" not in said


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"TWILIO_AUTH_TOKEN": "abc"}, "TWILIO_AUTH_TOKEN: must be 32 of 0-9 a-f"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN: must be set"),
        ({"TWILIO_ACCOUNT_SID": ""}, "--account: TWILIO_ACCOUNT_SID: must be set"),
        ({"CHANNELS": "twilio_sms,try_it"}, "--channels: CHANNELS: must not name try_it beside"),
    ],
    ids=["token", "no token", "no account", "simulator"],
)
def test_line_that_would_start_and_not_work_is_refused(
    variables: dict[str, str], problem: str, served: Path
) -> None:
    code, said = script("check_line.py", served, "--variables", **(USABLE | variables))
    assert code == 1
    assert problem in said
    assert "abc" not in said


def test_line_with_broken_texts_names_them(served: Path) -> None:
    change(served, CONTACTS, put("- zz\n"))
    change(served, REVIEW, put("- zz\n"))
    code, said = script("check_line.py", served)
    assert (code, len(said.splitlines())) == (1, 1)
    assert said.startswith("content/contacts.yaml: must be a mapping")
