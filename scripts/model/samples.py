"""Texts to learn from, each with a label: messages, phrases of words.yaml, and our screens.

A label is the id of a concept, `none`, or the code of a screen.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench import understanding
from rights_line.content import ContentSources
from rights_line.core.library import Library
from rights_line.core.understanding.words import normalise, scripts
from rights_line.library import ROOT
from scripts.model.meanings import Meanings

MESSAGES = ROOT / "messages"
TEST = ROOT / "tests" / "data" / "messages" / "test"
_TEXT_WEIGHT = 0.3  # of a phrase or a screen, where a message counts 1
_SCREEN_LENGTH = 200  # characters of a screen that are learnt
_BARRED = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "ø": "o", "Ø": "O"}
# A third of the messages are emergencies; of what people send, fewer are. The weights and costs of
# content/decision.yaml are made for a quarter.
_EMERGENCY_WEIGHT = 0.8


@dataclass(frozen=True)
class Sample:
    """A text to learn from.

    Attributes:
        text: as it is written.
        label: what it means.
        weight: how much an error costs.
        language: tag of its language.
        register: how a message is written; empty for other texts.
        writer: the file of a message, without its ending; empty for other texts.
        also: labels of other meanings that are as good.
    """

    text: str
    label: str
    weight: float
    language: str
    register: str = ""
    writer: str = ""
    also: Sequence[str] = ()


def messages(folder: Path, meanings: Meanings) -> Iterator[Sample]:
    """Yield the messages of a folder: a file a writer."""
    for row in understanding.messages(folder):
        also = [meanings.label(other) for other in row.also]
        label = meanings.label(row.concept)
        weight = _weight(label, meanings)
        yield Sample(row.text, label, weight, row.language, row.register, row.writer, also)


def test_texts() -> set[str]:
    """Return the normalised texts of the messages that measure, and may not be learnt."""
    return {normalise(row.text) for row in understanding.messages(TEST)}


def training_messages(meanings: Meanings, library: Library) -> list[Sample]:
    """Return all messages that may be learnt, as the line reads them."""
    forbidden = test_texts()
    found = (one for one in messages(MESSAGES, meanings) if normalise(one.text) not in forbidden)
    return [_in_own_letters(one, library) for one in found]


def _in_own_letters(sample: Sample, library: Library) -> Sample:
    """Return a message in Latin letters in those of its language, if the line reads it so."""
    letters = library.vocabulary.own_letters.get(sample.language)
    own = scripts.pattern(library.languages[sample.language].script)
    if letters is None or own.search(sample.text):
        return sample
    return replace(sample, text=letters.write(sample.text))


def without_marks(sample: Sample) -> Sample:
    """Return a message as a keyboard without accents writes it: "khong co giay to"."""
    return replace(sample, text="".join(map(_without_mark, sample.text)))


def _without_mark(char: str) -> str:
    base = _BARRED.get(char) or unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char


def phrases(sources: ContentSources, meanings: Meanings) -> Iterator[Sample]:
    """Yield the phrases of every language that lead to a screen."""
    for tag, language in sources.languages.items():
        for key, words in language.written_words.items():
            if not meanings.knows(key):
                continue
            label = meanings.label(key)
            weight = _TEXT_WEIGHT * _weight(label, meanings)
            yield from (Sample(phrase, label, weight, tag) for phrase in words)


def screens(library: Library, meanings: Meanings) -> Iterator[Sample]:
    """Yield the text of every screen with a code, in every language that has it."""
    for tag, edition in library.editions.items():
        for code, screen in edition.screens.items():
            if screen.language == tag and code.isdecimal() and meanings.knows(code):
                weight = _TEXT_WEIGHT * _weight(code, meanings)
                yield Sample(screen.body[:_SCREEN_LENGTH], code, weight, tag)


def _weight(label: str, meanings: Meanings) -> float:
    return _EMERGENCY_WEIGHT if meanings.is_urgent(label) else 1.0
