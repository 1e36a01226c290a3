"""The `rights-line` command, run as a person runs it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rights_line.core.library import Library
from rights_line.startup import ROOT
from tests.twilio_phone import plain


def run(*arguments: str, given: str = "", where: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command, in this repository or in a copy of it."""
    return subprocess.run(
        [sys.executable, "-c", "from rights_line.cli import main; exit(main())", *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=where,
        env={"PYTHONPATH": str(where), "LC_ALL": "C"},
        timeout=30,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository, to break."""
    for name in ("rights_line", "content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_chat_plain_is_replies_alone(library: Library) -> None:
    """Lines of a pipe are messages; replies are separated by a form feed."""
    result = run("chat", "--plain", given="qwerty\nPOLSKI\n00\n")
    start, menu, close = result.stdout.split("\f")

    assert result.returncode == 0
    assert start.strip() == library.start
    assert "9 Wiecej" in menu
    assert close.strip() == library.bland


def test_chat_shows_what_each_reply_costs() -> None:
    """A developer sees encoding, units and segments."""
    shown = run("chat", given="qwerty\n").stdout
    assert re.search(r"\[GSM-7, \d{3} septets, segments: [12]\]", shown)


def test_check_is_clean() -> None:
    """The texts in the repository have no fault."""
    result = run("check")
    assert (result.stdout, result.returncode) == ("No faults.\n", 0)


def test_check_names_every_fault(copy: Path) -> None:
    """A text that is too long, and a web address: both named, as JSON too, exit 1."""
    topic = copy / "content" / "topics" / "talk.yaml"
    longer = "See rosanorge.no. " + "It is free " * 20
    topic.write_text(topic.read_text().replace("It is free", longer))
    result = run("check", "--json", where=copy)
    problems = [fault["problem"] for fault in json.loads(result.stdout)]

    assert result.returncode == 1
    assert any("rosanorge.no" in problem for problem in problems)
    assert any("segments" in problem for problem in problems)


def test_a_broken_file_stops_every_command_without_a_traceback(copy: Path) -> None:
    """Whoever edits a text sees file, line and what to do."""
    (copy / "content" / "topics" / "talk.yaml").write_text('code: "2"\ntitle: [')
    for command in (["chat"], ["check"], ["screens"], ["fallback"]):
        result = run(*command, where=copy)
        said = result.stdout + result.stderr
        assert result.returncode == 1
        assert re.search("content/topics/talk.yaml:[23]: ", said)
        assert "Traceback" not in said


def test_screens_lists_what_is_said(library: Library) -> None:
    """Every screen of a language, as it is sent, with its places in the guide."""
    rows = json.loads(run("screens", "pl", "--json").stdout)
    work = next(row for row in rows if row["code"] == "4")

    assert {row["language"] for row in rows} == {"pl"}
    assert {row["code"] for row in rows} == {*library.editions["pl"].screens, "00"}
    assert work.keys() == {"language", "code", "topic", "text", "review", "sources", "facts"}
    assert (work["topic"], work["review"]) == ("work", "draft")
    assert "legal_3h_entitled" in work["facts"]
    assert "Part 7, Legal Assistance" in work["sources"]


def test_screens_of_an_unknown_language_is_an_error() -> None:
    """A slip in a tag is said, not answered with nothing."""
    result = run("screens", "plx", "--json")
    assert (result.returncode, result.stdout) == (1, "")
    assert "plx" in result.stderr


def test_the_fallback_is_twiml_with_the_numbers() -> None:
    """What stands on the provider's fallback address holds the helplines."""
    said = "".join(ElementTree.fromstring(run("fallback").stdout).itertext())
    assert all(number in plain(said) for number in ("112", "22331160", "116111"))
