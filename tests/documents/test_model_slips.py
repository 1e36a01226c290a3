"""Slips of the keyboard in what the sentence model learns."""

import random

import pytest

from scripts.model.slips import typed

TEXT = "Min sjef tok passet mitt, og jeg er 16. Ring 112?"


@pytest.mark.parametrize("seed", range(30))
def test_slips_keep_numbers_and_most_words(seed: int) -> None:
    words = typed(TEXT, random.Random(seed)).lower().split()
    assert "112" in words[-1]
    assert len({*words} & {*TEXT.lower().split()}) >= 4  # of 11


def test_slips_differ() -> None:
    dice = random.Random(1)
    assert len({typed(TEXT, dice) for _ in range(20)}) > 10


def test_text_without_spaces_keeps_its_letters() -> None:
    dice = random.Random(1)
    assert {typed("他拿走了我的护照。", dice) for _ in range(20)} == {
        "他拿走了我的护照。",
        "他拿走了我的护照",
    }


def test_marks_alone_are_kept() -> None:
    assert all(typed("???", random.Random(seed)) for seed in range(10))
