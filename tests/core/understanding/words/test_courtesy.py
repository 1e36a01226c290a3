"""Words of greeting, help and politeness at both ends of a text."""

import pytest

from rights_line.core.understanding.words import normalise
from rights_line.core.understanding.words.courtesy import Courtesy

PHRASES = (
    "help",
    "please help",
    "hei",
    "good day",
    "من فضلك",
    "你好",
    "ช่วยด้วย",
    "please",
    "请",
    "thanks",
)
COURTESY = Courtesy({normalise(phrase): phrase for phrase in PHRASES}, str, {"thanks"})


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("help he has a knife", "he has a knife"),
        ("HELP!!! he has a knife", "he has a knife"),
        ("Good day, please help: he has a knife", "he has a knife"),
        ("help help help he has a knife!", "he has a knife!"),
        ("he has a knife please help", "he has a knife"),
        ("hei, he won't help me", "he won't help me"),  # in the middle it stays
        ("من فضلك معه سكين", "معه سكين"),
        ("你好他掐我", "他掐我"),
        ("你好，他掐我", "他掐我"),
        ("ช่วยด้วยเขาบีบคอฉัน", "เขาบีบคอฉัน"),
        ("请客吃饭", "请客吃饭"),  # one character begins other words
        ("hello there", "hello there"),
        ("thanks but he is outside", "but he is outside"),
        ("he is outside thanks", "he is outside thanks"),  # "he is not good" must stay
        ("help thanks", ""),
        ("help", ""),
        ("help! please", ""),
        ("", ""),
    ],
)
def test_courtesy_is_taken_out_at_both_ends(sentence: str, rest: str) -> None:
    assert COURTESY.bare(sentence).sentence == rest


def test_phrases_taken_out_are_told() -> None:
    assert COURTESY.bare("hei he has a knife, please help").taken == ("hei", "please help")
    assert COURTESY.bare("he has a knife").taken == ()
