"""The parts of the model card that `make model` and `make head` write."""

import hashlib
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

from scripts.model.figures import Result, confusions, score, table, tables
from scripts.model.onnx_file import Head
from scripts.model.samples import Sample

_WIDTH = 130  # of a line of prose
_FIGURES = """\
On the {dev} messages of {dev_writers}. The file was made to choose a
screen by itself; in the line, phrases count beside it, and the cost of an error decides.
*Right*: a screen that `content/concepts.yaml` names, or none of 1, 6, 12 and 13 for a harmless
text. *False alarm*: one of those four without cause.

{score}

{tables}

## What it gets wrong most often

{confusions}"""
_HEAD = """\
**Head.** `make head` fitted it later to the vectors that the finished encoder gives {messages}
messages and {phrases} phrases."""


def figures(held_out: Sequence[Result]) -> str:
    """Return the figures on messages that were not learnt."""
    reached = score(held_out)
    by_concept = table(held_out, "concept", lambda one: one.sample.label)
    return _FIGURES.format(
        dev=f"{len(held_out):,}",
        dev_writers=", ".join(sorted({one.sample.writer for one in held_out})),
        score=(
            f"Right {reached.right:.1%}; emergencies at the screen of one"
            f" {reached.emergencies:.1%}; false alarms {reached.false_alarms:.1%} of the others."
        ),
        tables="\n\n".join([*tables(held_out), by_concept]),
        confusions="\n".join(confusions(held_out)),
    )


def file_line(path: Path) -> str:
    """Return the hash, name and size of a file."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{digest}  {path.name} ({path.stat().st_size / 1e6:.1f} MB)"


def updated_card(
    card: str, path: Path, head: Head, samples: Sequence[Sample], held_out: Sequence[Result]
) -> str:
    """Return the card of a file with another head.

    Args:
        card: the card of the file before.
        path: the new file.
        head: its head.
        samples: what the head was fitted to.
        held_out: the results on messages that were not learnt.
    """
    messages = sum(bool(sample.writer) for sample in samples)
    text = _HEAD.format(
        messages=f"{messages:,}",
        phrases=f"{len(samples) - messages:,}",
    )
    section = textwrap.fill(text, _WIDTH, break_on_hyphens=False)
    for old, new in (
        (r"each of \d+ meanings", f"each of {len(head.labels)} meanings"),
        (r"\*\*Head\.\*\*.*?(?=\n\n)", section),
        (r"(?<=\n## Figures\n\n).*?(?=\n\n## Hashes\n)", figures(held_out)),
        (r"[0-9a-f]{64}  \S+\.onnx \([\d.]+ MB\)", file_line(path)),
    ):
        card = _replaced(card, old, new)
    return card


def _replaced(card: str, pattern: str, text: str) -> str:
    return re.sub(pattern, lambda _: text, card, count=1, flags=re.DOTALL)
