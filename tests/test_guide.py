"""What is said has its place in the guide, where the guide lies beside the repository."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rights_line.assembly import Sources
from rights_line.core.library import Sourced
from rights_line.outline import Outline
from rights_line.startup import ROOT

GUIDE = ROOT.parent / "shared" / "guide"
OURS = {"what_we_keep"}  # about the line itself

pytestmark = pytest.mark.skipif(not GUIDE.exists(), reason="the guide is not beside the repository")


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    """The facts of the guide by their ids."""
    rows = yaml.safe_load((GUIDE / "guide_facts.yaml").read_text())["facts"]
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def phones() -> set[str]:
    """Every phone number of the guide, without spaces or country code."""
    rows = yaml.safe_load((GUIDE / "guide_facts.yaml").read_text())["contacts"]["phones"]
    return {re.sub(r"\(\+47\)|\s", "", row["printed"]) for row in rows}


def said(sources: Sources) -> list[tuple[str, Sourced]]:
    """Return every screen that states something, and what helpers are told, with what it states."""
    pages = Outline(sources.content).pages
    told = [(chapter.id, row.said) for chapter in sources.guidance for row in chapter.advice]
    return [
        *((page.code, page.said) for page in pages if page.said.sources and page.topic not in OURS),
        *(row for row in told if any(place.startswith("Part ") for place in row[1].sources)),
    ]


def test_every_fact_is_one_of_the_guide(sources: Sources, facts: dict[str, Any]) -> None:
    """A screen names the facts it states, and the guide has each of them."""
    for code, statement in said(sources):
        assert statement.facts, f"screen {code} names no fact"
        assert set(statement.facts) <= facts.keys(), code


def test_every_fact_is_in_a_place_that_is_named(sources: Sources, facts: dict[str, Any]) -> None:
    """The part and heading of each fact are among the places that its screen names."""
    for code, statement in said(sources):
        for fact in statement.facts:
            place = f"Part {facts[fact]['part']}, {facts[fact]['heading']}"
            assert place in statement.sources, f"screen {code}: {fact} is in {place}"


def test_every_heading_is_in_the_guide(sources: Sources, facts: dict[str, Any]) -> None:
    """No place is named that the guide does not have."""
    known = {f"Part {row['part']}, {row['heading']}" for row in facts.values()}
    for code, statement in said(sources):
        inside = {place for place in statement.sources if place.startswith("Part ")}
        assert inside <= known, code


def test_every_number_is_the_guides(sources: Sources, phones: set[str]) -> None:
    """No helpline has a number that the guide does not print."""
    assert {contact.code for contact in sources.content.contacts.values()} <= phones


def test_a_number_for_professionals_is_not_given(sources: Sources) -> None:
    """Numbers that serve only professionals stand in their topic alone (cautions E01, E21)."""
    theirs = {
        name for name, row in sources.content.contacts.items() if row.audience == ("professional",)
    }
    assert {sources.content.contacts[name].code for name in theirs} == {"46615000", "99470279"}
    for text in sources.texts:
        if any(f"{{{name}}}" in text.message for name in theirs):
            assert text.context in {"professionals", *theirs}


def test_no_sentence_is_the_guides_own(sources: Sources) -> None:
    """Facts come from the guide, in our own words: no run of ten words is copied."""
    guide = _words(next(GUIDE.glob("*.txt")).read_text())
    runs = {tuple(guide[i : i + 10]) for i in range(len(guide))}
    for text in (*sources.texts, *sources.told):
        words = _words(text.message)
        copied = [words[i : i + 10] for i in range(len(words) - 9)]
        assert not runs & set(map(tuple, copied)), text.message


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def test_the_guide_is_read(phones: set[str]) -> None:
    """The numbers are found where they are looked for."""
    assert {"112", "22331160", "116111"} <= phones
    assert Path(GUIDE).is_dir()
