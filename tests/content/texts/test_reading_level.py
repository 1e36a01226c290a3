"""The English texts are as easy as a children's book, and say "you"."""

import re
import statistics

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree

# LIX is words per sentence plus the percentage of words above six letters: about 25 for
# children's books, 35 for easy novels, 45 for newspapers, 53 for the guide.
AVERAGE = 25
FOR_CHILDREN = 27  # nearly every sentence contains "child welfare service"
MAXIMUM = 41
LONGEST_SENTENCE = 20  # words


def lix(text: str) -> float:
    import textstat  # brings NLTK: a second, which the other worker need not spend

    return float(textstat.lix(text))


@pytest.fixture(scope="module")
def reading_levels(sources: ContentSources) -> dict[str, float]:
    """The LIX of each topic screen; a phone number counts as one short word."""
    screens = (
        screen
        for screen in ScreenTree(sources.content).screens
        if screen.topic in sources.content.topics
    )
    texts = {screen.code: " ".join(text for _, text in screen.body) for screen in screens}
    texts = {
        code: re.sub(r"\{\w+\}", "it", text).replace(": ", ". ") for code, text in texts.items()
    }
    return {code: lix(text) for code, text in texts.items()}


def test_topic_screens_are_easy_to_read(reading_levels: dict[str, float]) -> None:
    """On average; the hardest screens are lists of names."""
    assert statistics.mean(reading_levels.values()) <= AVERAGE
    assert {code: lix for code, lix in reading_levels.items() if lix > MAXIMUM} == {}


def test_sentences_are_short(sources: ContentSources) -> None:
    """A placeholder counts as one word."""
    for screen in ScreenTree(sources.content).screens:
        for _, text in screen.body:
            for sentence in re.split(r"[.?] ", text):
                words = re.findall(r"\{\w+\}|[\w'/-]+", sentence)
                assert len(words) <= LONGEST_SENTENCE, (screen.code, sentence)


@pytest.mark.parametrize("code", ["8", "81", "82", "83"])
def test_screens_for_children_are_easiest_to_read(
    reading_levels: dict[str, float], code: str
) -> None:
    assert reading_levels[code] <= FOR_CHILDREN


def test_texts_address_the_reader(sources: ContentSources) -> None:
    """They never say "the victim" or "one may"."""
    for text in sources.texts:
        words = re.sub(r"\([^)]*\)", "", text.message)  # brackets may contain the name of a service
        assert not re.search(r"\b(?:victims?|one (?:may|can|must)|the client)\b", words, re.I), (
            words
        )
