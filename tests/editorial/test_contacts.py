"""`rights-line contacts`: which contacts are due, what to ask, and the dates that it writes."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.editorial import contacts
from rights_line.errors import ConfigurationError
from rights_line.ops import doctor
from tests.support.cli import run
from tests.support.folders import CONTACTS, add, change, every, swap
from tests.support.worlds import texts_at

STOP_AFTER = date(2026, 11, 24)  # verified_on of each contact in the small content
ON = date(2026, 12, 1)
RECORDED = "  verified_on: 2026-12-01\n  verified_by: AB\n  verify_by: 2027-03-01\n"


def test_contacts_lists_those_due_within_two_weeks_the_oldest_first(small_folder: Path) -> None:
    today = date(2027, 2, 1)
    for name, days in (("udi", 14), ("rosa", -1), ("noas", 15), ("police", 0)):
        day = today + timedelta(days=days)
        change(small_folder, CONTACTS, swap(rf"(^{name}:(?:\n  .*)+verify_by: ).*", rf"\g<1>{day}"))

    lines = [*contacts.lines(ContentSources(small_folder), today, with_all=False)]

    listed = [line.partition(":")[0] for line in lines if not line.startswith(" ")]
    assert listed == ["rosa", "police", "udi"]
    assert [line for line in lines if "overdue since" in line] == [lines[1]]


def questions(folder: Path) -> dict[str, list[str]]:
    """Return the questions that are printed for each contact."""
    asked: dict[str, list[str]] = {}
    for line in contacts.lines(ContentSources(folder), STOP_AFTER, with_all=True):
        if not line.startswith(" "):
            rows = asked.setdefault(line.partition(":")[0], [])
        elif line.startswith("  ask: "):
            rows.append(line.removeprefix("  ask: "))
    return asked


def test_contact_is_asked_about_everything_that_its_entry_states(small_folder: Path) -> None:
    asked = questions(small_folder)

    assert asked["rosa"] == [
        "Is this ROSA, and is 22 33 11 60 the number to publish?",
        "Are you open day and night? On public holidays as well?",
        "Do you speak Norwegian Bokmål and English?",
        "Can you arrange an interpreter?",
        "Is your help free of charge?",
        "Can a caller stay anonymous?",
        "Is your web address www.rosanorge.no/english?",
    ]
    assert "Are you open Mon-Fri 10:00-15:00? On public holidays as well?" in asked["udi"]
    assert asked["htso"] == ["Is this HTSO, and is 99 47 02 79 the number to publish?"]


def test_emergency_number_is_not_to_be_called(small_folder: Path) -> None:
    """A question to 112 takes a line from a person in danger."""
    printed = [*contacts.lines(ContentSources(small_folder), STOP_AFTER, with_all=True)]
    said = "  do not call an emergency number: compare the entry with its source"

    assert {name for name, rows in questions(small_folder).items() if not rows} == {
        "police",
        "medical",
    }
    assert printed.count(said) == 2


def test_verified_contact_keeps_every_other_line_of_the_file(small_folder: Path) -> None:
    """Comments, order and quotes stay; a second record replaces the first."""
    path = small_folder / CONTACTS
    before = path.read_text("utf-8")
    contacts.verify(ContentSources(small_folder), ["rosa", "htso"], STOP_AFTER, "CD", ON)
    contacts.verify(ContentSources(small_folder), ["htso", "rosa"], ON, "AB", ON)

    after = path.read_text("utf-8")
    dates = "  verified_on: 2026-11-24\n  verify_by: 2099-12-31\n"
    assert after.count(RECORDED) == 2
    assert after.replace(RECORDED, dates) == before
    rows = ContentSources(small_folder).content.contacts
    assert rows["rosa"].verify_by == rows["htso"].verify_by == date(2027, 3, 1)
    assert rows["police"].verified_on == STOP_AFTER


def test_verified_contact_with_a_comment_behind_its_date_keeps_it(small_folder: Path) -> None:
    change(small_folder, CONTACTS, swap("verified_on: .*", "verified_on: 2026-11-24 # by phone"))
    contacts.verify(ContentSources(small_folder), ["police"], ON, "AB", ON)

    assert re.search(
        "verified_on: 2026-12-01 # by phone\n  verified_by: AB\n",
        (small_folder / CONTACTS).read_text("utf-8"),
    )


@pytest.mark.parametrize(
    ("name", "on", "problem"),
    [
        ("roza", ON, "roza: is not a contact. Use one of: police, "),
        ("rosa", ON + timedelta(days=1), "between 2026-11-24, the last time, and 2026-12-01, got"),
        ("rosa", STOP_AFTER - timedelta(days=1), "got 2026-11-23. Correct --on."),
    ],
    ids=["unknown", "future", "before the last time"],
)
def test_verified_contact_with_a_mistake_changes_nothing(
    name: str, on: date, problem: str, small_folder: Path
) -> None:
    """A future day would hide a wrong number for as long; the other contact is not written."""
    before = (small_folder / CONTACTS).read_bytes()
    with pytest.raises(ConfigurationError) as found:
        contacts.verify(ContentSources(small_folder), ["htso", name], on, "AB", ON)

    assert problem in str(found.value)
    assert (small_folder / CONTACTS).read_bytes() == before


def test_contact_in_braces_is_refused_and_the_file_stays(small_folder: Path) -> None:
    """An edit by line would damage it."""
    row = [
        'zz: {name: Zz, number: "99 99 99 99", audience: [adult], text: "Zz: {zz}.",',
        "facts: [p8_noas], source: [{part: 8, heading: NAV}],",
        "verified_on: 2026-11-24, verify_by: 2099-12-31}\n",
    ]
    change(small_folder, CONTACTS, add(" ".join(row)))
    before = (small_folder / CONTACTS).read_bytes()
    with pytest.raises(ConfigurationError, match="cannot be edited by line"):
        contacts.verify(ContentSources(small_folder), ["zz"], ON, "AB", ON)
    assert (small_folder / CONTACTS).read_bytes() == before


def test_contacts_command_records_a_call_of_today(small_folder: Path) -> None:
    result = run("contacts", "--verified", "ROSA", "--by", "AB", where=small_folder)
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(
        "content/contacts.yaml: rosa was verified on (.*) by AB, and is due by .*\n", result.stdout
    )
    assert "verified_by: AB" in (small_folder / CONTACTS).read_text("utf-8")
    assert run("check", where=small_folder).returncode == 0


@pytest.mark.parametrize("options", ["--verified rosa", "--by AB", "--on 2026-12-01"])
def test_contacts_command_with_half_of_a_record_exits_2(options: str, small_folder: Path) -> None:
    before = (small_folder / CONTACTS).read_bytes()
    assert run("contacts", *options.split(), where=small_folder).returncode == 2
    assert (small_folder / CONTACTS).read_bytes() == before


MOVED = '  moved: {to: "23 35 16 01", on: 2026-12-01, by: AB, source: "udi.no, and a call"}\n'


@pytest.fixture
def moved(small_folder: Path) -> Path:
    """A copy in which the number of UDI has moved."""
    change(small_folder, CONTACTS, swap("^udi:\n", f"udi:\n{MOVED}"))
    return small_folder


def test_number_that_moved_is_published_and_passes_the_check(moved: Path) -> None:
    """The guide still prints the old one; a new number without `moved` is a problem."""
    assert run("check", where=moved).returncode == 0
    udi = ContentSources(moved).content.contacts["udi"]
    assert (udi.number, udi.e164, udi.code) == ("23 35 16 01", "+4723351601", "23351601")
    screens = run("screens", "en", "pl", where=moved).stdout
    assert "23351600" not in screens.replace(" ", "")
    assert screens.replace(" ", "").count("23351601") >= 2
    change(moved, CONTACTS, swap(re.escape(MOVED), ""))
    change(moved, CONTACTS, swap('number: "23 35 16 00"', 'number: "23 35 16 01"'))
    change(moved, CONTACTS, swap(r'"\+4723351600"', '"+4723351601"'))
    assert "number must be one that the guide prints" in run("check", where=moved).stdout


def test_contacts_and_doctor_show_a_number_that_moved(moved: Path) -> None:
    """Also while nothing is due."""
    sentence = "moved from 23 35 16 00 to 23 35 16 01 on 2026-12-01 by AB (udi.no, and a call)"
    listed = run("contacts", where=moved).stdout
    assert listed.startswith("udi: ")
    assert sentence in listed
    assert "is 23 35 16 01 the number to publish?" in listed
    found = [
        str(row) for row in doctor.run(texts_at(moved, {"CHANNELS": "try_it"})).finding_lines()
    ]
    assert [line for line in found if line.startswith("manual contact udi: " + sentence)]


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (("23 35 16 01", "23 35 16 00"), "moved leads to the number that is there already"),
        (("23 35 16 01", "116 111"), "moved must lead to a number of the same kind"),
        (("by: AB", "by: Kari Nordmann"), "moved: expected a mapping with to, on, by"),
    ],
    ids=["itself", "a short one", "a name"],
)
def test_move_that_cannot_be_right_is_a_problem(
    edit: tuple[str, str], problem: str, moved: Path
) -> None:
    change(moved, CONTACTS, every(*edit) if edit[0] != "23 35 16 01" else swap(*edit))
    checked = run("check", where=moved)
    assert checked.returncode == 1
    assert problem in checked.stdout
