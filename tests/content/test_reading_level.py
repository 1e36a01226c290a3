"""The English is for somebody who reads like a ten-year-old, and says "you"."""

import re
import statistics

import pytest
import textstat

from rights_line.content.loader import ContentSources
from rights_line.content.screen_tree import ScreenTree

# LIX: words a sentence, and words of more than six letters in a hundred. Children's books lie at
# about 25, easy novels at 35, newspapers at 45; the guide itself at 53.
EASY = 25
FOR_CHILDREN = 27  # with the name of child welfare in nearly every sentence
HARDEST = 41


def readings(sources: ContentSources) -> dict[str, float]:
    """Return the LIX of each screen of a topic, a number counting as one short word."""
    pages = (
        page for page in ScreenTree(sources.content).screens if page.topic in sources.content.topics
    )
    texts = {page.code: " ".join(text for _, text in page.body) for page in pages}
    texts = {
        code: re.sub(r"\{\w+\}", "it", text).replace(": ", ". ") for code, text in texts.items()
    }
    return {code: float(textstat.lix(text)) for code, text in texts.items()}


def test_the_texts_are_easy(sources: ContentSources) -> None:
    """On the whole as easy as a children's book; the hardest are lists of names."""
    found = readings(sources)
    assert statistics.mean(found.values()) <= EASY
    assert {code: lix for code, lix in found.items() if lix > HARDEST} == {}


@pytest.mark.parametrize("code", ["8", "81", "82", "83"])
def test_a_child_can_read_what_is_for_children(sources: ContentSources, code: str) -> None:
    """What is said to children is in the simplest words."""
    assert readings(sources)[code] <= FOR_CHILDREN


def test_a_hard_text_is_seen() -> None:
    """The measure tells our texts from the guide's."""
    hard = (
        "Presumed victims are entitled to necessary healthcare following comprehensive individual"
        " assessments undertaken by responsible municipal authorities."
    )
    assert textstat.lix(hard) > HARDEST


def test_the_reader_is_addressed(sources: ContentSources) -> None:
    """Nobody is spoken of as a case: no "the victim", no "one may"."""
    for text in sources.texts:
        words = re.sub(r"\([^)]*\)", "", text.message)  # a service's own name may stand in brackets
        assert not re.search(r"\b(?:victims?|one (?:may|can|must)|the client)\b", words, re.I), (
            words
        )
