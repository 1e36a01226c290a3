"""Words that differ from a known word by one typing error."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from rights_line.core.library import Library
from rights_line.core.understanding.words.slips import SlipTable


@given(st.sets(st.text("ab", min_size=8, max_size=10)), st.text("ab", min_size=7, max_size=11))
def test_words_with_one_error_are_found_by_their_first_or_last_letters(
    words: set[str], token: str
) -> None:
    near = SlipTable(dict.fromkeys(words, 0)).words_one_slip_away(token)
    assert {*near} == {word for word in words if OSA.distance(word, token) <= 1}


def test_each_slip_in_emergency_word_finds_it(library: Library) -> None:
    table = library.vocabulary.long_emergency
    for word in table.values:
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
        missing = (word[:i] + word[i + 1 :] for i in range(len(word)))
        assert all(word in table.words_one_slip_away(typo) for typo in (*swapped, *missing)), word
