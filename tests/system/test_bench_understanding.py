"""`python -m bench understanding`: replies to messages compared with what they should be."""

import pytest

from bench.understanding import Result, measure, tables
from rights_line.core.library import Library

LETTER = (
    "Got a letter from a court in Oslo about the nail salon I worked in. I can't read it and can't "
    "pay a lawyer."
)
NEXT_DOOR = (
    "Does this happen in normal homes too? Next door a woman minds the kids and I never see her "
    "outside"
)
# (language, concept, register, text) -> what holds of the reply; the unknown concept has none.
MESSAGES = {
    ("en", "passport_taken", "plain", "my boss took my passport"): "right_screen own_language",
    ("en", "beaten", "plain", "he hits me"): "right_screen own_language urgent",
    ("en", "beaten", "plain", "qwertyuiop asdfgh"): "missed",
    ("en", "harmless", "plain", "danger, but only a joke"): (
        "own_language urgent false_alarm missed"
    ),
    ("en", "harmless", "plain", "asdfgh qwertyuiop"): "right_screen",
    ("en", "greeting_help", "plain", "please help me"): "right_screen own_language",
    ("en", "language", "plain", "languages"): "right_screen",
    ("en", "unknown_concept", "plain", "hello"): "",
    ("en", "thanks", "plain", "thank you very much for this"): "right_screen own_language",
    ("en", "deny", "plain", "no not that"): "right_screen own_language",
    ("en", "suicidal", "plain", "I want to kill myself"): "right_screen own_language urgent",
    ("en", "wages", "plain", "I want to kill myself"): "own_language urgent false_alarm missed",
    ("en", "wages", "plain", LETTER): "in_links own_language",
    ("en", "signs_adult", "plain", NEXT_DOOR): "in_list own_language",
    ("en", "threats", "plain", "he says he will kill my family"): (
        "right_screen own_language urgent"
    ),
    ("nb", "doctor", "session", "doctor"): "right_screen own_language urgent",
    ("nb", "doctor", "plain", "doctor"): "missed",
}
FLAGS = (
    *("right_screen", "in_list", "in_links", "own_language", "urgent", "false_alarm"),
    *("missed", "silent"),
)


@pytest.fixture(scope="module")
def results(library: Library, tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    folder = tmp_path_factory.mktemp("messages")
    rows = "".join("\t".join(row) + "\n" for row in MESSAGES)
    (folder / "writer.tsv").write_text(rows, "utf-8")
    return measure(folder, library)


def test_measure_compares_each_message_of_a_known_concept(results: list[Result]) -> None:
    """A list and links count apart; a text of a session is measured in its language."""
    known = {row: expected for row, expected in MESSAGES.items() if row[1] != "unknown_concept"}
    for row, expected, result in zip(known, known.values(), results, strict=True):
        found = {flag for flag in FLAGS if getattr(result, f"is_{flag}")}
        assert found == {*expected.split()}, row


def test_tables_show_totals_and_no_message(results: list[Result]) -> None:
    printed = [*tables(results)]
    missed, alarms = (
        sum(row.is_missed for row in results),
        sum(row.is_false_alarm for row in results),
    )
    assert printed[0].endswith(f" | {missed} | {alarms} |")
    whole = "\n".join(printed)
    assert "| en | 14 |" in whole
    assert "| emergency | 3 |" in whole
    assert "qwertyuiop" not in whole
