"""A text in pieces: each number, and each code that it says to send, is a link.

A number is looked for as its contact writes it, and the link is made of the contact: no digit of a
text ever becomes part of an address.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from rights_line.core.model import Contact

_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=\.)\s+|(?<=[。।۔።])\s*")
_AFTER_NUMBER = re.compile(r"(?<=\d)\s+(?=[^\W\d])")  # Thai ends a sentence with a space
_ENDS = ".。।۔።"


class Span(NamedTuple):
    """A part of a text; with a `href`, a link. `is_number`: it calls somebody."""

    text: str
    href: str = ""
    is_number: bool = False


class Paragraph(NamedTuple):
    """A paragraph in pieces. With `call` all of it is one link, to that one number in it."""

    pieces: tuple[Span, ...]
    tag: str
    direction: str
    call: str = ""


class Linkifier:
    """Finds the numbers of contacts in texts, spaced or not."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._shown = {shown: row for row in contacts for shown in (row.number, row.code)}

    def spans(self, text: str, codes: Mapping[str, str] | None = None) -> tuple[Span, ...]:
        """Return a text in pieces; `codes` says where the codes in it lead."""
        known = codes or {}
        found = _any((*self._shown, *known)).split(text)
        pieces = [Span(one) for one in found]
        pieces[1::2] = [self._linked(one, known) for one in found[1::2]]
        return tuple(piece for piece in pieces if piece.text)

    def helpline_rows(self, text: str, tag: str, direction: str) -> tuple[Paragraph, ...]:
        """Return the helplines as lines to tap, one number each; else the text as it is."""
        for cut in (_LINE, _SENTENCE, _AFTER_NUMBER):
            parts = [self.spans(line.rstrip(_ENDS)) for line in cut.split(text) if line]
            calls = [[piece.href for piece in part if piece.is_number] for part in parts]
            if len(parts) > 1 and all(len(numbers) == 1 for numbers in calls):
                pairs = zip(parts, calls, strict=True)
                return tuple(Paragraph(part, tag, direction, numbers[0]) for part, numbers in pairs)
        return (Paragraph(self.spans(text), tag, direction),)

    def _linked(self, text: str, codes: Mapping[str, str]) -> Span:
        if contact := self._shown.get(text):
            return Span(text, f"tel:{contact.e164 or contact.code}", is_number=True)
        return Span(text, codes[text])


@cache
def _any(texts: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of these, where no other digit touches it."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile(rf"(?<![\d+])({'|'.join(map(re.escape, longest_first))})(?!\d)")
