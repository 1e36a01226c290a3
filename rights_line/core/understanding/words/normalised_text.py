"""A sender's text as it is compared with the vocabulary."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rights_line.core.understanding.auto_replies import is_auto_reply, is_own_line
from rights_line.core.understanding.words.normalise import MAX_LENGTH, normalise

JOINER = "+"  # stands for any separator between two codes: "6, 3" is not 63
_LIST_OF_CODES = re.compile(r"\s*\d{1,4}(?:\s*[,;/&+]\s*\d{1,4})+\s*")
_SEPARATOR = re.compile(r"[,;/&+]")


@dataclass(frozen=True)
class NormalisedText:
    """A text, normalised once for each message (`normalise_text`)."""

    words: str = field(repr=False)  # the text without lines that start with ">" or quote our own
    all_words: str = field(repr=False)  # the whole text
    sentence: str = field(default="", repr=False)  # `words` as it was written, in one line
    is_auto_reply: bool = False  # whether a phone or a machine wrote it


def normalise_text(text: str, own_lines: Sequence[str]) -> NormalisedText:
    """Normalise a text; `own_lines` are the lines of our own texts, normalised and sorted.

    A single quote of our lines is kept, since it may be a choice from a menu. Characters beyond
    MAX_LENGTH are cut off before anything else looks at the text, so no longer text takes longer.
    """
    text = text[:MAX_LENGTH]
    if text.isascii() and text.isdigit():  # nearly every message is a code
        return NormalisedText(text, text)
    if _LIST_OF_CODES.fullmatch(text):
        codes = f" {JOINER} ".join(map(normalise, _SEPARATOR.split(text)))
        return NormalisedText(codes, codes)
    lines = [(line, normalise(line)) for line in text.split("\n")]
    kept = [(line, words) for line, words in lines if not line.lstrip().startswith(">")]
    quotes = {words for _, words in kept if is_own_line(words, own_lines)}
    if sum(words in quotes for _, words in kept) > 1:
        kept = [(line, words) for line, words in kept if words not in quotes]
    return NormalisedText(
        words=_join_lines([words for _, words in kept]),
        all_words=_join_lines([words for _, words in lines]),
        sentence=" ".join(" ".join(line for line, _ in kept).split()),
        is_auto_reply=is_auto_reply(text, own_lines),
    )


def _join_lines(lines: Sequence[str]) -> str:
    return " ".join(filter(None, lines))[:MAX_LENGTH].strip()
