"""The rule of approval: which roles, for which strings, and what voids it."""

import re
import shutil
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from rights_line.cli.parser import build_parser
from rights_line.content.approvals import ROLES
from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.editorial.approve import approve
from rights_line.errors import ConfigurationError, Problem
from tests.support.approvals import ENGLISH, POLISH, approve_as, read_by
from tests.support.cli import run
from tests.support.folders import (
    CATALOG,
    NEW_TOPIC,
    REVIEW,
    ROWS,
    WORK,
    change,
    drop,
    every,
    keep_little,
    restate,
    swap,
    topic,
)


@pytest.fixture
def folder(folder: Path) -> Path:
    """A copy of some of the real content, in English and Polish."""
    keep_little(folder)
    return folder


def approved(folder: Path) -> set[str]:
    """Return the languages that are approved."""
    sources = ContentSources(folder)
    return {tag for tag in sources.languages if sources.is_approved(tag)}


@pytest.mark.parametrize(
    ("readings", "tags"),
    [
        *(([("en", role)], set()) for role in ROLES),
        ([*ENGLISH], {"en"}),
        ([("en", "native_reader"), ("en", "lawyer")], set()),
        ([*POLISH], set()),
        ([*POLISH, ("en", "practitioner")], set()),
        ([*POLISH, *ENGLISH], {"en", "pl"}),
        ([*ENGLISH, ("pl", "lawyer"), ("pl", "practitioner")], {"en"}),
    ],
    ids=str,
)
def test_approval_takes_the_roles_of_the_rule(
    folder: Path, readings: list[tuple[str, str]], tags: set[str]
) -> None:
    """English: a practitioner and a lawyer. Others: a native reader, while English is approved."""
    approve_as(folder, *readings)

    assert approved(folder) == tags
    start = build_library(ContentSources(folder), "approved").start
    assert ("9 Polski" in start, "2 English" in start) == ("pl" in tags, "en" in tags)


def test_each_string_needs_both_roles(folder: Path) -> None:
    """A lawyer who has read another half of English than the practitioner approves nothing."""
    contexts = {text.context for text in ContentSources(folder).texts}

    approve_as(folder, ENGLISH[0], only=contexts - {"work"})
    approve_as(folder, ENGLISH[1], only={"work"})

    assert approved(folder) == set()


def test_a_reading_is_recorded(folder: Path) -> None:
    """Role, initials, date and msgctxt of each string; a second reading is added."""
    number = approve(ContentSources(folder), folder, "pl", read_by("native_reader"), ["work"])
    approve_as(folder, *POLISH, ("pl", "lawyer"), only=["work"])

    recorded = yaml.safe_load((folder / REVIEW).read_text(encoding="utf-8"))
    expected = [read_by(role) | {"msgctxt": "work"} for role in ("native_reader", "lawyer")]
    assert list(recorded.values()) == [expected] * number


@pytest.mark.parametrize("tag", ["en", "pl"])
def test_one_letter_voids_it(folder: Path, tag: str) -> None:
    """A changed letter of Polish takes Polish out, one of English both."""
    approve_as(folder, *ENGLISH, *POLISH)
    if tag == "pl":
        change(folder, CATALOG, swap('msgstr "Praca i płaca"', 'msgstr "praca i płaca"'))
    else:
        change(folder, WORK, swap("title: Work and pay", "title: Work and Pay"))

    assert approved(folder) == ({"en"} if tag == "pl" else set())


def test_a_card_language_needs_no_more_than_it_says(folder: Path) -> None:
    """Strings that it says in English are English's to approve; the rest are its own."""
    change(folder, ROWS, every("texts: full", "texts: card"))
    change(folder, CATALOG, restate("work", lambda _: ""))
    change(folder, CATALOG, swap('(msgid "Work and pay"\nmsgstr )""', r'\1"Praca"'))
    approve_as(folder, *ENGLISH)

    approve_as(folder, *POLISH)

    assert approved(folder) == {"en", "pl"}
    change(folder, CATALOG, swap('msgstr "Praca"', 'msgstr "praca"'))
    assert approved(folder) == {"en"}


def refusals(folder: Path, only: Collection[str] = ()) -> list[Problem]:
    """Return why Polish cannot be approved; see that nothing was written."""
    with pytest.raises(ConfigurationError) as refused:
        approve(ContentSources(folder), folder, "pl", read_by("native_reader"), only)
    assert not (folder / REVIEW).exists()
    return refused.value.problems


@pytest.mark.parametrize("only", [[], ["work"]], ids=["all", "one msgctxt"])
@pytest.mark.parametrize("state", ["fuzzy", "not translated"])
def test_what_is_not_translated_cannot_be_approved(
    folder: Path, state: str, only: list[str]
) -> None:
    """Each fuzzy or untranslated string is named, and nothing is approved."""
    entry = 'msgctxt "work"\nmsgid "Work and pay"\nmsgstr '
    new = f"#, fuzzy\n{entry}" if state == "fuzzy" else entry
    change(folder, CATALOG, swap(f'{entry}".*"', f'{new}""' if new == entry else f'{new}"Zz"'))

    (fault,) = refusals(folder, only)

    assert fault.summary == f"work is {state}: 'Work and pay'"
    if state == "fuzzy":
        line = (
            (folder / CATALOG).read_text("utf-8").splitlines()[int(fault.place.split(":")[1]) - 1]
        )
        assert line == 'msgid "Work and pay"'
    approve(ContentSources(folder), folder, "pl", read_by("native_reader"), ["danger"])


