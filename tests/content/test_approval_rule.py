"""The approval rule: which roles must read which strings, and which changes void an approval."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from rights_line.content import ContentSources, approvals_file
from rights_line.content.catalogs import EnglishString
from rights_line.editorial import approvals
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
    restate,
    swap,
    topic,
)
from tests.support.worlds import library_at


def approved(folder: Path) -> set[str]:
    sources = ContentSources(folder)
    return {tag for tag in sources.languages if sources.approvals[tag].is_complete}


@pytest.mark.parametrize(
    ("readings", "tags"),
    [
        *(([("en", role)], []) for role in ("practitioner", "lawyer")),
        ([*ENGLISH], ["en"]),
        ([*POLISH], []),
        ([*POLISH, ("en", "practitioner")], []),
        ([*POLISH, *ENGLISH], ["en", "pl"]),
    ],
    ids=str,
)
def test_language_read_by_some_roles_is_approved_only_if_the_rule_says_so(
    small_folder: Path, readings: list[tuple[str, str]], tags: list[str]
) -> None:
    """English needs a practitioner and a lawyer; others a native reader and approved English."""
    approve_as(small_folder, *readings)

    assert sorted(approved(small_folder)) == tags
    start = library_at(small_folder, "approved").start
    assert ("9 Polski" in start, "2 English" in start) == ("pl" in tags, "en" in tags)


def test_english_with_each_string_read_by_one_role_is_not_approved(small_folder: Path) -> None:
    """The lawyer and the practitioner must have read the same strings."""
    codes = {*ContentSources(small_folder).tree.strings}

    approve_as(small_folder, ENGLISH[0], screens=codes - {"4"})
    approve_as(small_folder, ENGLISH[1], screens={"4"})

    assert approved(small_folder) == set()


def test_approve_records_each_reading_of_a_string(small_folder: Path) -> None:
    """Role, initials, date and msgctxt; a second reading is appended."""
    count = approvals.record(ContentSources(small_folder), "en", read_by("practitioner"), ["41"])
    approve_as(small_folder, *ENGLISH, screens=["41"])

    recorded = yaml.safe_load((small_folder / "locales/en/review.yaml").read_text(encoding="utf-8"))
    contexts = {rows[0]["msgctxt"] for rows in recorded.values()}
    assert ({"work", "menu"} <= contexts, len(recorded)) == (True, count)
    for rows in recorded.values():
        context = {"msgctxt": rows[0]["msgctxt"]}
        assert rows == [read_by(role) | context for role in ("practitioner", "lawyer")]


def test_card_language_needs_approval_only_for_its_own_strings(small_folder: Path) -> None:
    """Strings that fall back to English are approved with English."""
    change(small_folder, ROWS, every("texts: full", "texts: short"))
    change(small_folder, CATALOG, restate("work", lambda _: ""))
    change(small_folder, CATALOG, swap('(msgid "Work and pay"\nmsgstr )""', r'\1"Praca"'))
    approve_as(small_folder, *ENGLISH)

    approve_as(small_folder, *POLISH)

    assert approved(small_folder) == {"en", "pl"}
    change(small_folder, CATALOG, swap('msgstr "Praca"', 'msgstr "praca"'))
    assert approved(small_folder) == {"en"}


def refusals(folder: Path, screens: Collection[str]) -> list[Problem]:
    """Return why Polish cannot be approved, after checking that nothing was written."""
    with pytest.raises(ConfigurationError) as refused:
        approvals.record(ContentSources(folder), "pl", read_by("native_reader"), screens)
    assert not (folder / REVIEW).exists()
    return refused.value.problems


@pytest.mark.parametrize("screens", [[], ["0"]], ids=["all", "one screen"])
@pytest.mark.parametrize("state", ["fuzzy", "not translated"])
def test_approve_refuses_strings_without_translation(
    small_folder: Path, state: str, screens: list[str]
) -> None:
    """Each fuzzy or untranslated string is named, and nothing is approved."""
    entry = 'msgctxt "work"\nmsgid "Work and pay"\nmsgstr '
    new = f"#, fuzzy\n{entry}" if state == "fuzzy" else entry
    change(
        small_folder, CATALOG, swap(f'{entry}".*"', f'{new}""' if new == entry else f'{new}"Zz"')
    )

    (problem,) = refusals(small_folder, screens)

    assert problem.summary == f"work is {state}: 'Work and pay'"
    if state == "fuzzy":
        line = (
            (small_folder / CATALOG)
            .read_text("utf-8")
            .splitlines()[int(problem.place.split(":")[1]) - 1]
        )
        assert line == 'msgid "Work and pay"'
    approvals.record(ContentSources(small_folder), "pl", read_by("native_reader"), ["1"])


def test_approval_is_of_the_context_the_english_and_the_translation() -> None:
    """A string that moves to another file keeps it."""
    rows = [("work", "ab", "c"), ("work", "a", "bc"), ("work", "ab", "d"), ("talk", "ab", "c")]
    made = {
        approvals_file.fingerprint(EnglishString(context, message, Path(place), 1, ""), translation)
        for context, message, translation in rows
        for place in ("zz.yaml", "other.yaml")
    }
    assert len(made) == len(rows)


@pytest.fixture
def complete(small_folder: Path) -> Path:
    """A copy in which both languages are approved."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    assert approved(small_folder) == {"en", "pl"}
    return small_folder


