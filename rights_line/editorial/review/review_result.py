"""Read the file that a reviewer sends back (JSON).

A file with one problem is refused whole. Its texts are on one line, in NFC, without invisible
control characters: they are shown to the operator and may be written to the catalog.
"""

import unicodedata
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rights_line.content.files.yaml_mapping import INITIALS
from rights_line.editorial.review.review_model import FORMAT
from rights_line.errors import ConfigurationError, Problem

PLACE = "review file"
SEND_AGAIN = "Ask the reader to send the file again, unchanged"
# No control characters, also none that reverse what stands after them, and no lost letter.
_ON_ONE_LINE = r"^(?!\s)[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd]+(?<!\s)\Z"

Text = Annotated[str, Meta(max_length=2000, pattern=_ON_ONE_LINE)]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object that holds its keys and nothing else."""


class Answer(_Row, frozen=True):
    """The answer to one string; `text` is the changed text, `note` the reader's remark."""

    id: Text
    answer: Literal["right", "change", "unsure"]
    seconds: Annotated[int, Meta(ge=0, le=1_000_000)]
    text: Text = ""
    note: Text = ""

    def __post_init__(self) -> None:
        if bool(self.text) != (self.answer == "change") or (self.note and self.answer == "right"):
            raise ValueError("A change needs a text; only a change or a doubt has a note")


class Retelling(_Row, frozen=True):
    """A screen as the reader told it in own words."""

    screen: Text
    text: Text


class ReviewResult(_Row, frozen=True):
    """A file that a reviewer sent back; `read` is the hash of the model that the reviewer saw."""

    format: str
    language: Text
    read: Text
    role: Text
    by: str
    on: date
    answers: tuple[Answer, ...]
    told: Annotated[tuple[Retelling, ...], Meta(max_length=20)]

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"Expected the format {FORMAT}, got {self.format[:40]!r}")
        if not INITIALS.allows(self.by):
            raise ValueError(f"Expected {INITIALS.expected}, got {self.by[:40]!r}")


def read_review_result(data: bytes, today: date) -> ReviewResult:
    """Return the content of a file.

    Raises:
        ConfigurationError: it is not as a review page saves it, or of a day after today.
    """
    try:
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        result = msgspec.json.decode(text, type=ReviewResult)
    except (ValueError, RecursionError) as error:  # those of msgspec are ValueErrors
        problem = Problem(PLACE, f"must be as the review page saves it: {error}", SEND_AGAIN)
        raise ConfigurationError([problem]) from None
    if result.on > today:
        summary = f"on must be a date until {today}, got {result.on}"
        raise ConfigurationError([Problem(PLACE, summary, SEND_AGAIN)])
    return result
