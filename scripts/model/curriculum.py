"""All samples as numbers, and the texts that each epoch learns."""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.library import ROOT
from scripts.model.meanings import Meanings
from scripts.model.samples import Sample, phrases, screens, training_messages, without_marks
from scripts.model.slips import typed
from scripts.model.training import Lessons
from scripts.model.vocabulary import kept_pieces, our_texts, tokenizer
from scripts.model.weights import BaseModel

_EXAMPLES = 30  # texts that show what a label is
_HEAD_PHRASES = 9_000  # that the head is fitted to, before all else
_EPOCH_PHRASES = 3_000  # drawn anew for each epoch
_SHARE_TYPED = 0.5  # of the messages, with slips


class Curriculum:
    """All samples.

    Args:
        dev_writers: those whose messages are not learnt.
        known_writers: those whose messages the network has learnt before.
        replay: share of the known messages, the screens and phrases that an epoch learns again.

    Attributes:
        meanings: what the labels lead to.
        labels: all labels, sorted.
        messages: the messages, those of the dev writers last.
        dev: those of the dev writers.
        count_of_screens: texts of screens, in all languages.
        count_of_phrases: phrases, in all languages.
        kept: ids of the pieces of the base model to keep.
        ids: the pieces of each sample: messages, screens, phrases.
        lessons: the same with labels and weights.
    """

    def __init__(
        self,
        base: BaseModel,
        dev_writers: Collection[str],
        known_writers: Collection[str],
        replay: float,
    ) -> None:
        self.dev_writers = {*dev_writers}
        self.known_writers, self.replay = known_writers, replay
        sources = ContentSources(ROOT)
        library = build_library(sources, "drafts")
        self.meanings = Meanings.of(library)
        found = training_messages(self.meanings, library)
        self.dev = [sample for sample in found if sample.writer in dev_writers]
        learnt = [sample for sample in found if sample.writer not in dev_writers]
        self.messages = [*learnt, *_some_without_marks(learnt), *self.dev]
        others = [*screens(library, self.meanings)]
        self.count_of_screens = len(others)
        every = [*self.messages, *others, *phrases(sources, self.meanings)]
        self.count_of_phrases = len(every) - len(self.messages) - len(others)
        self.labels = sorted({sample.label for sample in every})
        texts = [*our_texts(sources), *(sample.text for sample in self.messages)]
        self.kept = kept_pieces(base, texts)
        self._pieces = tokenizer(base, self.kept)
        self.ids = [self._pieces.piece_ids(sample.text) for sample in every]
        self.lessons = _lessons(self.ids, every, self.labels)

    def __str__(self) -> str:
        counts = {
            "messages": self.early_messages,
            "messages of dev writers": len(self.dev),
            "screens": self.count_of_screens,
            "phrases": self.count_of_phrases,
            "labels": len(self.labels),
            "pieces": len(self.kept),
        }
        return ", ".join(f"{count} {name}" for name, count in counts.items())

    @property
    def dev_ids(self) -> list[list[int]]:
        """Return the pieces of the messages of the dev writers."""
        return self.ids[len(self.messages) - len(self.dev) : len(self.messages)]

    def head(self) -> tuple[list[int], list[int]]:
        """Return the messages and the phrases that the head is fitted to."""
        phrases_from = len(self.messages) + self.count_of_screens
        phrases = random.Random(0).sample(range(phrases_from, len(self.ids)), _HEAD_PHRASES)
        return [*range(self.early_messages)], phrases

    def examples(self) -> dict[str, list[list[int]]]:
        """Return the pieces of some texts of each label."""
        groups: dict[str, list[list[int]]] = defaultdict(list)
        for ids, label in zip(self.ids, self.lessons.labels.tolist(), strict=True):
            groups[self.labels[label]].append(ids)
        return {label: texts[:_EXAMPLES] for label, texts in groups.items()}

    def epoch(self, dice: random.Random) -> list[int]:
        """Return the indices of the texts of one epoch."""
        early = self.messages[: self.early_messages]
        new = [i for i, one in enumerate(early) if one.writer not in self.known_writers]
        known = [i for i, one in enumerate(early) if one.writer in self.known_writers]
        screens_from = len(self.messages)
        screens = range(screens_from, screens_from + self.count_of_screens)
        phrases = dice.sample(range(screens.stop, len(self.ids)), _EPOCH_PHRASES)
        again = (
            dice.sample(some, round(self.replay * len(some))) for some in (known, screens, phrases)
        )
        return [*new, *chain.from_iterable(again)]

    def retype(self, dice: random.Random) -> None:
        """Give half of the messages other slips; it holds for the next epoch."""
        for i, sample in enumerate(self.messages[: self.early_messages]):
            is_typed = dice.random() < _SHARE_TYPED
            ids = self._pieces.piece_ids(typed(sample.text, dice)) if is_typed else self.ids[i]
            self.lessons.ids[i] = ids

    @property
    def early_messages(self) -> int:
        """Return the number of messages that are not of the dev writers."""
        return len(self.messages) - len(self.dev)


def _some_without_marks(samples: Sequence[Sample]) -> Iterator[Sample]:
    """Yield messages as they are written without accents: all Vietnamese, a third of the others."""
    for i, sample in enumerate(samples):
        plain = without_marks(sample)
        if plain.text != sample.text and (sample.language == "vi" or i % 3 == 0):
            yield plain


def _lessons(ids: list[list[int]], every: Sequence[Sample], labels: Sequence[str]) -> Lessons:
    index = {label: i for i, label in enumerate(labels)}
    return Lessons(
        [*ids], [index[sample.label] for sample in every], [sample.weight for sample in every]
    )