def lost(folder: Path) -> dict[str, str]:
    """Return the reported problem of each language that lost its approval."""
    return {
        problem.place: problem.summary
        for problem in ContentSources(folder).lost_approvals(("en", "pl"))
    }


def test_lost_approvals_exclude_languages_never_approved(small_folder: Path) -> None:
    """No reading, Polish before English, and a review of English that is half done."""
    assert lost(small_folder) == {}
    approve_as(small_folder, *POLISH)
    assert lost(small_folder) == {}
    approve_as(small_folder, ENGLISH[0])
    approve_as(small_folder, ENGLISH[1], screens=["41"])
    assert lost(small_folder) == {}


def test_lost_approval_names_the_changed_string(complete: Path) -> None:
    """With the number of strings; changing it back restores the approval."""
    before = (complete / CATALOG).read_text("utf-8")
    change(complete, CATALOG, restate("close_label", lambda text: f"{text}!"))

    count = len(ContentSources(complete).approvals["pl"].core)
    summary = f"lost its approval, 1 of {count} strings of the core changed or are new: close_label"
    assert lost(complete) == {"language pl": summary}
    # A review.yaml merged from two branches may lack `complete`; its msgctxts suffice.
    change(complete, REVIEW, drop("complete: .*\n"))
    assert lost(complete) == {"language pl": summary}
    change(complete, CATALOG, lambda _: before)
    assert lost(complete) == {}


def test_changed_english_loses_the_approval_of_every_language(complete: Path) -> None:
    """Polish too, because the translation no longer belongs to a string."""
    change(complete, WORK, swap("title: Work and pay", "title: Work and money"))

    assert lost(complete).keys() == {"language en", "language pl"}


def test_lost_approval_names_a_new_topic(complete: Path) -> None:
    change(complete, NEW_TOPIC, topic("Zz Zz"))

    found = lost(complete)
    assert re.fullmatch(
        r"sends 2 of \d+ screens as the helplines, until they are read again: 9, 92",
        found["language en"],
    )
    assert "in English, or as the helplines" in found["language pl"]


def test_approve_command_refuses_unknown_names(small_folder: Path) -> None:
    by = ("--by", "AB", "--role", "lawyer")
    assert run("approve", "xx", *by, where=small_folder).returncode == 1
    typing_error = run("approve", "en", *by, "--screens", "4", "4444", where=small_folder)
    assert (typing_error.returncode, typing_error.stdout) == (1, "")
    assert "Nothing was approved:\n  screen 4444: is unknown" in typing_error.stderr
    assert not (small_folder / REVIEW).exists()
