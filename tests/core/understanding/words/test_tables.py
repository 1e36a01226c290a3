"""Known phrases in a text: the longest wins, and hides those inside it."""

import pytest

from rights_line.core.library import Library
from rights_line.core.understanding.intents import Intent, ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.words.tables import PhraseTable
from tests.support.messages import shown


@pytest.mark.parametrize(
    ("phrases", "text", "found"),
    [
        (["in danger", "not in danger"], "i am not in danger", ["not in danger"]),
        (
            ["in danger", "not in danger"],
            "not in danger but in danger",
            ["not in danger", "in danger"],
        ),
        (["a b", "b c"], "a b c", ["a b", "b c"]),
        (["a b c d e f"], "a b c d e f g", ["a b c d e f"]),
        (["a b"], "a  b", []),
        (["ab"], "abc", []),
        (["护照", "拿走护照"], "老板拿走护照了", ["拿走护照"]),
        (["护照"], "passport护照 x", ["护照"]),
        (["ไม่"], "ผมไม่รู้", ["ไม่"]),
        ([], "a", []),
    ],
)
def test_find_phrases_returns_those_that_no_longer_one_contains(
    phrases: list[str], text: str, found: list[str]
) -> None:
    table = PhraseTable([(0, phrases)])
    assert [match.phrase for match in table.find_phrases(text)] == found


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I am in danger", ShowScreen("en", "1")),
        ("I am not in danger", ShowScreen("en", "0")),
        ("I am not in danger, only want to ask about work", ShowScreen("en", "4")),
        ("not in danger but he hits me", ShowScreen("en", "1")),
        ("he hits me but I am not in danger", ShowScreen("en", "1")),
        ("not in danger now. In danger tonight", ShowScreen("en", "1")),
    ],
)
def test_harmless_phrase_hides_only_emergency_phrase_inside_it(
    small_library: Library, text: str, intent: Intent
) -> None:
    assert interpret_to_intent(text, None, small_library) == intent


def test_longest_phrase_wins_over_first(library: Library) -> None:
    for text in ("my boss took my passport", "at work they took my passport"):
        assert shown(text, None, library).code == "52"


def test_concept_that_stands_first_wins_among_phrases_of_equal_length(library: Library) -> None:
    """Papers stand above work in content/concepts.yaml."""
    rules = library.without_model
    assert interpret_to_intent("boss, passport", None, rules) == ShowScreen("en", "5")
