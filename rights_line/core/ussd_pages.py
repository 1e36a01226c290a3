"""Split a screen into USSD pages.

A USSD message carries 160 octets: 182 septets in GSM-7, or 80 UTF-16 code units in UCS-2 (3GPP TS
23.038). Text is split between sentences, else between words, else between grapheme clusters. Thai
has a space between phrases, so its words are split only in a phrase longer than a page. Labels of
choices and phone numbers are never split.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import regex

from rights_line.core import BACK, NEXT
from rights_line.core.sms import Encoding, sms_encoding, sms_units

LIMITS: Mapping[Encoding, int] = {"GSM-7": 182, "UCS-2": 80}
# Symbols, because no language may be chosen yet; _BACK is on all pages but the first.
_BACK = f"{BACK} <"

# A full stop before a lower-case word belongs to an abbreviation ("kl. 9 til 15").
_AFTER_SENTENCE = regex.compile(
    r"""(?:[[\p{STerm}]--[.]]+[\p{Pe}\p{Pf}"']*"""
    r"""|\.[\p{Pe}\p{Pf}"']*(?= )(?![^\p{L}.!?]*\p{Ll}))\K""",
    regex.V1,
)
# A word with the space before it; Chinese has a wide comma instead. A phone number is one word.
_WORD = regex.compile(r"(?s)(?=.)[ \n]?(?:[^ 、，；：]*\d (?=\d))*[^ 、，；：]*[、，；：]*")
# A grapheme cluster with the brackets and punctuation that must not be parted from it.
_CLUSTER = regex.compile(r"(?s)[\p{Ps}\p{Pi}]*(?:\d(?:[\d ]*\d)?|\X)[\p{Pe}\p{Pf}\p{Po}]*")


class Footer(NamedTuple):
    """The last lines of a USSD page."""

    home: str  # on every page
    more: str  # on all but the last page of a screen


_SYMBOLS = Footer(home="", more=f"{NEXT} >")


class Paginator:
    """Splits texts into pages with the same footer."""

    def __init__(self, footer: Footer) -> None:
        self._footer = footer

    def paginate_screen(self, body: str, choices: Sequence[str]) -> tuple[str, ...]:
        """Return the pages of a screen: the body, then the choices, one a line.

        A choice that does not fit one page is split as well.
        """
        rest = [*split_sentences(body), *(f"\n{choice}" for choice in choices)]
        rest.reverse()
        pages: list[str] = []
        text = ""
        while rest:
            piece = rest.pop() if text else rest.pop().lstrip()
            if fits_page(self._page(text + piece, is_first=not pages, is_last=not rest)):
                text += piece
            elif text:
                pages.append(self._page(text, is_first=not pages, is_last=False))
                text = ""
                rest.append(piece)
            else:
                rest += reversed(_split_piece(piece))
        return (*pages, self._page(text, is_first=not pages, is_last=True))

    def _page(self, text: str, *, is_first: bool, is_last: bool) -> str:
        back, more = "" if is_first else _BACK, "" if is_last else self._footer.more
        return "\n".join(filter(None, (text.rstrip(), back, more, self._footer.home)))


def multilingual(text: str) -> tuple[str, ...]:
    """Return the pages of a text in several languages, without splitting its lines."""
    first, *lines = text.split("\n")
    return Paginator(_SYMBOLS).paginate_screen(first, lines)


def fits_page(text: str) -> bool:
    encoding = sms_encoding(text)
    return sms_units(text, encoding) <= LIMITS[encoding]


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of each line, with the space or line break before them."""
    lines = filter(None, (" ".join(line.split()) for line in text.splitlines()))
    for sentence in _AFTER_SENTENCE.split("\n".join(lines)):
        first, *others = sentence.split("\n")
        yield first
        yield from (f"\n{line}" for line in others)


def _split_piece(piece: str) -> list[str]:
    """Split a sentence into words, a word into clusters, or a cluster into characters."""
    for pattern in (_WORD, _CLUSTER):
        parts: list[str] = pattern.findall(piece)
        if len(parts) > 1:
            return parts
    return list(piece)
