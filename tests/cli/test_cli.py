"""The `rights-line` command, run as a person runs it."""

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

AT = {"CHANNELS": "africastalking_ussd"}
DOCTOR = AT | {"WEBHOOK_TOKEN": "a-token-of-nobody-0123456789", "RIGHTS_LINE_NUMBER": "+4759440000"}


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
    assert close.strip() == library.goodbye


@pytest.mark.parametrize(
    ("channel", "given", "begins"),
    [
        ("ussd", "\n9\n4\n98\n", ["Norge/Norway info", "Niebezp", "Praca i placa", "Ponizej 18"]),
        ("voice", "\n9\n4\n*\n", ["Ved fare, ring 1 1 2", "Niebezp", "Praca i płaca", "Praca i"]),
        ("chat", "hei\n9\n4\n41\n", ["Norge/Norway info", "Niebezp", "Praca i płaca", "Mała"]),
    ],
)
def test_chat_by_other_ways(channel: str, given: str, begins: list[str]) -> None:
    """A page of USSD, what is said on the phone, WhatsApp: an answer to each line."""
    result = run("chat", "--channel", channel, "--plain", given=given)
    answers = result.stdout.split("\f")

    assert result.returncode == 0
    assert [answer[: len(begin)] for answer, begin in zip(answers, begins, strict=True)] == begins


def test_chat_shows_what_each_reply_costs() -> None:
    """A developer sees encoding, units and segments."""
    shown = run("chat", given="qwerty\n").stdout
    assert re.search(r"\[GSM-7, \d{3} septets, segments: [12]\]", shown)


def test_check_is_clean() -> None:
    """The texts in the repository have no fault."""
    result = run("check")
    assert (result.stdout, result.returncode) == ("No problems found.\n", 0)


def test_check_warns_of_contacts_that_are_due(copy: Path) -> None:
    """The content has not changed on the day that a contact is due: a warning, exit code 0."""
    contacts = copy / "content" / "contacts.yaml"
    due = contacts.read_text("utf-8").replace("verify_by: 2027-02-22", "verify_by: 2026-11-24", 1)
    contacts.write_text(due, "utf-8")
    for options, printed in (([], "No problems found.\n"), (["--json"], "[]\n")):
        result = run("check", *options, where=copy)

        assert (result.stdout, result.returncode) == (printed, 0)
        assert result.stderr.startswith(
            "warning: content/contacts.yaml: police must be verified by 2026-11-24, last verified"
        )


def test_check_names_every_fault(copy: Path) -> None:
    """A text that is too long, and a web address: both named, as JSON too, exit 1."""
    topic = copy / "content" / "topics" / "talk.yaml"
    longer = "See rosanorge.no. " + "It is free " * 20
    topic.write_text(topic.read_text().replace("It is free", longer))
    result = run("check", "--json", where=copy)
    problems = [fault["summary"] for fault in json.loads(result.stdout)]

    assert result.returncode == 1
    assert any("rosanorge.no" in problem for problem in problems)
    assert any("segments" in problem for problem in problems)


@pytest.mark.parametrize("missing", ["content", "locales"])
@pytest.mark.parametrize("command", ["check", "doctor", "fallback", "screens", "card pl --out x"])
def test_outside_a_checkout_every_command_says_so(
    command: str, missing: str, tmp_path: Path
) -> None:
    """A wheel holds the package alone: the folder that is not there is named, and what to do."""
    for name in {"rights_line", "content", "locales"} - {missing}:
        shutil.copytree(ROOT / name, tmp_path / name)

    result = run(*command.split(), where=tmp_path, **DOCTOR)
    output = result.stdout + result.stderr

    assert result.returncode == 1
    assert f"rights-line: must run from a checkout: {missing}/ not found at {tmp_path}." in output
    assert "`make -B .venv/runs`" in output
    assert "cannot be read" not in output


def test_a_broken_file_stops_every_command_without_a_traceback(copy: Path) -> None:
    """Whoever edits a text sees file, line and what to do."""
    (copy / "content" / "topics" / "talk.yaml").write_text('code: "2"\ntitle: [')
    for command in (["chat"], ["check"], ["screens"], ["fallback"]):
        result = run(*command, where=copy)
        output = result.stdout + result.stderr
        assert result.returncode == 1
        assert re.search("content/topics/talk.yaml:[23]: ", output)
        assert "Traceback" not in output


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


@pytest.mark.parametrize("options", [[], ["--voice"]], ids=["SMS", "voice"])
def test_the_fallback_is_twiml_with_the_numbers(options: list[str]) -> None:
    """What stands on the provider's fallback address holds the helplines."""
    output = "".join(ElementTree.fromstring(run("fallback", *options).stdout).itertext())
    assert all(
        number in without_spaces(output.replace(",", ""))
        for number in ("112", "22331160", "116111")
    )


def test_the_script_names_each_recording(library: Library) -> None:
    """Whoever reads out a language sees each text, and what to call its file."""
    result = run("script", "pl")
    names = re.findall(r"^== pl/(\S+)-[0-9a-f]{12}\.mp3$", result.stdout, re.MULTILINE)

    assert result.returncode == 0
    assert names == list(library.editions["pl"].screens)
    assert "zadzwoń do ROSA, 2 2, 3 3, 1 1, 6 0" in result.stdout
    assert run("script", "plx").returncode == 1


def test_the_doctor_says_where_gateways_point() -> None:
    """A sound deployment is told each address; another, each variable to mend."""
    token = "a-token-of-nobody-0123456789"
    address = "africastalking_ussd: the webhook is https://<your host>/inbound/africastalking_ussd"
    for name in ("AFRICASTALKING_TOKEN", "WEBHOOK_TOKEN"):
        assert f"{address}/<{name}>" in run_checks(AT | {name: token}, ROOT).ok
    faults = run_checks(AT, ROOT).problems
    assert [fault.place for fault in faults] == ["AFRICASTALKING_TOKEN"]
    assert run("doctor").returncode == 1
