"""The tokenizer of the sentence model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_line.core.understanding.sentence_model import (
    BEGIN,
    END,
    MAX_LENGTH,
    UNKNOWN,
    SentencePieces,
)

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁query", ":", "▁he", "▁hel", "lp", "l", "p", "e"]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -5.0, -2.0, -4.0, -6.0, -3.0, -4.0, -4.0, -2.0]
CHARACTERS = {ord("H"): "h", 0x00A0: " ", ord("ﷺ"): "help " * 18}
MAX_TOKENS = 16
PREFIX = [BEGIN, 5, 6]  # "query:"


@pytest.fixture
def pieces() -> SentencePieces:
    return SentencePieces(PIECES, SCORES, CHARACTERS, MAX_TOKENS)


def named(pieces: SentencePieces, text: str) -> list[str]:
    """Return the pieces of a text, without those around it."""
    ids = pieces.piece_ids(text)
    assert (ids[:3], ids[-1]) == (PREFIX, END)
    return [PIECES[i] for i in ids[3:-1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help", "▁he lp"),  # the best sum, -7: "▁hel" and "p" have -10
        ("Help", "▁he lp"),
        *((text, "▁he ▁he") for text in (" he  he ", "he\n\the", "he\u00a0he")),
        ("he☂lp", "▁he <unk> lp"),
        (" \n", ""),
        (" " * 10 * MAX_LENGTH + "he", ""),  # beyond what is read
    ],
)
def test_text_is_cut_into_the_best_pieces(pieces: SentencePieces, text: str, expected: str) -> None:
    assert named(pieces, text) == expected.split()


def test_written_name_of_a_special_piece_is_only_text(pieces: SentencePieces) -> None:
    assert END not in pieces.piece_ids("he </s> he")[:-1]


@pytest.mark.parametrize("text", ["help " * 400, "☂" * 1600, "ﷺ" * 1600, "l" * 1600])
def test_long_text_is_cut(pieces: SentencePieces, text: str) -> None:
    assert len(pieces.piece_ids(text)) == MAX_TOKENS


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    pieces = SentencePieces(PIECES, SCORES, CHARACTERS, 10 * MAX_LENGTH)
    assert len(pieces.piece_ids("☂" * 10 * MAX_LENGTH)) == len([*PREFIX, "▁", END]) + MAX_LENGTH


@given(st.text(st.characters(), max_size=60))
def test_any_text_gives_ids_that_exist(text: str) -> None:
    ids = SentencePieces(PIECES, SCORES, CHARACTERS, MAX_TOKENS).piece_ids(text)
    assert set(ids[1:-1]) <= set(range(UNKNOWN, len(PIECES)))
    assert 4 <= len(ids) <= MAX_TOKENS
