"""content/guide_facts.yaml agrees with the guide, and what is said agrees with the file."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rights_line.content.loader import ROOT, ContentSources
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.model import Provenance
from rights_line.editorial.fact_coverage import FACTS
from rights_line.editorial.guide_facts import Guide, load_guide

OURS = {"what_we_keep"}  # about the line itself
# Its advice is from outside: the guide has none on phones, and its place there tells nothing.
WITHOUT_FACT = {"96"}
# On nearly every screen, and claimed only where they are the subject.
EVERYWHERE = {"alarmtelefonen_number", "urgent_112", "emergency_112_life", "rosa_24h_number"}
# Runs of eight words on screens 71 and 945 that are the guide's: to be said otherwise (issue 17).
COPIED = {"if the case is reported to the police", "lives or works with adults who are not"}

# The guide itself is not in the repository. It may lie in a folder above the clone.
ABOVE = [folder / "shared" / "guide" for folder in ROOT.parents]
GUIDE = next(filter(Path.is_dir, ABOVE), None)
needs_guide = pytest.mark.skipif(
    GUIDE is None, reason="compares guide_facts.yaml with the guide, and no shared/guide is above"
)


@pytest.fixture(scope="module")
def rows() -> dict[str, Any]:
    """content/guide_facts.yaml as it is written."""
    written: dict[str, Any] = yaml.safe_load((ROOT / FACTS).read_text(encoding="utf-8"))
    return written


@pytest.fixture(scope="module")
def ours() -> Guide:
    """content/guide_facts.yaml as it is read."""
    faults: list[Any] = []
    guide = load_guide(ROOT / FACTS, faults)
    assert faults == []
    return guide


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    """The facts of the guide by their ids, as they were noted beside it."""
    assert GUIDE
    noted = yaml.safe_load((GUIDE / "guide_facts.yaml").read_text(encoding="utf-8"))["facts"]
    return {row["id"]: row for row in noted}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The text of the guide by its lines, the first at 1."""
    assert GUIDE
    return ["", *next(GUIDE.glob("*.txt")).read_text(encoding="utf-8").splitlines()]


def statements(sources: ContentSources) -> list[tuple[str, Provenance]]:
    """Return every screen that names a source, and the paragraphs for helpers with a place."""
    pages = ScreenTree(sources.content).screens
    told = [(chapter.id, row.provenance) for chapter in sources.outreach for row in chapter.advice]
    return [
        *(
            (page.code, page.provenance)
            for page in pages
            if page.provenance.sources and page.topic not in OURS
        ),
        *(row for row in told if any(place.startswith("Part ") for place in row[1].sources)),
    ]


def test_every_statement_names_a_fact(sources: ContentSources) -> None:
    """A place in the guide stands below a text for the sake of a fact."""
    assert {code for code, statement in statements(sources) if not statement.facts} == WITHOUT_FACT


def test_the_parts_cover_the_guide(rows: dict[str, Any]) -> None:
    """Eight parts follow one another without a gap."""
    spans = [rows["parts"][str(part)]["lines"] for part in range(1, 9)]
    assert len(rows["parts"]) == 8
    assert [first for first, _ in spans] == [1, *(last + 1 for _, last in spans[:-1])]


def test_the_file_is_whole(ours: Guide) -> None:
    """Rows are not lost by an edit: the facts, the numbers and the headings that were noted."""
    assert len(ours.facts) >= 394
    assert {"112", "113", "02800", "116 111", "116 117", "22 33 11 60"} <= ours.phones
    assert {fact.place for fact in ours.facts.values()} == ours.places


def test_every_number_is_the_guides(sources: ContentSources, ours: Guide) -> None:
    """No helpline has a number that the guide does not print."""
    assert {contact.number for contact in sources.content.contacts.values()} <= ours.phones


def test_a_number_for_professionals_is_not_given(sources: ContentSources) -> None:
    """Numbers that serve only professionals stand in their topic alone (cautions E01, E21)."""
    theirs = {
        name for name, row in sources.content.contacts.items() if row.audience == ("professional",)
    }
    assert {sources.content.contacts[name].code for name in theirs} == {"46615000", "99470279"}
    for text in sources.texts:
        if any(f"{{{name}}}" in text.message for name in theirs):
            assert text.context in {"professionals", *theirs}


def test_an_unrelated_text_does_not_tell_a_fact(sources: ContentSources, ours: Guide) -> None:
    """Few texts contain the words of a fact that they do not claim."""
    pages = {page.code: page for page in ScreenTree(sources.content).screens}
    texts = {code: " ".join(text for _, text in page.body) for code, page in pages.items()}
    for name, fact in ours.facts.items():
        telling = {code for code, text in texts.items() if fact.says and not fact.missing(text)}
        unclaimed = {code for code in telling if name not in pages[code].provenance.facts}
        assert name in EVERYWHERE or len(unclaimed) <= 6, (name, unclaimed)


@needs_guide
def test_every_place_is_the_one_that_was_noted(ours: Guide, shared: dict[str, Any]) -> None:
    """Each fact is for whom and where it was noted; one of our own has the place of another."""
    noted = {(_place(row), row["line"]) for row in shared.values()}
    assert shared.keys() <= ours.facts.keys()
    for name, fact in ours.facts.items():
        assert (fact.place, fact.line) in noted, name
        if row := shared.get(name):
            assert (fact.place, fact.line) == (_place(row), row["line"]), name
            assert fact.audience == row["audience"], name


@needs_guide
def test_every_place_is_in_the_guide(shared: dict[str, Any], lines: list[str]) -> None:
    """What was noted as the anchor of a fact stands in the line that is named."""
    for name, row in shared.items():
        assert row["anchor"] in lines[row["line"]], name


@needs_guide
def test_every_number_and_address_is_in_its_line(rows: dict[str, Any], lines: list[str]) -> None:
    """The guide prints each of them where the file says so; an address may go on below."""
    assert rows["parts"]["8"]["lines"][1] == len(lines) - 1
    for printed, place in (rows["phones"] | rows["web"]).items():
        text = "".join(lines[place["line"] : place["line"] + 2])
        assert printed.lower() in re.sub(r" (?=\S*/)", "", text).lower(), printed


@needs_guide
def test_no_sentence_is_the_guides_own(
    sources: ContentSources, ours: Guide, shared: dict[str, Any], lines: list[str]
) -> None:
    """No run of eight words is the guide's, nor, in a summary, that of the notes beside it."""
    guide = set(_runs(" ".join(lines)))
    noted = {run for row in shared.values() for run in _runs(row["fact"])}
    copied = {
        run for text in (*sources.texts, *sources.outreach_texts) for run in _runs(text.message)
    }
    assert {" ".join(run) for run in copied & guide} == COPIED
    for fact in ours.facts.values():
        assert not (guide | noted).intersection(_runs(fact.summary)), fact.summary


def _place(row: dict[str, Any]) -> str:
    return f"Part {row['part']}, {row['heading']}"


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = re.findall(r"[a-z]+", text.lower())
    return (tuple(words[i : i + 8]) for i in range(len(words) - 7))
