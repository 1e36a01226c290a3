"""docs/understanding.md: its figures are about the messages that measure, and add up."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bench.understanding import Text, goals, messages
from tests.support.servers import ROOT

TEXT = (ROOT / "docs" / "understanding.md").read_text("utf-8")
NATURAL = ("natural_1", "natural_2")
# Each row of the first table: name -> number, missed, false alarms.
ROWS = {
    name: tuple(int(cell.replace(",", "")) for cell in (number, missed, alarms))
    for name, number, missed, alarms in re.findall(
        r"(?m)^\| ([a-z ,]+) \| ([\d,]+) \|(?: \d+ \|){3} (\d+) \| (\d+) \| \d+ \|$", TEXT
    )
}


@pytest.fixture(scope="module")
def measured() -> list[Text]:
    known = goals()
    folder = ROOT / "tests" / "data" / "messages" / "test"
    return [text for text in messages(folder) if text.concept in known]


def listed(name: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield the entries of a paragraph such as "ar 24 (2, 0)": number, missed, false alarms."""
    (paragraph,) = re.findall(rf"(?ms)^By {name}[^:]*: (.*?)\n\n", TEXT)
    for entry in re.findall(r"([\w-]+)\s(\d+)\s\((\d+),\s(\d+)\)", paragraph):
        yield entry[0], int(entry[1]), int(entry[2]), int(entry[3])


def test_table_counts_the_messages_that_measure(measured: list[Text]) -> None:
    natural = [text for text in measured if text.writer in NATURAL]
    known = goals()
    severities = Counter(known[text.concept].severity for text in natural)
    writers = Counter(text.writer for text in measured)
    assert f"{len(measured):,} messages in 36 languages" in TEXT
    assert {name: row[0] for name, row in ROWS.items()} == {
        "natural mix": len(natural),
        "its emergencies": severities["emergency"],
        "its everyday needs": severities["everyday"],
        "its acts, greetings and harmless texts": len(natural)
        - severities["emergency"]
        - severities["everyday"],
        "indirect wishes to die": writers["indirect_suicide"],
        "insults, jokes and complaints": writers["insults_and_jokes"],
        "three writers with many emergencies": sum(
            writers[name] for name in ("first", "told", "phone")
        ),
    }


def test_rows_of_the_natural_mix_add_up() -> None:
    parts = [row for name, row in ROWS.items() if name.startswith("its ")]
    assert tuple(map(sum, zip(*parts, strict=True))) == ROWS["natural mix"]


def test_languages_and_topics_add_up_to_the_natural_mix(measured: list[Text]) -> None:
    natural = [text for text in measured if text.writer in NATURAL]
    known = goals()
    of = {
        "language": Counter(text.language for text in natural),
        "topic": Counter(known[text.concept].topic for text in natural),
    }
    for name, counts in of.items():
        rows = [*listed(name)]
        assert {row[0]: row[1] for row in rows} == counts, name
        assert (sum(row[2] for row in rows), sum(row[3] for row in rows)) == ROWS["natural mix"][1:]
