"""`rights-line import` of the file that a review page saves: all of it, or nothing."""

import json
import os
import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from rights_line.cli import run_command
from rights_line.clock import today
from rights_line.content import ContentSources
from rights_line.editorial import approvals
from rights_line.editorial.review import review_model
from tests.support.approvals import ENGLISH, approve_as
from tests.support.cli import Done, run
from tests.support.folders import CATALOG, CONTACTS, REVIEW, WORK, change, restate, snapshot, swap
from tests.support.review import Answers, Document, document

ENGLISH_REVIEW = "locales/en/review.yaml"
IN_DANGER = "In danger: call {police}."
TITLE = {"Danger now": {"answer": "change", "text": "Teraz grozi mi coś", "note": "sounds better"}}
UNSURE = {"Debt": {"answer": "unsure", "note": "Is it: zadłużenie?"}}


def imported(folder: Path, content: Document | str, *options: str, tag: str = "pl") -> Done:
    """Import a file from standard input."""
    given = content if isinstance(content, str) else json.dumps(content)
    return run("import", tag, *options, given=given, where=folder)


def lacking(folder: Path) -> set[str]:
    """Return the English of the strings that lack an approval."""
    return {text.message for text in ContentSources(folder).approvals["pl"].lacking}


def questions(folder: Path, tag: str = "pl") -> list[str]:
    """Return the lines of open questions."""
    shown = approvals.status(ContentSources(folder), [tag])
    return [line for line in shown if ": not sure" in line or ": change to" in line]


def test_import_of_all_right_approves_every_string(small_folder: Path) -> None:
    """By the role, the initials and the date of the file; with English, the language is served."""
    approve_as(small_folder, *ENGLISH)
    content = document(small_folder) | {"on": (today() - timedelta(days=2)).isoformat()}
    done = imported(small_folder, content)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "pl: approved."
    assert "screen 1 in the reader's words: Call the police." in done.stdout
    rows = ContentSources(small_folder).languages["pl"].approvals.readings.values()
    assert {(row["role"], row["by"], str(row["on"])) for [row] in rows} == {
        ("native_reader", "CD", content["on"])
    }
    assert "Call the police" not in (small_folder / REVIEW).read_text("utf-8")


def test_import_names_the_screens_that_were_hardly_read(small_folder: Path) -> None:
    """A long look at one text, as of somebody who went away, does not make up for the others."""
    content = document(small_folder)
    model = review_model(ContentSources(small_folder), "pl")
    codes = {row["id"]: row["codes"][:1] for row in model["strings"]}
    for answer in content["answers"]:
        answer["seconds"] = 2 if codes[answer["id"]] == ["11"] else 60
    done = imported(small_folder, content)
    assert "WARNING" not in done.stdout
    assert "screens read in less than a fifth of the time: 11\n" in done.stdout

    for answer in content["answers"]:
        answer["seconds"] = 2
    content["answers"][0]["seconds"] = 9000
    hasty = imported(small_folder, content)
    assert hasty.returncode == 0
    assert re.search(r"WARNING: read in \d+ min; about \d\d min were expected", hasty.stdout)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("\n", 1)])
def test_import_of_a_hasty_reading_on_a_terminal_asks(
    small_folder: Path, sent: Path, typed: str, code: int
) -> None:
    content = document(small_folder)
    for answer in content["answers"]:
        answer["seconds"] = 0
    sent.write_text(json.dumps(content), "utf-8")
    before = snapshot(small_folder)
    assert import_on_terminal(sent, small_folder, typed) == code
    assert (snapshot(small_folder) == before) == bool(code)


