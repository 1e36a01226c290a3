"""Words that differ from a known word by one typing error."""

import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from rights_line.core.library import Library
from rights_line.core.understanding.words.slips import SlipTable

_LETTERS = "aeinorstwzåøłиа"


@given(st.sets(st.text("ab", min_size=1, max_size=9)), st.text("ab", max_size=10))
def test_words_with_one_error_are_found_by_their_first_or_last_half(
    words: set[str], token: str
) -> None:
    near = SlipTable(dict.fromkeys(words, 0)).one_away(token)
    assert {*near} == {word for word in words if OSA.distance(word, token) <= 1}


def test_words_one_slip_away_from_real_words_are_those_that_a_comparison_with_all_finds(
    library: Library,
) -> None:
    """The nearest first, then by the alphabet: with none to three errors in each word."""
    source = random.Random(4)
    for table in (library.vocabulary.long_words, library.vocabulary.long_names):
        for word in source.sample([*table.values], 100):
            token = word
            for _ in range(source.randrange(4)):
                token = _with_typing_error(token, source)
            distances = {known: OSA.distance(known, token) for known in sorted(table.values)}
            near = [
                known for distance in (0, 1) for known in distances if distances[known] == distance
            ]
            assert table.one_away(token) == near, token


def _with_typing_error(word: str, source: random.Random) -> str:
    at = source.randrange(len(word) - 1)
    letter = source.choice(_LETTERS)
    return source.choice(
        [
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


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