def test_a_msgctxt_that_is_not_there_cannot_be_approved(folder: Path) -> None:
    """A slip in --strings is said, not answered with 0 strings."""
    assert [fault.place for fault in refusals(folder, ["work", "wrok"])] == ["wrok"]


@pytest.fixture
def complete(folder: Path) -> Path:
    """A copy in which both languages are approved."""
    approve_as(folder, *ENGLISH, *POLISH)
    assert approved(folder) == {"en", "pl"}
    return folder


def lost(folder: Path) -> dict[str, str]:
    """Return for each language that lost its approval what is said of it."""
    return {
        fault.place: fault.summary for fault in ContentSources(folder).lost_approvals(("en", "pl"))
    }


def test_what_was_never_approved_is_not_lost(folder: Path) -> None:
    """Nothing at all, English alone, a review that is half done, a language before English."""
    assert lost(folder) == {}
    approve_as(folder, *POLISH)
    assert lost(folder) == {}
    approve_as(folder, ENGLISH[0])
    approve_as(folder, ENGLISH[1], only=["work"])
    assert lost(folder) == {}


def test_a_changed_translation_is_told(complete: Path) -> None:
    """The count and the msgctxts; when it is changed back, the approval is."""
    before = (complete / CATALOG).read_text("utf-8")
    change(complete, CATALOG, restate("close_label", lambda text: f"{text}!"))

    number = len(ContentSources(complete).reviews["pl"].required)
    problem = f"lost its approval, 1 of {number} strings changed or are new: close_label"
    assert lost(complete) == {"language pl": problem}
    change(complete, CATALOG, lambda _: before)
    assert lost(complete) == {}


def test_changed_english_is_told_of_every_language(complete: Path) -> None:
    """English by its own string, Polish by the translation that is gone with it."""
    change(complete, WORK, swap("title: Work and pay", "title: Work and money"))

    assert lost(complete).keys() == {"language en", "language pl"}


def test_english_takes_a_language_with_it(complete: Path) -> None:
    """Where a translation is approved still, and English is not, that is the reason."""
    change(complete, "locales/en/review.yaml", drop(r"- \{role: lawyer.*\n"))

    assert lost(complete)["language pl"] == "lost its approval because English is not approved"


def test_a_new_topic_is_told(complete: Path) -> None:
    """After an upgrade the new strings are what is missing."""
    change(complete, NEW_TOPIC, topic("Zz Zz"))

    assert "2 of" in lost(complete)["language en"]
    assert lost(complete)["language en"].endswith(": zz")


def test_approvals_of_two_branches_are_told_as_well(complete: Path) -> None:
    """A merged review.yaml may lack the day on which it was complete: the msgctxts tell."""
    change(complete, REVIEW, drop("complete: .*\n"))
    change(complete, CATALOG, restate("close_label", lambda text: f"{text}!"))

    assert lost(complete).keys() == {"language pl"}


def test_many_msgctxts_are_counted(complete: Path) -> None:
    """A line stays a line."""
    for path in (complete / "content/topics").iterdir():
        change(complete, f"content/topics/{path.name}", swap("^title: ", "title: Zz "))

    assert re.search(r": \w+, \w+, \w+ and \d+ more$", lost(complete)["language en"])


@pytest.mark.parametrize(
    "options",
    [
        *("--role native_reader", "--by AB", "--role lawyer --by A", "--role lawyer --by unnamed"),
        *("--role anybody --by AB", "--role native-reader --by AB", "--role Lawyer --by AB"),
    ],
)
def test_the_command_takes_a_role_and_initials(options: str) -> None:
    """Roles are those of the rule, and nothing is approved by nobody."""
    with pytest.raises(SystemExit):
        build_parser().parse_args(["approve", "pl", *options.split()])


def test_the_command(tmp_path: Path) -> None:
    """It says whether the language is approved now, and refuses what is not there."""
    for name in ("rights_line", "content", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    by = ("--by", "AB", "--role")
    assert run("approve", "xx", *by, "lawyer", where=tmp_path).returncode == 1
    slip = run("approve", "pl", *by, "lawyer", "--strings", "wrok", where=tmp_path)
    assert (slip.returncode, slip.stdout) == (1, "")
    assert "Nothing was approved:\n  wrok: has no string to approve" in slip.stderr
    assert not (tmp_path / REVIEW).exists()

    messages = [
        run("approve", tag, *by, role, where=tmp_path).stdout.splitlines()[-1]
        for tag, role in (*POLISH, *ENGLISH)
    ]

    assert messages == [
        "pl: draft, 167 of 167 strings approved by native_reader; English is not approved.",
        "en: draft, 0 of 167 strings approved by practitioner and lawyer.",
        "en: approved.",
    ]
    assert "(approved)" in run("screens", "pl", where=tmp_path).stdout
