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
en\tthanks\tplain\tthank you very much for this
en\tdeny\tplain\tno not that
en\tsuicidal\tplain\tI want to kill myself
en\twages\tplain\tI want to kill myself
en\twages\tplain\tGot a letter from a court in Oslo about the nail salon \
I worked in. I can't read it and can't pay a lawyer.
en\tnot_danger\tplain\tDear team, I filled in your form about my niece in a moment of panic \
because she hadn't answered for two days and her boyfriend has a temper. She's rung now from her \
mother's, they've split up calmly, she's safe and laughing about it. Please don't send anyone.
en\tthreats\tplain\the says he will kill my family
nb\tdoctor\tsession\tdoctor
nb\tdoctor\tplain\tdoctor
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    folder = tmp_path_factory.mktemp("messages")
    (folder / "writer.tsv").write_text(MESSAGES, "utf-8")
    return measure(folder)


def test_measure_compares_each_message_of_a_known_concept(results: list[Result]) -> None:
    first = results[:7]
    assert [row.is_right_screen for row in first] == [True, True, False, False, True, True, True]
    assert [row.is_own_language for row in first] == [True, True, False, True, False, True, False]
    assert [row.is_false_alarm for row in first] == [False, False, False, True, *[False] * 3]
    assert [row.is_urgent for row in first] == [False, True, False, True, *[False] * 3]
    assert not any(row.is_silent for row in results)


def test_menu_or_an_answer_is_right_for_what_is_no_need(results: list[Result]) -> None:
    thanks, deny = results[7:9]
    assert thanks.is_right_screen
    assert deny.is_right_screen


def test_screen_about_suicide_is_an_alarm_unless_it_is_meant(results: list[Result]) -> None:
    meant, other = results[9:11]
    assert (meant.is_right_screen, meant.is_urgent, meant.is_false_alarm) == (True, True, False)
    assert (other.is_right_screen, other.is_urgent, other.is_false_alarm) == (False, True, True)


def test_list_and_links_count_apart(results: list[Result]) -> None:
    found = [(row.is_right_screen, row.is_in_list, row.is_in_links) for row in results[11:13]]
    assert found == [(False, False, True), (False, True, False)]


def test_danger_screen_that_the_concept_names_is_no_alarm(results: list[Result]) -> None:
    threats = results[13]
    assert (threats.is_right_screen, threats.is_urgent, threats.is_false_alarm) == (
        True,
        True,
        False,
    )


def test_text_of_a_session_is_measured_in_its_language(results: list[Result]) -> None:
    in_session, first = results[14:16]
    assert (in_session.is_own_language, first.is_own_language) == (True, False)


def test_missed_is_neither_shown_nor_offered(results: list[Result]) -> None:
    missed = [row for row in results if row.is_missed]
    assert missed
    assert not any(row.is_right_screen or row.is_in_list or row.is_in_links for row in missed)
    printed = [*tables(results)]
    assert printed[0].endswith(f" | {len(missed)} | {sum(r.is_false_alarm for r in results)} |")


def test_tables_show_totals_and_no_message(results: list[Result], tmp_path: Path) -> None:
    printed = "\n".join(tables(results))
    assert "| en | 14 |" in printed
    assert "| emergency | 3 |" in printed
    assert "qwertyuiop" not in printed
