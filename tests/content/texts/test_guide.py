"""content/guide_facts.yaml agrees with the guide, and the texts agree with the file."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree
from rights_line.core.model import Provenance
from rights_line.editorial.lint import guide_facts as guide_file
from rights_line.editorial.lint.guide_facts import FACTS, Guide
from rights_line.library import ROOT

ABOUT_THE_LINE = {"what_we_keep"}
# Phone safety: the guide gives no advice on phones, so its place there states no fact.
WITHOUT_FACT = {"96"}
# On nearly every screen, but named as facts only where they are the subject.
ON_MOST_SCREENS = {"alarmtelefonen_number", "urgent_112", "emergency_112_life", "rosa_24h_number"}

# The guide itself is not in the repository. It may lie in a folder above the clone.
ABOVE = [folder / "shared" / "guide" for folder in ROOT.parents]
GUIDE = next(filter(Path.is_dir, ABOVE), None)
needs_guide = pytest.mark.skipif(
    GUIDE is None,
    reason="compares guide_facts.yaml with the guide, and there is no shared/guide above",
)


@pytest.fixture(scope="module")
def rows() -> dict[str, Any]:
    """content/guide_facts.yaml as plain YAML."""
    written: dict[str, Any] = yaml.safe_load((ROOT / FACTS).read_text(encoding="utf-8"))
    return written


@pytest.fixture(scope="module")
def guide_facts() -> Guide:
    """content/guide_facts.yaml as a Guide."""
    return guide_file.load(ROOT)


@pytest.fixture(scope="module")
def noted_facts() -> dict[str, Any]:
    """The facts in the notes that accompany the guide, by id."""
    assert GUIDE
    noted = yaml.safe_load((GUIDE / "guide_facts.yaml").read_text(encoding="utf-8"))["facts"]
    return {row["id"]: row for row in noted}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The lines of the guide, the first at index 1."""
    assert GUIDE
    return ["", *next(GUIDE.glob("*.txt")).read_text(encoding="utf-8").splitlines()]


def statements(sources: ContentSources) -> list[tuple[str, Provenance]]:
    """Return the screens with a source, and the paragraphs for helpers that cite the guide."""
    screens = ScreenTree(sources.content).screens
    advice = [
        (chapter.id, row.provenance) for chapter in sources.outreach for row in chapter.advice
    ]
    return [
        *(
            (screen.code, screen.provenance)
            for screen in screens
            if screen.provenance.citations and screen.topic not in ABOUT_THE_LINE
        ),
        *(row for row in advice if any(place.startswith("Part ") for place in row[1].citations)),
    ]


def test_texts_that_cite_the_guide_name_a_fact(sources: ContentSources) -> None:
    assert {code for code, statement in statements(sources) if not statement.facts} == WITHOUT_FACT


def test_numbers_for_professionals_are_only_in_their_topic(sources: ContentSources) -> None:
    """Rows E01 and E21 of docs/careful.md."""
    names = {
        name for name, row in sources.content.contacts.items() if row.audience == ("professional",)
    }
    assert {sources.content.contacts[name].code for name in names} == {"46615000", "99470279"}
    for text in sources.texts:
        if any(f"{{{name}}}" in text.message for name in names):
            assert text.context in {"professionals", *names}


def test_facts_match_few_texts_that_do_not_name_them(
    sources: ContentSources, guide_facts: Guide
) -> None:
    """The words of a fact are specific: at most six unrelated texts contain them."""
    screens = {screen.code: screen for screen in ScreenTree(sources.content).screens}
    texts = {code: " ".join(text for _, text in row.body) for code, row in screens.items()}
    for name, fact in guide_facts.facts.items():
        matching = {
            code for code, text in texts.items() if fact.says and not fact.missing_words(text)
        }
        unrelated = {code for code in matching if name not in screens[code].provenance.facts}
        assert name in ON_MOST_SCREENS or len(unrelated) <= 6, (name, unrelated)


@needs_guide
def test_facts_have_the_place_and_audience_of_the_notes(
    guide_facts: Guide, noted_facts: dict[str, Any]
) -> None:
    """Facts that the notes do not contain have the place of one that they do."""
    noted = {(_place(row), row["line"]) for row in noted_facts.values()}
    assert noted_facts.keys() <= guide_facts.facts.keys()
    for name, fact in guide_facts.facts.items():
        assert (fact.place, fact.line) in noted, name
        if row := noted_facts.get(name):
            assert (fact.place, fact.line) == (_place(row), row["line"]), name
            assert fact.audience == row["audience"], name


@needs_guide
def test_numbers_and_addresses_are_in_the_named_line(
    rows: dict[str, Any], lines: list[str]
) -> None:
    """A long address may continue on the next line."""
    assert rows["parts"]["8"]["lines"][1] == len(lines) - 1
    for printed, place in (rows["phones"] | rows["web"]).items():
        text = "".join(lines[place["line"] : place["line"] + 2])
        assert printed.lower() in re.sub(r" (?=\S*/)", "", text).lower(), printed


@needs_guide
def test_texts_have_no_eight_words_in_a_row_from_the_guide(
    sources: ContentSources, guide_facts: Guide, noted_facts: dict[str, Any], lines: list[str]
) -> None:
    """Nor have the summaries, from the guide or from its notes."""
    guide = set(_runs(" ".join(lines)))
    noted = {run for row in noted_facts.values() for run in _runs(row["fact"])}
    copied = {
        run for text in (*sources.texts, *sources.outreach_texts) for run in _runs(text.message)
    }
    assert copied & guide == set()
    for fact in guide_facts.facts.values():
        assert not (guide | noted).intersection(_runs(fact.summary)), fact.summary


def _place(row: dict[str, Any]) -> str:
    return f"Part {row['part']}, {row['heading']}"


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = re.findall(r"[a-z]+", text.lower())
    return (tuple(words[i : i + 8]) for i in range(len(words) - 7))
