"""The labels of the shipped model have a meaning, and so has every text to learn from."""

from collections import Counter

import pytest

from rights_line.content import ContentSources
from rights_line.core import ACTS, INSULT
from rights_line.core.library import Library
from scripts.model.meanings import Meanings
from scripts.model.samples import phrases, screens, training_messages


@pytest.fixture(scope="module")
def meanings(library: Library) -> Meanings:
    return Meanings.of(library)


def test_labels_of_the_model_are_concepts_or_codes(library: Library, meanings: Meanings) -> None:
    assert library.reader
    labels = library.reader.model.labels
    assert [label for label in labels if not meanings.knows(label)] == []
    assert len(labels) == len({*labels})


def test_model_knows_each_answer(library: Library, meanings: Meanings) -> None:
    assert library.reader
    answers = {meanings.screen(label) for label in library.reader.model.labels}
    assert {*ACTS} - answers <= {INSULT}


@pytest.mark.slow  # 70,000 texts
def test_every_text_to_learn_from_has_a_meaning(
    sources: ContentSources, library: Library, meanings: Meanings
) -> None:
    """What `make model` and `make head` read, without training."""
    learnt = [
        *training_messages(meanings, library),
        *phrases(sources, meanings),
        *screens(library, meanings),
    ]
    found = Counter(meanings.screen(sample.label) for sample in learnt)
    assert {*ACTS} <= found.keys()
    assert found.total() > 70_000


def test_answers_are_not_learnt_as_what_they_answer(library: Library, meanings: Meanings) -> None:
    labels = {sample.label for sample in screens(library, meanings)}
    assert {"1", "12"} <= labels
    assert labels.isdisjoint(ACTS)