@pytest.fixture
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file outside the folder of texts, as a reader sends it."""
    return tmp_path_factory.mktemp("sent") / "pl.json"


def import_on_terminal(path: Path, folder: Path, typed: str) -> int:
    """Import a file on a terminal where somebody types; return the exit code."""
    keyboard, terminal = os.openpty()
    with closing(os.fdopen(keyboard, "wb", 0)) as keys, os.fdopen(terminal) as stdin:
        keys.write(typed.encode())
        with patch("sys.stdin", stdin):
            environ = {"RIGHTS_LINE_TEXTS": str(folder)}
            return run_command(["import", "pl", str(path)], environ)


def test_import_from_a_file_twice_records_each_approval_once(
    small_folder: Path, sent: Path
) -> None:
    """A mail program may have added a byte-order mark, and a phone shares a file of text."""
    sent.write_text(json.dumps(document(small_folder)), "utf-8-sig")
    assert run("import", "pl", str(sent), where=small_folder).returncode == 0
    before = snapshot(small_folder)
    assert run("import", "pl", str(sent), where=small_folder).returncode == 0
    assert snapshot(small_folder) == before
    shared = sent.rename(sent.with_suffix(".txt"))
    assert run("import", str(shared), where=small_folder).returncode == 0  # it names its language
    gone = run("import", "pl", f"{sent}x", where=small_folder)
    assert gone.stderr == "Nothing was changed: No such file or directory.\n"


@pytest.mark.parametrize(
    ("file", "edit", "changed"),
    [
        (CATALOG, restate("work", lambda text: f"{text}!"), "of the answered strings have changed"),
        (WORK, swap("call ROSA", "ring ROSA"), "of the answered strings have changed"),
        (CONTACTS, swap("number: .*", 'number: "114"'), "numbers on its screens have changed"),
    ],
    ids=["translation", "English", "number"],
)
def test_import_of_an_earlier_version_is_refused_whole(
    small_folder: Path, file: str, edit: Callable[[str], str], changed: str
) -> None:
    content = document(small_folder)
    change(small_folder, file, edit)
    before = snapshot(small_folder)
    done = imported(small_folder, content, "--accept")

    assert done.returncode == 1
    assert changed in done.stderr
    assert "load this one on its first page" in done.stderr
    assert snapshot(small_folder) == before


def put(key: str, value: object) -> Callable[[Document], None]:
    return lambda content: content.update({key: value})


def put_answer(**values: object) -> Callable[[Document], None]:
    """Replace values of the first answer."""
    return lambda content: content["answers"][0].update(values)


BROKEN = {
    "another format": (put("format", "rights-line review 2"), "Expected the format"),
    "another language": (put("language", "ar"), "the file is for ar, not for pl"),
    "another role": (put("role", "lawyer"), "role: must be native_reader for pl, got lawyer"),
    "a name": (put("by", "Anna Nowak"), "Expected the initials of a person"),
    # Two days: midnight may pass between the collection of the tests and this one.
    "the future": (put("on", str(today() + timedelta(days=2))), "on must be a date until"),
    "another hash": (put("read", "0" * 64), "is about an earlier version"),
    "unknown string": (put_answer(id="0123456789abcdef"), "1 of the answered strings"),
    "right with a text": (put_answer(text="Policja"), "A change needs a text"),
    "change without a text": (put_answer(answer="change"), "A change needs a text"),
    "two lines": (put_answer(answer="unsure", note="a\nb"), "at `$.answers[0].note`"),
    "reversed text": (put_answer(answer="unsure", note="a\u202eb"), "at `$.answers[0].note`"),
    "lost letter": (put_answer(answer="change", text="Pol\ufffdcja"), "at `$.answers[0].text`"),
    "negative time": (put_answer(seconds=-1), "at `$.answers[0].seconds`"),
    "answered twice": (
        lambda content: content["answers"].append(content["answers"][0]),
        "must answer each string once",
    ),
}


@pytest.mark.parametrize(("spoil", "summary"), BROKEN.values(), ids=BROKEN)
def test_import_of_a_malformed_file_writes_nothing(
    small_folder: Path, spoil: Callable[[Document], None], summary: str
) -> None:
    content = document(small_folder)
    spoil(content)
    before = snapshot(small_folder)
    done = imported(small_folder, content, "--accept")

    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was changed:")
    assert summary in done.stderr
    assert snapshot(small_folder) == before


@pytest.mark.parametrize("data", ["{", '{"a":' * 100_000], ids=["cut", "deep"])
def test_import_of_broken_json_writes_nothing(small_folder: Path, data: str) -> None:
    before = snapshot(small_folder)
    done = imported(small_folder, data)
    assert (done.returncode, snapshot(small_folder)) == (1, before)
    assert "review file: must be as the review page saves it" in done.stderr


def test_import_right_for_a_string_without_translation_is_refused(small_folder: Path) -> None:
    """The page does not offer it."""
    change(small_folder, CATALOG, restate("police", lambda _: ""))
    done = imported(small_folder, document(small_folder))
    assert "review file, police: is right, but not translated" in done.stderr


def test_import_with_changes_waits_for_a_decision(small_folder: Path) -> None:
    """It prints them as a diff; not even the approvals are written."""
    before = snapshot(small_folder)
    done = imported(small_folder, document(small_folder, answers=TITLE))

    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was changed. Use --accept")
    assert done.stdout.splitlines()[-3:] == [
        "content/topics/danger.yaml:3 [danger]: Danger now (sounds better)",
        "- Coś mi grozi",
        "+ Teraz grozi mi coś",
    ]
    assert snapshot(small_folder) == before


def test_import_accepted_change_is_written_and_not_approved(small_folder: Path) -> None:
    """A suggestion is a draft until a reader approves it; the rest of the file is approved."""
    approve_as(small_folder, *ENGLISH)
    done = imported(small_folder, document(small_folder, answers=TITLE), "--accept")

    assert done.returncode == 0
    assert "1 changed." in done.stdout
    assert lacking(small_folder) == {"Danger now"}
    assert questions(small_folder) == []
    assert '"Teraz grozi mi coś"' in (small_folder / CATALOG).read_text("utf-8")

    again = document(small_folder)
    assert len(again["answers"]) == 1
    assert imported(small_folder, again).stdout.endswith("pl: approved.\n")


@pytest.mark.parametrize(
    ("label", "text", "summary"),
    [
        ("Danger now", "Grozi mi {rosa}", "placeholders must match"),
        ("Danger now", "Grozi mi coś" * 20, "segments"),
        ("Danger now", "Grozi mi coś\u200b", "U+200B"),
        (IN_DANGER, "{police}", "say to call"),
        ("Danger now", "Coś mi grozi", "its new text is the old one"),
    ],
    ids=["placeholder", "length", "character", "call", "unchanged"],
)
def test_import_accepted_change_that_check_refuses_writes_nothing(
    small_folder: Path, label: str, text: str, summary: str
) -> None:
    """The correct answers of the same file are not written either."""
    before = snapshot(small_folder)
    answers = {label: {"answer": "change", "text": text}}
    done = imported(small_folder, document(small_folder, answers=answers), "--accept")

    assert done.returncode == 1
    assert summary in done.stderr
    assert snapshot(small_folder) == before


def test_import_rejected_change_stays_an_open_question(small_folder: Path) -> None:
    imported(small_folder, document(small_folder, answers=TITLE), "--reject")
    (question,) = questions(small_folder)

    assert lacking(small_folder) == {"Danger now"}
    state = f"native_reader CD, {today()}: change to 'Teraz grozi mi coś' (sounds better)"
    assert f"] {state}: " in question


def test_import_not_sure_stays_open_until_a_reader_approves(small_folder: Path) -> None:
    """Status shows the number of questions; a changed text has none."""
    done = imported(small_folder, document(small_folder, answers=UNSURE))
    lines = run("status", "pl", where=small_folder).stdout

    assert "1 not sure" in done.stdout
    assert "; 1 open question\n" in lines
    assert "not sure (Is it: zadłużenie?)" in lines
    assert lacking(small_folder) == {"Debt"}
    assert imported(small_folder, document(small_folder)).returncode == 0
    assert (questions(small_folder), lacking(small_folder)) == ([], set())

    again = document(small_folder, "en", UNSURE, "lawyer")
    imported(small_folder, again, tag="en")
    assert len(questions(small_folder, "en")) == 1
    approve_as(small_folder, ("en", "practitioner"))
    assert len(questions(small_folder, "en")) == 1
    approve_as(small_folder, ("en", "lawyer"))
    assert questions(small_folder, "en") == []


def test_import_unread_strings_stay_as_they_are(small_folder: Path) -> None:
    """A part is welcome; the next page asks for the rest."""
    done = imported(small_folder, document(small_folder, answers={"Debt": {}, "Pay": {}}))
    assert "2 not read" in done.stdout
    assert lacking(small_folder) == {"Debt", "Pay"}


def test_import_for_english_keeps_changes_as_questions(small_folder: Path) -> None:
    """English is edited in content/, by hand; --accept does not write there."""
    answers: Answers = {"Danger now": {"answer": "change", "text": "In danger"}}
    written = small_folder / ENGLISH_REVIEW
    before = {path: data for path, data in snapshot(small_folder).items() if path != written}
    content = document(small_folder, "en", answers, "lawyer")
    done = imported(small_folder, content, "--accept", tag="en")
    after = snapshot(small_folder)

    assert done.returncode == 0
    assert "English is changed by hand, in the files named here:" in done.stdout
    assert "- Danger now\n+ In danger\n" in done.stdout
    assert after.keys() - before.keys() == {written}
    assert {name: after[name] for name in before} == before
    assert len(questions(small_folder, "en")) == 1


@pytest.mark.parametrize(("typed", "changed"), [("y\nn\n", 1), ("n\nyes\n", 1), ("\n\n", 0)])
def test_import_on_a_terminal_asks_for_each_change(
    small_folder: Path, sent: Path, typed: str, changed: int
) -> None:
    answers = TITLE | {"Debt": {"answer": "change", "text": "Zadłużenie"}}
    sent.write_text(json.dumps(document(small_folder, answers=answers)), "utf-8")
    assert import_on_terminal(sent, small_folder, typed) == 0
    assert len(lacking(small_folder)) == 2
    assert len(questions(small_folder)) == 2 - changed
