"""The end of a long text counts beside its beginning."""

from collections.abc import Sequence

import pytest

from rights_line.core.understanding.sentence_model import (
    last_sentences,
    read_probabilities,
)

STORY = "We came in May. " * 30


class EndModel:
    """A model that names the texts it reads, and finds only what a question at the end asks."""

    labels: tuple[str, ...] = ("other", "asked")

    def __init__(self) -> None:
        self.texts: list[str] = []

    def probabilities(self, text: str) -> Sequence[float]:
        self.texts.append(text)
        return (0.0, 1.0) if text.endswith("?") and len(text) < 100 else (1.0, 0.0)


def test_question_at_the_end_of_a_long_text_counts_most() -> None:
    model = EndModel()
    assert read_probabilities(model, f"{STORY}May I stay?") == pytest.approx((0.4, 0.6))
    assert model.texts[1] == "We came in May. We came in May. May I stay?"


def test_short_text_is_read_once() -> None:
    model = EndModel()
    assert read_probabilities(model, "May I stay?") == (0.0, 1.0)
    assert model.texts == ["May I stay?"]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("One. Two! Three? Four", "Two! Three? Four"),
        ("一。二！三？四。", "二！ 三？ 四。"),
        ("एक। दो। तीन। चार।", "दो। तीन। चार।"),
        ("mark " * 100, "mark " * 55),
        ("字" * 300, "字" * 280),
    ],
)
def test_last_sentences_of_any_script(text: str, end: str) -> None:
    assert last_sentences(text).split() == end.split()
