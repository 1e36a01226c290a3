"""Split a screen into USSD pages.

A USSD message carries 160 octets: 182 septets in GSM-7, or 80 UTF-16 code units in UCS-2 (3GPP TS
23.038). Text is split between sentences, else between words (ICU's line breaks, with a dictionary
for Thai), else between grapheme clusters. Labels of choices and phone numbers are never split.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from icu4py.breakers import CharacterBreaker, LineBreaker, SentenceBreaker

from rights_line.core.library import BACK, MENU, UNCLEAR, Edition, Footer, Screen
from rights_line.core.sms import Encoding, count, replace_letters

LIMITS: Mapping[Encoding, int] = {"GSM-7": 182, "UCS-2": 80}
# On all pages but the first. A symbol, because no language may be chosen yet.
_BACK = f"{BACK} <"

_ENDS_IN_NUMBER = re.compile(r"\d $")


class _Piece(NamedTuple):
    text: str
    is_choice: bool


def ussd_pages(screen: Screen, edition: Edition, body: str = "") -> tuple[str, ...]:
    """Return a screen as USSD pages, with folded letters if that saves a page.

    A menu has the helplines on its first page, if need be as bare numbers. `body` replaces the
    screen's body, for example to add notices for this moment.
    """
    numbers = edition.numbers_line if screen.code in (MENU, UNCLEAR) else ""
    texts = (body or screen.body, screen.links, numbers, *edition.footer)
    fold, locale = edition.language.fold, edition.language.locale
    unfolded = _cached_pages(texts, locale)
    if not fold:
        return unfolded
    folded = _cached_pages(tuple(replace_letters(text, fold) for text in texts), locale)
    return folded if len(folded) < len(unfolded) else unfolded


# Splitting a screen takes long, and few texts differ: a screen changes when a helpline closes.
@lru_cache(maxsize=10_000)
def _cached_pages(texts: tuple[str, ...], locale: str) -> tuple[str, ...]:
    body, links, numbers, home, more = texts
    footer = Footer(home, more)
    choices = [line for line in links.split("\n") if line and line != home]
    pages = paginate(body, choices, footer, locale)
    if numbers and body not in pages[0]:
        return paginate(numbers, choices, footer, locale)
    return pages


def fits(text: str) -> bool:
    """Return whether a text fits one page."""
    cost = count(text)
    return cost.units <= LIMITS[cost.encoding]


def paginate(body: str, choices: list[str], footer: Footer, locale: str) -> tuple[str, ...]:
    """Return the pages of a screen: the body, then the choices, one a line.

    `locale` is the CLDR locale whose rules split sentences and words.

    Raises:
        ValueError: a choice does not fit one page.
    """
    rest = [_Piece(sentence, False) for sentence in _sentences(body, locale)]
    rest += [_Piece(f"\n{choice}", True) for choice in choices]
    pages: list[str] = []
    page = ""
    while rest:
        piece, *rest = rest
        longer = page + piece.text
        if fits(_with_footer(longer, footer, pages, leads_on=bool(rest))):
            page = longer
        elif page.strip():
            pages.append(_with_footer(page, footer, pages, leads_on=True))
            page, rest = "", [piece, *rest]
        else:
            rest = [*_split_piece(piece, locale), *rest]
    return (*pages, _with_footer(page, footer, pages, leads_on=False))


def _with_footer(page: str, footer: Footer, before: list[str], leads_on: bool) -> str:
    """Return a page with its footer. `before` holds the pages before it."""
    lines = (_BACK if before else "", footer.more if leads_on else "", footer.home)
    return "\n".join(filter(None, (page.strip(), *lines)))


def _sentences(text: str, locale: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        yield from SentenceBreaker(line, locale)


def _split_piece(piece: _Piece, locale: str) -> list[_Piece]:
    """Split a piece into words, or a single word into characters."""
    if piece.is_choice:
        raise ValueError(f"a choice must fit one USSD page, got {piece.text!r}")
    parts = list(_words(piece.text, locale))
    if len(parts) == 1:
        parts = list(CharacterBreaker(piece.text, locale))
    if len(parts) == 1:
        parts = list(piece.text)
    return [_Piece(part, False) for part in parts]


def _words(text: str, locale: str) -> Iterator[str]:
    """Yield words with the space after each; a phone number is one word."""
    word = ""
    for part in LineBreaker(text, locale):
        if word and not (_ENDS_IN_NUMBER.search(word) and part[0].isdigit()):
            yield word
            word = ""
        word += part
    yield word
