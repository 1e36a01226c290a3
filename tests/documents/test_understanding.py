"""docs/understanding.md: the messages that its figures are about, and what goes wrong with them."""

import re
from collections import Counter

import pytest

from bench.understanding import goals, messages
from tests.support.servers import ROOT

TEXT = (ROOT / "docs" / "understanding.md").read_text("utf-8")
SECTION = TEXT.partition("## What goes wrong")[2]


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    """The messages that measure, by what they mean."""
    known = goals()
    folder = ROOT / "tests" / "data" / "messages" / "test"
    return Counter(known[text.concept].severity for text in messages(folder))


def test_table_counts_the_messages_that_measure(counts: Counter[str]) -> None:
    rows = re.findall(r"(?m)^\| ([a-z]+) \| ([\d,]+) \| \d", TEXT)
    stated = {name: int(number.replace(",", "")) for name, number in rows}
    assert stated == {**counts, "all": counts.total()}
    assert f"{counts.total():,} messages in 36 languages" in TEXT


def test_kinds_of_false_alarms_add_up_to_their_number_and_share(counts: Counter[str]) -> None:
    kinds = [int(number) for number in re.findall(r"(?m)^\| .* \| (\d+) \|$", SECTION)]
    assert len(kinds) == 5
    assert f"\n{sum(kinds)} messages got the danger screen without cause" in SECTION
    assert f"at most 1.5 % ({100 * sum(kinds) / counts.total():.1f})" in SECTION


def test_missed_emergencies_are_those_that_the_table_leaves(counts: Counter[str]) -> None:
    missed, of = re.findall(r"(\d+) of ([\d,]+) emergencies", SECTION)[0]
    emergencies = counts["emergency"]
    assert of == f"{emergencies:,}"
    right = re.findall(r"(?m)^\| emergency \| [\d,]+ \| (\d+) ", TEXT)[0]
    assert f"{1 - int(missed) / emergencies:.0%}" == f"{right}%"
