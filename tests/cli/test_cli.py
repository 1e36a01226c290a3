"""Tests of the `rights-line` command, run in a process of its own."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rights_line.content.loader import ROOT
from rights_line.core.library import Library
from rights_line.ops.doctor import run_checks
from tests.support.cli import run
from tests.support.twilio_phone import without_spaces

USSD_ONLY = {"CHANNELS": "africastalking_ussd"}
CONFIGURED = USSD_ONLY | {
    "WEBHOOK_TOKEN": "a-token-of-nobody-0123456789",
    "RIGHTS_LINE_NUMBER": "+4759440000",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the repository that a test may change."""
    for name in ("rights_line", "content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_chat_plain_prints_only_replies(library: Library) -> None:
    """Each input line is a message; a form feed separates the replies."""
    result = run("chat", "--plain", given="qwerty\nPOLSKI\n00\n")
    start, menu, close = result.stdout.split("\f")

    assert result.returncode == 0
    assert start.strip() == library.start
    assert "9 Wiecej" in menu
    assert close.strip() == library.goodbye


@pytest.mark.parametrize(
    ("channel", "given", "begins"),
    [
        ("ussd", "\n9\n4\n98\n", ["Norge/Norway info", "Niebezp", "Praca i placa", "Ponizej 18"]),
        ("voice", "\n9\n4\n*\n", ["Ved fare, ring 1 1 2", "Niebezp", "Praca i płaca", "Praca i"]),
        ("chat", "hei\n9\n4\n41\n", ["Norge/Norway info", "Niebezp", "Praca i płaca", "Mała"]),
    ],
    ids=["USSD", "voice", "WhatsApp"],
)
def test_chat_simulates_each_channel(channel: str, given: str, begins: list[str]) -> None:
    result = run("chat", "--channel", channel, "--plain", given=given)
    answers = result.stdout.split("\f")

    assert result.returncode == 0
    assert [answer[: len(begin)] for answer, begin in zip(answers, begins, strict=True)] == begins


def test_chat_prints_encoding_units_and_segments() -> None:
    output = run("chat", given="qwerty\n").stdout
    assert re.search(r"\[GSM-7, \d{3} septets, segments: [12]\]", output)


def test_check_of_the_repository_finds_no_problem() -> None:
    result = run("check")
    assert (result.stdout, result.returncode) == ("No problems found.\n", 0)


def test_check_with_a_contact_due_warns_and_exits_0(copy: Path) -> None:
    """A passed date must not fail CI, as the content has not changed."""
    contacts = copy / "content" / "contacts.yaml"
    due = contacts.read_text("utf-8").replace("verify_by: 2027-02-22", "verify_by: 2026-11-24", 1)
    contacts.write_text(due, "utf-8")
    for options, printed in (([], "No problems found.\n"), (["--json"], "[]\n")):
        result = run("check", *options, where=copy)

        assert (result.stdout, result.returncode) == (printed, 0)
        assert result.stderr.startswith(
            "warning: content/contacts.yaml: police must be verified by 2026-11-24, last verified"
        )


def test_check_with_two_problems_names_both_and_exits_1(copy: Path) -> None:
    """One text has a typed web address and too many segments."""
    topic = copy / "content" / "topics" / "talk.yaml"
    longer = "See rosanorge.no. " + "It is free " * 20
    topic.write_text(topic.read_text().replace("It is free", longer))
    result = run("check", "--json", where=copy)
    summaries = [problem["summary"] for problem in json.loads(result.stdout)]

    assert result.returncode == 1
    assert any("rosanorge.no" in summary for summary in summaries)
    assert any("segments" in summary for summary in summaries)


@pytest.mark.parametrize("missing", ["content", "locales"])
@pytest.mark.parametrize("command", ["check", "doctor", "fallback", "screens", "card pl --out x"])
def test_command_outside_a_checkout_names_the_missing_folder(
    command: str, missing: str, tmp_path: Path
) -> None:
    """A wheel holds the package alone; the message says what to do."""
    for name in {"rights_line", "content", "locales"} - {missing}:
        shutil.copytree(ROOT / name, tmp_path / name)

    result = run(*command.split(), where=tmp_path, **CONFIGURED)
    output = result.stdout + result.stderr

    assert result.returncode == 1
    assert f"rights-line: must run from a checkout: {missing}/ not found at {tmp_path}." in output
    assert "`make -B .venv/runs`" in output
    assert "cannot be read" not in output


def test_command_with_invalid_yaml_names_file_and_line(copy: Path) -> None:
    """There is no traceback."""
    (copy / "content" / "topics" / "talk.yaml").write_text('code: "2"\ntitle: [')
    for command in (["chat"], ["check"], ["screens"], ["fallback"]):
        result = run(*command, where=copy)
        output = result.stdout + result.stderr
        assert result.returncode == 1
        assert re.search("content/topics/talk.yaml:[23]: ", output)
        assert "Traceback" not in output


def test_screens_json_lists_every_screen_of_a_language(library: Library) -> None:
    """Each row has the text as sent, and its places in the guide."""
    rows = json.loads(run("screens", "pl", "--json").stdout)
    work = next(row for row in rows if row["code"] == "4")

    assert {row["language"] for row in rows} == {"pl"}
    assert {row["code"] for row in rows} == {*library.editions["pl"].screens, "00"}
    assert work.keys() == {"language", "code", "topic", "text", "review", "sources", "facts"}
    assert (work["topic"], work["review"]) == ("work", "draft")
    assert "legal_3h_entitled" in work["facts"]
    assert "Part 7, Legal Assistance" in work["sources"]


def test_screens_with_unknown_language_exits_1() -> None:
    """A mistyped tag must not give an empty list."""
    result = run("screens", "plx", "--json")
    assert (result.returncode, result.stdout) == (1, "")
    assert "plx" in result.stderr


@pytest.mark.parametrize("options", [[], ["--voice"]], ids=["SMS", "voice"])
def test_fallback_prints_twiml_with_the_helplines(options: list[str]) -> None:
    """An operator publishes it at the provider's fallback URL."""
    output = "".join(ElementTree.fromstring(run("fallback", *options).stdout).itertext())
    assert all(
        number in without_spaces(output.replace(",", ""))
        for number in ("112", "22331160", "116111")
    )


def test_script_names_the_file_of_each_recording(library: Library) -> None:
    """The script holds each spoken text too."""
    result = run("script", "pl")
    names = re.findall(r"^== pl/(\S+)-[0-9a-f]{12}\.mp3$", result.stdout, re.MULTILINE)

    assert result.returncode == 0
    assert names == list(library.editions["pl"].screens)
    assert "zadzwoń do ROSA, 2 2, 3 3, 1 1, 6 0" in result.stdout
    assert run("script", "plx").returncode == 1


def test_doctor_prints_webhook_addresses_or_names_the_variable() -> None:
    token = "a-token-of-nobody-0123456789"
    address = "africastalking_ussd: the webhook is https://<your host>/inbound/africastalking_ussd"
    for name in ("AFRICASTALKING_TOKEN", "WEBHOOK_TOKEN"):
        assert f"{address}/<{name}>" in run_checks(USSD_ONLY | {name: token}, ROOT).ok
    problems = run_checks(USSD_ONLY, ROOT).problems
    assert [problem.place for problem in problems] == ["AFRICASTALKING_TOKEN"]
    assert run("doctor").returncode == 1
