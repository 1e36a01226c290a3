"""`python -m bench understanding`: replies to messages compared with what they should be."""

from pathlib import Path

import pytest

from bench.understanding import Result, measure, tables

MESSAGES = """\
en\tpassport_taken\tplain\tmy boss took my passport
en\tbeaten\tplain\the hits me
en\tbeaten\tplain\tqwertyuiop asdfgh
en\tharmless\tplain\tdanger, but only a joke
en\tharmless\tplain\tasdfgh qwertyuiop
en\tgreeting_help\tplain\tplease help me
en\tlanguage\tplain\tlanguages
en\tunknown_concept\tplain\thello
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    folder = tmp_path_factory.mktemp("messages")
    (folder / "writer.tsv").write_text(MESSAGES, "utf-8")
    return measure(folder)


def test_measure_compares_each_message_of_a_known_concept(results: list[Result]) -> None:
    assert [row.is_right_screen for row in results] == [True, True, False, False, True, True, True]
    assert [row.is_own_language for row in results] == [True, True, False, True, False, True, False]
    assert [row.is_false_alarm for row in results] == [False, False, False, True, *[False] * 3]
    assert [row.is_urgent for row in results] == [False, True, False, True, *[False] * 3]
    assert not any(row.is_silent for row in results)


def test_tables_show_totals_and_no_message(results: list[Result], tmp_path: Path) -> None:
    printed = "\n".join(tables(results))
    assert "| en | 7 |" in printed
    assert "| emergency | 2 | 50 % |" in printed
    assert "qwertyuiop" not in printed
