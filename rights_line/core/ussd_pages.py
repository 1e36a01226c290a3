"""Split a screen into USSD pages.

A USSD message carries 160 octets: 182 septets in GSM-7, or 80 UTF-16 code units in UCS-2 (3GPP TS
23.038). Text is split between sentences, else between words, else between grapheme clusters. Thai
has a space between phrases, so its words are split only in a phrase longer than a page. Labels of
choices and phone numbers are never split.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Self

import regex

from rights_line.core.fixed_codes import BACK, NEXT
from rights_line.core.sms import Encoding, sms_encoding, sms_units

_SEPTETS, _UNITS = 182, 80
LIMITS: Mapping[Encoding, int] = {"GSM-7": _SEPTETS, "UCS-2": _UNITS}
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
        self._first, self._others = (
            _Endings.page("", footer),
            _Endings.page(_BACK, footer),
        )

    def paginate_screen(self, body: str, choices: Sequence[str]) -> tuple[str, ...]:
        """Return the pages of a screen: the body, then the choices, one a line.

        A choice that does not fit one page is split as well; `rights-line check` names it.
        """
        rest = [*split_sentences(body), *(f"\n{choice}" for choice in choices)]
        rest.reverse()
        pages: list[str] = []
        page = _Page(self._first)
        while rest:
            piece = rest.pop() if page.text else rest.pop().lstrip()
            if page.add_part(piece, _lengths(piece), is_last=not rest):
                continue
            if page.text:
                pages.append(page.finish(is_last=False))
                page = _Page(self._others)
                rest.append(piece)
            else:
                rest += reversed(_split_piece(piece))
        return (*pages, page.finish(is_last=True))


def multilingual(text: str) -> tuple[str, ...]:
    """Return the pages of a text in several languages, without splitting its lines."""
    first, *lines = text.split("\n")
    return Paginator(_SYMBOLS).paginate_screen(first, lines)


def fits_page(text: str) -> bool:
    encoding = sms_encoding(text)
    return sms_units(text, encoding) <= LIMITS[encoding]


class _Endings(NamedTuple):
    """The last lines of a page that leads on and of the last page, and their lengths."""

    texts: tuple[str, str]
    lengths: tuple[tuple[int, int], tuple[int, int]]

    @classmethod
    def page(cls, back: str, footer: Footer) -> Self:
        more = "".join(f"\n{line}" for line in (back, footer.more, footer.home) if line)
        last = "".join(f"\n{line}" for line in (back, footer.home) if line)
        return cls((more, last), (_lengths(more), _lengths(last)))


class _Page:
    """A page that is being filled; it keeps its length in septets and in UTF-16 units."""

    def __init__(self, endings: _Endings) -> None:
        self.text = ""
        self._endings = endings
        self._septets = self._units = 0

    def add_part(self, piece: str, lengths: tuple[int, int], *, is_last: bool) -> bool:
        """Add a piece if it fits, and return whether it does."""
        septets, units = self._septets + lengths[0], self._units + lengths[1]
        ending_septets, ending_units = self._endings.lengths[is_last]
        # At most 80 UTF-16 units are at most 160 septets: they fit in either encoding.
        if septets + ending_septets > _SEPTETS and units + ending_units > _UNITS:
            return False
        self.text += piece
        self._septets, self._units = septets, units
        return True

    def finish(self, *, is_last: bool) -> str:
        """Return the page with its footer."""
        return (self.text.rstrip() + self._endings.texts[is_last]).lstrip("\n")


def _lengths(text: str) -> tuple[int, int]:
    """Return the septets and the UTF-16 units; too many septets if they cannot encode the text."""
    is_gsm7 = sms_encoding(text) == "GSM-7"
    return sms_units(text, "GSM-7") if is_gsm7 else _SEPTETS + 1, sms_units(text, "UCS-2")


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
