"""Put the sentence model and content/decision.yaml together into what reads sentences."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rights_line.content.files import schema
from rights_line.content.files.concepts import ConceptRow
from rights_line.content.files.model_file import NAME as MODEL
from rights_line.content.files.model_file import LoadedModel, read_model_file
from rights_line.content.files.yaml_file import load_yaml
from rights_line.core.understanding.sentences.costs import Costs
from rights_line.core.understanding.sentences.decision import SentenceReader
from rights_line.core.understanding.sentences.evidence import Weights
from rights_line.core.understanding.sentences.offer import Unsure
from rights_line.core.understanding.sentences.sentence_model import SentenceModel
from rights_line.core.understanding.words.vocabulary import Concept, Kind
from rights_line.errors import Problem

NAME = "decision.yaml"


class Decision(NamedTuple):
    """The costs and weights of content/decision.yaml."""

    costs: Costs
    weights: Weights
    unsure: Unsure


def read_decision(folder: Path, problems: list[Problem]) -> Decision | None:
    """Return what the file says; None without it, or if it has problems."""
    path = folder / NAME
    if not path.exists():
        return None
    document = load_yaml(path, problems)
    found = list(document.mapping_problems(schema.DECISION, {}))
    problems += found
    if found or not document:
        return None
    return Decision(
        Costs(**document["costs"]), Weights(**document["weights"]), Unsure(**document["unsure"])
    )


@cache  # the file does not change while the line runs, and takes a fifth of a second to read
def load_sentence_model(folder: Path) -> LoadedModel:
    """Return the model of content/; texts without one have no file with its SHA-256 either."""
    path = folder / MODEL
    return read_model_file(path) if path.with_suffix(".sha256").exists() else LoadedModel(None)


def sentence_reader(
    model: SentenceModel | None,
    decision: Decision | None,
    concepts: Mapping[str, ConceptRow],
    topics: Mapping[str, str],
    topic_of: Mapping[str, str],
) -> SentenceReader | None:
    """Return what reads sentences; None if the rules alone do.

    `topics` are the codes of the topics with their ids: a label of the model is a concept's id, the
    code of a topic or of another screen, or `none`. `topic_of` is the code of a sub-screen
    -> that of its topic.
    """
    if model is None or decision is None:
        return None

    def label_meaning(label: str) -> Concept:
        if row := concepts.get(topics.get(label, label)):
            return row.concept
        kind = Kind.TOPIC if label.isdecimal() else Kind.HARMLESS
        return Concept(label, kind, label if kind is Kind.TOPIC else "", 0)

    learnt = [label_meaning(label) for label in model.labels]
    known = {concept.id for concept in learnt}
    new = [row.concept for name, row in concepts.items() if name not in known]
    by_phrase = [concept for concept in new if concept.kind in (Kind.TOPIC, Kind.EMERGENCY)]
    meanings = (*learnt, *by_phrase)
    return SentenceReader(
        model, meanings, decision.weights, decision.costs, decision.unsure, topic_of
    )
