"""Read content/decision.yaml: how sentences are decided on."""

from dataclasses import replace
from pathlib import Path

from rights_line.content.files import schema, yaml_file
from rights_line.content.files.content_reader import Content
from rights_line.core.understanding.sentences.costs import Costs
from rights_line.core.understanding.sentences.evidence import Weights
from rights_line.core.understanding.sentences.offer import Unsure
from rights_line.errors import Problem
from rights_line.library.schema import Decision

NAME = "decision.yaml"


def read(folder: Path, problems: list[Problem]) -> Decision | None:
    """Return what the file says; None without it, or if it has problems."""
    path = folder / NAME
    if not path.exists():
        return None
    document = yaml_file.load(path, problems)
    found = list(document.problems(schema.DECISION, {}))
    problems += found
    if found or not document:
        return None
    return Decision(
        Costs(**document["costs"]), Weights(**document["weights"]), Unsure(**document["unsure"])
    )


def with_topics(decision: Decision, content: Content) -> Decision:
    """Return the decision with the topics that labels of the model name."""
    topics = content.topics.items()
    return replace(
        decision,
        topics={topic.code: name for name, topic in topics},
        topic_of={row.code: topic.code for _, topic in topics for row in topic.passages},
    )
