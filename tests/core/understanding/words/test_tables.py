"""Known phrases in a text: the longest wins; and words with one typing error."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from rights_line.core.library import Library
from rights_line.core.understanding import Intent, ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.words.tables import PhraseTable, SlipTable


def test_empty_table_has_no_text() -> None:
    assert PhraseTable.of({}).get("") is None  # whose hash is 0


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
        (["ما يدفعون", "وقت"], "اشتغل وما يدفعون وقت", ["ما يدفعون", "وقت"]),  # "and" is joined
        ([], "a", []),
    ],
)
def test_find_phrases_returns_those_that_no_longer_one_contains(
    phrases: list[str], text: str, found: list[str]
) -> None:
    table = PhraseTable.of(dict.fromkeys(phrases, 0))
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


@pytest.mark.parametrize(
    ("text", "code"),
    [("paszport, nie dostałem wypłaty", "4"), ("praca, paszport", "5")],
    ids=["the longest", "of two words, that of the first concept"],
)
def test_phrase_that_names_the_topic(small_library: Library, text: str, code: str) -> None:
    """Papers stand above work in content/concepts.yaml."""
    assert interpret_to_intent(text, None, small_library) == ShowScreen("pl", code)


@given(st.sets(st.text("ab", min_size=1, max_size=9)), st.text("ab", max_size=10))
def test_words_with_one_error_are_found_by_their_first_or_last_half(
    words: set[str], token: str
) -> None:
    """The nearest first, then by the alphabet, as a comparison with all words finds them."""
    found = sorted((OSA.distance(word, token), word) for word in words)
    near = [word for distance, word in found if distance <= 1]
    assert SlipTable(dict.fromkeys(words, 0)).one_away(token) == near


def test_each_slip_in_emergency_word_finds_it(library: Library) -> None:
    table = library.vocabulary.long_emergency
    for word in table.values:
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
        missing = (word[:i] + word[i + 1 :] for i in range(len(word)))
        assert all(word in table.one_away(typo) for typo in (*swapped, *missing)), word


def test_words_that_a_lookup_compares_stay_few_as_words_grow() -> None:
    """Nine letters of 22, as the topics that `python -m bench growth` generates."""
    source = random.Random(4)
    words = ["".join(source.choices("abcdefghijklmnoprstuvz", k=9)) for _ in range(12_000)]
    compared = SlipTable(dict.fromkeys(words, 0)).with_same_half(words[0])
    assert len(compared) <= 3
