"""Learn the weights of content/decision.yaml from the messages of the dev writers: `make decision`.

The model has not learnt them. The figures of a writer come from weights that the other writers'
messages gave; those for the file come from all of them. The costs stay as people wrote them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import yaml

from bench.understanding import URGENT
from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.tables import DECISION_FILE
from rights_line.core import MENU
from rights_line.core.library import Library
from rights_line.core.understanding.decision import SentenceReader
from rights_line.core.understanding.evidence import Followed, MeaningShare, Weights
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.sentences import (
    followed_phrase,
    is_sentence,
    sentence_phrases,
)
from rights_line.core.understanding.words.normalised_text import normalise_text
from rights_line.core.understanding.words.tables import Match
from rights_line.core.understanding.words.vocabulary import Entry
from rights_line.library import ROOT
from scripts.model.meanings import Meanings
from scripts.model.samples import Sample, training_messages

SETTINGS = Path(__file__).parent / "settings.yaml"
FACTORS = (0.7, 1.4)  # by which a weight is multiplied, in turn
ROUNDS = 2


class Case(NamedTuple):
    """A message with the evidence for what it means.

    Attributes:
        sample: the message.
        probabilities: of the labels of the model.
        phrases: the known phrases in it.
        followed: the phrase that the rules would follow.
    """

    sample: Sample
    probabilities: Sequence[float]
    phrases: Sequence[Match[Entry]]
    followed: Followed | None


def cases(samples: Sequence[Sample], library: Library, reader: SentenceReader) -> Iterator[Case]:
    """Yield the messages that the model reads."""
    for sample in samples:
        text = normalise_text(sample.text, library.own_lines)
        message = Message(text.words, text.sentence, None, library)
        if is_sentence(message):
            phrases = sentence_phrases(message)
            found = reader.model.probabilities(text.sentence)
            yield Case(sample, found, phrases, followed_phrase(phrases, message))


def loss(reader: SentenceReader, found: Sequence[Case]) -> float:
    """Return the mean cost of the replies; where several meanings are right, the least."""
    meanings = dict(zip(reader.model.labels, reader.meanings, strict=True))
    total = 0.0
    for case in found:
        code = reader.choose_screen(shares_of(reader, case)).code
        goals = (case.sample.label, *case.sample.also)
        total += min(reader.cost(code, meanings[name]) for name in goals)
    return total / len(found)


def shares_of(reader: SentenceReader, case: Case) -> list[MeaningShare]:
    return reader.weigh(case.probabilities, case.phrases, case.followed)


def learnt(reader: SentenceReader, found: Sequence[Case]) -> SentenceReader:
    """Return the reader with the weights of the least loss: one changed at a time."""
    best = loss(reader, found)
    for _ in range(ROUNDS):
        for name in Weights._fields:
            for factor in FACTORS:
                old = getattr(reader.weights, name)
                other = replace(reader, weights=reader.weights._replace(**{name: old * factor}))
                value = loss(other, found)
                if value < best - 1e-5:
                    best, reader = value, other
    return reader


def figures(chosen: Sequence[tuple[Case, str]], meanings: Meanings) -> str:
    """Return the shares of right screens and of emergencies found, and the false alarms."""
    right = [meanings.is_right(_screen(code), c.sample.label, c.sample.also) for c, code in chosen]
    urgent = [meanings.is_urgent(case.sample.label) for case, _ in chosen]
    found = [code in URGENT for _, code in chosen]
    emergencies = [f for f, u in zip(found, urgent, strict=True) if u]
    alarms = sum(f and not r for f, r in zip(found, right, strict=True))
    return (
        f"{len(chosen)} messages, right screen {sum(right) / len(right):.3f}, emergencies at "
        f"danger or doctor {sum(emergencies) / max(len(emergencies), 1):.3f}, false alarms "
        f"{alarms} of {len(chosen) - len(emergencies)}"
    )


def _screen(code: str) -> str:
    return "" if code == MENU else code


def cross_validated(
    reader: SentenceReader, found: Sequence[Case], tell: Callable[[str], object], meanings: Meanings
) -> None:
    """Tell the figures of each writer, with the weights that the others give."""
    chosen: list[tuple[Case, str]] = []
    for writer in sorted({case.sample.writer for case in found}):
        own = [case for case in found if case.sample.writer == writer]
        others = [case for case in found if case.sample.writer != writer]
        other_reader = learnt(reader, others) if others else reader
        rows = [
            (case, other_reader.choose_screen(shares_of(other_reader, case)).code) for case in own
        ]
        tell(f"{writer}: {figures(rows, meanings)}")
        chosen += rows
    tell(f"All: {figures(chosen, meanings)}")


def main() -> None:
    sources = ContentSources(ROOT)
    library = build_library(sources, "drafts")
    reader = library.reader
    if reader is None:
        raise SystemExit(sources.load_model().problem)
    meanings = Meanings.of(library)
    writers = yaml.safe_load(SETTINGS.read_text("utf-8"))["dev_writers"]
    samples = [one for one in training_messages(meanings, library) if one.writer in writers]
    found = list(cases(samples, library, reader))
    cross_validated(reader, found, print, meanings)
    weights = learnt(reader, found).weights
    print(
        "Weights for",
        DECISION_FILE,
        {name: round(value, 2) for name, value in weights._asdict().items()},
    )


if __name__ == "__main__":
    main()
