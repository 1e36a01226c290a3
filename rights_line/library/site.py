"""The service as web pages and cards show it, with links on phone numbers and on codes to send.

A number is found as its contact writes it, and the link is built from the contact: no digit of the
text becomes part of a URL.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rights_line.core.library import Library
from rights_line.core.model import Contact
from rights_line.core.ussd_pages import split_sentences
from rights_line.library.schema import Pages

_ROW = re.compile(r"\n|(?<=\.)\s+|(?<=[。।۔።])\s*")
_FULL_STOPS = ".。।۔።"


class Span(NamedTuple):
    """A part of a text; a link if `href` is set, and a phone number if `is_number`."""

    text: str
    href: str = ""
    is_number: bool = False


class Paragraph(NamedTuple):
    """A paragraph in spans; with a `contact`, the whole paragraph is one link that calls it."""

    spans: tuple[Span, ...]
    language: str
    call: str = ""
    contact: Contact | None = None


@dataclass(frozen=True)
class Site:
    """The input of web pages and cards."""

    library: Library
    pages: Pages
    states: Mapping[str, str]  # tag -> `approved`, `partial` or `draft`, for those with texts
    now: Callable[[], datetime]  # returns the current time, timezone-aware, in Europe/Oslo
    number: str = ""  # RIGHTS_LINE_NUMBER as it is displayed; empty if there is no SMS link
    ussd: str = ""  # the USSD code to dial (RIGHTS_LINE_USSD); empty if there is none
    public_url: str = ""  # RIGHTS_LINE_PUBLIC_URL, for QR codes; empty if there is none
    has_simulator: bool = False  # whether the simulator at /try is enabled
    takes_calls: bool = False  # whether the number answers calls

    @property
    def grouped_number(self) -> str:
        """The number with eight digits in pairs; one of another form as it is."""
        code = re.escape(self.pages.country.calling_code)
        match = re.fullmatch(rf"({code})(\d\d)(\d\d)(\d\d)(\d\d)", self.number)
        return " ".join(match.groups()) if match else self.number

    def is_offered(self, tag: str) -> bool:
        """Return whether the core of a language was approved when the texts were built."""
        return self.states.get(tag) in ("approved", "partial")


class Linkifier:
    """Finds the numbers of contacts in texts."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._contacts = {text: row for row in contacts for text in (row.number, row.code)}
        self._called = {_tel_href(row): row for row in self._contacts.values()}

    def text(self, text: str, codes: Mapping[str, str] | None = None) -> tuple[Span, ...]:
        """Return a text in spans; `codes` maps each code to link to its URL."""
        known = codes or {}
        parts = _pattern((*self._contacts, *known)).split(text)
        spans = [Span(part) for part in parts]
        spans[1::2] = [self._part(part, known) for part in parts[1::2]]
        return tuple(span for span in spans if span.text)

    def sentences(
        self, text: str, tag: str, codes: Mapping[str, str] | None = None
    ) -> Iterator[Paragraph]:
        """Yield each sentence as a paragraph; Thai has no full stop, and one paragraph."""
        for sentence in split_sentences(text):
            yield Paragraph(self.text(sentence.strip(), codes), tag)

    def helplines(self, text: str, tag: str) -> tuple[Paragraph, ...]:
        """Return the helplines as one paragraph per number; if that fails, as one paragraph."""
        rows = [self.text(row.rstrip(_FULL_STOPS)) for row in _ROW.split(text) if row]
        if len(rows) == 1:  # Thai ends a sentence with a space
            rows = list(_rows_by_number(rows[0]))
        calls = [[span.href for span in row if span.is_number] for row in rows]
        if len(rows) == 1 or any(len(numbers) != 1 for numbers in calls):
            return (Paragraph(self.text(text), tag),)
        return tuple(
            Paragraph(row, tag, href, self._called[href])
            for row, (href,) in zip(rows, calls, strict=True)
        )

    def _part(self, text: str, codes: Mapping[str, str]) -> Span:
        if contact := self._contacts.get(text):
            # A right-to-left text has no groups, which it would reverse; a page isolates numbers.
            return Span(contact.number, _tel_href(contact), is_number=True)
        return Span(text, codes[text])


def _rows_by_number(spans: Iterable[Span]) -> Iterator[tuple[Span, ...]]:
    """Yield spans in rows, each of which ends with a number."""
    row: list[Span] = []
    for span in spans:
        row.append(span if row else span._replace(text=span.text.lstrip()))
        if span.is_number:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


def _tel_href(contact: Contact) -> str:
    return f"tel:{contact.e164 or contact.code}"


def _pattern(texts: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of the texts, without a digit before or after it."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile(rf"(?<![\d+])({'|'.join(map(re.escape, longest_first))})(?!\d)")
