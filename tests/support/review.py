"""The file that a review page saves, made without a browser."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rights_line.clock import today
from rights_line.content import ContentSources
from rights_line.editorial.review import FORMAT, ReviewModel, review_model
from tests.support.approvals import texts_of

Document = dict[str, Any]
Answers = Mapping[str, Mapping[str, str]]
_MODELS: dict[object, ReviewModel] = {}  # a model takes 50 ms


def document(
    folder: Path, tag: str = "pl", answers: Answers | None = None, role: str = "native_reader"
) -> Document:
    """Return the file of a reader who says "right" to all strings but those in `answers`.

    `answers` maps an English text to the rest of its answer; an empty one leaves it unread.
    """
    model = model_of(folder, tag)
    answers = answers or {}
    strings = [model["strings"][number] for number in model["ask"][role]]
    assert answers.keys() <= {string["english"] for string in strings}
    given = [
        (string["id"], answers.get(string["english"], {"answer": "right"})) for string in strings
    ]
    return {
        "format": FORMAT,
        "language": tag,
        "read": model["read"],
        "role": role,
        "by": "EF" if role == "lawyer" else "CD",
        "on": today().isoformat(),
        "answers": [{"id": name, "seconds": 12, **answer} for name, answer in given if answer],
        "told": [{"screen": "1", "text": "Call the police."}],
    }


def model_of(folder: Path, tag: str) -> ReviewModel:
    """Return the model of a language, made once for equal texts; do not change it."""
    key = (texts_of(folder), tag)
    if key not in _MODELS:
        _MODELS[key] = review_model(ContentSources(folder), tag)
    return _MODELS[key]
