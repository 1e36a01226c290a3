"""Cut a screen into USSD pages: 182 septets, or 80 UTF-16 units where GSM-7 does not do.

A USSD message carries 160 octets (3GPP TS 23.038). Text is cut at a sentence, else at a word
(Unicode's rules for line breaks, with a dictionary for Thai), else between grapheme clusters. The
label of a choice is never cut, nor is a phone number.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from icu4py.breakers import CharacterBreaker, LineBreaker, SentenceBreaker

from rights_line.core.library import MENU, UNCLEAR, Edition, Footer, Screen
from rights_line.core.sms import Encoding, count, translated

LIMITS: Mapping[Encoding, int] = {"GSM-7": 182, "UCS-2": 80}

_ENDS_IN_NUMBER = re.compile(r"\d $")


class _Piece(NamedTuple):
    text: str
    is_choice: bool


def ussd_pages(screen: Screen, edition: Edition) -> list[str]:
    """Return a screen as USSD pages; a menu has the helplines on the first.

    Accents are folded by the language's table where that saves a page.
    """
    written = _pages(screen, edition, {})
    plain = _pages(screen, edition, edition.language.fold)
    return plain if len(plain) < len(written) else written


def _pages(screen: Screen, edition: Edition, fold: Mapping[str, str]) -> list[str]:
    footer = Footer(*(translated(line, fold) for line in edition.footer))
    choices = [translated(line, fold) for line in screen.links.split("\n")]
    choices = [line for line in choices if line and line != footer.home]
    body = translated(screen.body, fold)
    pages = paginate(body, choices, footer, edition.language.locale)
    if screen.code in (MENU, UNCLEAR) and body not in pages[0]:
        return paginate(edition.lifelines, choices, footer, edition.language.locale)
    return pages


def fits(text: str) -> bool:
    """Tell whether a text fits one page."""
    cost = count(text)
    return cost.units <= LIMITS[cost.encoding]


def paginate(body: str, choices: list[str], footer: Footer, locale: str) -> list[str]:
    """Return the pages of a screen: what is said, then the choices, a line each.

    `locale` says where the words of the language end.

    Raises:
        ValueError: a choice is longer than a page.
    """
    rest = [_Piece(sentence, False) for sentence in _sentences(body, locale)]
    rest += [_Piece(f"\n{choice}", True) for choice in choices]
    pages: list[str] = []
    page = ""
    while rest:
        piece, *rest = rest
        longer = page + piece.text
        if fits(_whole(longer, footer)) if rest else fits(_last(longer, footer)):
            page = longer
        elif page.strip():
            pages.append(_whole(page, footer))
            page, rest = "", [piece, *rest]
        else:
            rest = [*_smaller(piece, locale), *rest]
    return [*pages, _last(page, footer)]


def _whole(page: str, footer: Footer) -> str:
    return f"{page.strip()}\n{footer.more}\n{footer.home}"


def _last(page: str, footer: Footer) -> str:
    return f"{page.strip()}\n{footer.home}".strip()


def _sentences(text: str, locale: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        yield from SentenceBreaker(line, locale)


def _smaller(piece: _Piece, locale: str) -> list[_Piece]:
    """Return a piece that fits no page in its words, or a single word in its characters."""
    if piece.is_choice:
        raise ValueError(f"a choice is longer than a page: {piece.text!r}")
    cuts = list(_words(piece.text, locale))
    if len(cuts) == 1:
        cuts = list(CharacterBreaker(piece.text, locale))
    if len(cuts) == 1:
        cuts = list(piece.text)
    return [_Piece(cut, False) for cut in cuts]


def _words(text: str, locale: str) -> Iterator[str]:
    """Yield a text's words with the space after each; the groups of a number are one word."""
    word = ""
    for part in LineBreaker(text, locale):
        if word and not (_ENDS_IN_NUMBER.search(word) and part[0].isdigit()):
            yield word
            word = ""
        word += part
    yield word
