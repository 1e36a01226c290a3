"""Cut a screen into USSD pages: 182 septets, or 80 UTF-16 units where GSM-7 does not do.

A USSD message carries 160 octets (3GPP TS 23.038). Text is cut at a sentence, else at a word
(Unicode's rules for line breaks, with a dictionary for Thai), else between grapheme clusters. The
label of a choice is never cut, nor is a phone number.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from icu4py.breakers import CharacterBreaker, LineBreaker, SentenceBreaker

from rights_line.core.library import BACK, MENU, UNCLEAR, Edition, Footer, Screen
from rights_line.core.sms import Encoding, count, replace_letters

LIMITS: Mapping[Encoding, int] = {"GSM-7": 182, "UCS-2": 80}
# On every page but the first; a sign, since it stands where no language is chosen, too.
_BACK = f"{BACK} <"

_ENDS_IN_NUMBER = re.compile(r"\d $")


class _Piece(NamedTuple):
    text: str
    is_choice: bool


def ussd_pages(screen: Screen, edition: Edition, said: str = "") -> tuple[str, ...]:
    """Return a screen as USSD pages; a menu has the helplines on the first.

    `said` is what stands above its links at the moment, if that is not its body alone. Accents are
    folded by the language's table where that saves a page.
    """
    numbers = edition.numbers_line if screen.code in (MENU, UNCLEAR) else ""
    texts = (said or screen.body, screen.links, numbers, *edition.footer)
    fold, locale = edition.language.fold, edition.language.locale
    written = _cut(texts, locale)
    plain = _cut(tuple(replace_letters(text, fold) for text in texts), locale) if fold else written
    return plain if len(plain) < len(written) else written


# A screen is asked for again and again; a helpline that closes makes another of it.
@lru_cache(maxsize=10_000)
def _cut(texts: tuple[str, ...], locale: str) -> tuple[str, ...]:
    body, links, numbers, home, more = texts
    footer = Footer(home, more)
    choices = [line for line in links.split("\n") if line and line != home]
    pages = paginate(body, choices, footer, locale)
    if numbers and body not in pages[0]:
        return paginate(numbers, choices, footer, locale)
    return pages


def fits(text: str) -> bool:
    """Tell whether a text fits one page."""
    cost = count(text)
    return cost.units <= LIMITS[cost.encoding]


def paginate(body: str, choices: list[str], footer: Footer, locale: str) -> tuple[str, ...]:
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
        if fits(_whole(longer, footer, pages, leads_on=bool(rest))):
            page = longer
        elif page.strip():
            pages.append(_whole(page, footer, pages, leads_on=True))
            page, rest = "", [piece, *rest]
        else:
            rest = [*_smaller(piece, locale), *rest]
    return (*pages, _whole(page, footer, pages, leads_on=False))


def _whole(page: str, footer: Footer, before: list[str], leads_on: bool) -> str:
    """Return a page with the ways out of it; `before` are the pages that lead to it."""
    ways = (_BACK if before else "", footer.more if leads_on else "", footer.home)
    return "\n".join(filter(None, (page.strip(), *ways)))


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
