"""Each fact of the guide is told where it is claimed, or left out with a reason."""

import shutil
from pathlib import Path

import pytest

from rights_line.editorial.lint import fact_coverage, guide_facts
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import ROOT
from tests.support.folders import CONTACTS, OUTREACH, WORK, Edit, add, change, is_at, put, swap

FACTS = "content/guide_facts.yaml"
LEFT_OUT = "content/left_out.yaml"
POLICE = "content/topics/police.yaml"
WORRIED = "content/topics/worried.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real content/, without its model; facts are about English."""
    ignored = shutil.ignore_patterns("*.onnx")
    shutil.copytree(ROOT / "content", tmp_path / "content", ignore=ignored)
    return tmp_path


def only(folder: Path) -> Problem:
    problems = fact_coverage.problems(folder)
    assert len(problems) == 1, problems
    return problems[0]


def test_guide_facts_are_all_told_or_left_out() -> None:
    """Every fact for victims, children and worried people."""
    assert fact_coverage.problems(ROOT) == []


def test_fact_claimed_but_not_told_is_a_problem(folder: Path) -> None:
    """It names the file, the line, the fact, its summary and the missing words."""
    change(folder, LEFT_OUT, swap("fake_ads_improper,", ""))
    change(folder, WORK, swap("(?<=facts: .)debt_trap", "fake_ads_improper, debt_trap"))
    forgotten, claimed = fact_coverage.problems(folder)
    summary = guide_facts.load(folder).facts["fake_ads_improper"].summary

    assert is_at(claimed, folder, WORK, "fake_ads_improper")
    assert claimed.summary == (
        f"fake_ads_improper is claimed but not told: {summary} "
        'Missing: "advert" or "false job offer" or "marriage"'
    )
    assert is_at(forgotten, folder, FACTS, "  fake_ads_improper:")
    assert forgotten.summary.startswith("no screen tells fake_ads_improper (Part 2, ")


@pytest.mark.parametrize(
    ("file", "words", "instead", "fact"),
    [
        (POLICE, "At least three hours", "Some hours", "legal_3h_entitled"),
        (WORK, r"knowyourrights\.no, ", "", "work_rights_web"),
        (CONTACTS, "and you can stay anonymous", "", "rosa_free_anonymous"),
        (OUTREACH, r"or the chance of a large\s+profit", "or a plan already", "duty_avert_signs"),
    ],
)
def test_fact_whose_words_are_removed_is_not_told(
    folder: Path, file: str, words: str, instead: str, fact: str
) -> None:
    """On a screen, in a web address and at /outreach, the id alone is not enough."""
    change(folder, file, swap(words, instead))
    summaries = [problem.summary for problem in fact_coverage.problems(folder)]

    assert any(summary.startswith(f"{fact} is claimed but not told: ") for summary in summaries)


def test_fact_told_only_at_outreach_is_not_told_on_a_screen(folder: Path) -> None:
    """People who text never see that web page."""
    change(folder, WORRIED, swap("wrong_report_ok, ", ""))
    assert only(folder).summary.startswith("no screen tells wrong_report_ok")


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("rosa_24h_number", "rosa_24h_number is told on a screen"),
        ("no_such_fact", "no_such_fact must be a fact for victims, children or worried people"),
    ],
)
def test_left_out_fact_told_unknown_or_for_professionals_is_a_problem(
    folder: Path, name: str, summary: str
) -> None:
    change(folder, LEFT_OUT, add(f"\nwithout need:\n  [{name}]\n"))
    problem = only(folder)

    assert problem.summary == summary
    assert is_at(problem, folder, LEFT_OUT, "without need:")


UNKNOWN = f"no_such_fact must be a fact of {FACTS}, which has no such id"
WRONG_PLACE = "source must name the place of p8_htso, which is Part 8, NAV"
WRONG_NUMBER = "number must be one that the guide prints, got 23 10 02 01"
WRONG_WEB = "web must be an address that the guide prints, got www.noas.no/no"


@pytest.mark.parametrize(
    ("file", "edit", "summary", "mark"),
    [
        (WORK, swap(r"p8_sua\]", "p8_sua, no_such_fact]"), UNKNOWN, "no_such_fact"),
        (
            CONTACTS,
            swap('part: 8, heading: "NAV"', 'part: 8, heading: "ROSA"'),
            WRONG_PLACE,
            "source:",
        ),
        (
            CONTACTS,
            swap('number: "23 10 02 00"', 'number: "23 10 02 01"'),
            WRONG_NUMBER,
            "23 10 02 01",
        ),
        (CONTACTS, swap(r"www\.noas\.no/en", "www.noas.no/no"), WRONG_WEB, "www.noas.no/no"),
    ],
)
def test_claim_without_support_in_the_guide_is_a_problem(
    folder: Path, file: str, edit: Edit, summary: str, mark: str
) -> None:
    """An unknown id, or a place, number or address that is not in the guide."""
    change(folder, file, edit)
    problem = only(folder)

    assert problem.summary == summary
    assert is_at(problem, folder, file, mark)


def test_fact_claimed_without_says_is_a_problem(folder: Path) -> None:
    """Without words to look for, the id alone would count as told."""
    change(folder, FACTS, swap(r"    says: \[\[Shalam\].*\n", ""))
    by_summary = {problem.summary: problem for problem in fact_coverage.problems(folder)}

    problem = by_summary["p8_shalam must have says, because a text claims it"]
    assert is_at(problem, folder, FACTS, "  p8_shalam:")
    assert any(summary.startswith("no screen tells p8_shalam") for summary in by_summary)


@pytest.mark.parametrize(
    ("edit", "summary", "mark"),
    [
        (swap(r"\[\[KOM\],", "[[112],"), "says: expected", "says: [[112],"),
        (swap("audience: professional", "audience: helper"), "audience: ", "audience: helper"),
        (put("{}\n"), "facts is missing", "{}"),
        (None, "cannot be read", ""),
    ],
)
def test_guide_facts_malformed_file_is_a_problem_at_its_line(
    folder: Path, edit: Edit | None, summary: str, mark: str
) -> None:
    change(folder, FACTS, edit)
    with pytest.raises(ConfigurationError) as refused:
        fact_coverage.problems(folder)

    found = [row for row in refused.value.problems if row.summary.startswith(summary)]
    assert is_at(found[0], folder, FACTS, mark)


@pytest.mark.parametrize(
    ("words", "text", "is_told"),
    [
        ("threat*", "Has someone threatened you?", True),
        ("threat", "Has someone threatened you?", False),
        ("112", "call 1120", False),
        ("KOM", "kom takes no single cases", True),
        ("police", "call {police}, {police_local}", False),
        ("{police}", "call {police_local}", False),
    ],
)
def test_fact_words_match_whole_words_outside_placeholders(
    folder: Path, words: str, text: str, is_told: bool
) -> None:
    change(folder, FACTS, swap(r"says: \[\[KOM\].*", f'says: [["{words}"]]'))
    fact = guide_facts.load(folder).facts["kom_no_cases"]

    assert (fact.missing_words(text) == []) == is_told
