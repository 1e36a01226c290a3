"""One screen in one language, and its text for each medium."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from rights_line.core import ACTS, CHANGED, MENU, UNCLEAR, UNCLEAR_AGAIN, Medium
from rights_line.core.opening_hours import ClosedNotice
from rights_line.core.sms import fold_if_fewer_segments, replace_sms_letters
from rights_line.core.ussd_pages import Footer, Paginator

_MENUS = (MENU, CHANGED, UNCLEAR)
MARKED = 2  # links to English screens that an SMS marks one by one; more stand below a line


class Head(Enum):
    """The first line of a reply to words (docs/design.md, D19)."""

    NONE = 0  # in reply to a code
    NUMBERS = 1  # the bare numbers of the helplines, later in a session
    HELPLINES = 2  # what each number is for: first in a session, and in danger


class Phrase(NamedTuple):
    """A text and the tag of its language."""

    text: str
    language: str


NO_PHRASE = Phrase("", "")


class EnglishLinks(NamedTuple):
    """How links to screens in English say so; empty in English itself."""

    mark: str = ""  # the end of each
    heading: str = ""  # the line above many of them


NO_LINKS = EnglishLinks()


@dataclass(frozen=True)
class Form:
    """What the screens of one edition have in common."""

    fold: Mapping[str, str]  # letter -> replacement in GSM-7
    footer: Footer  # the last lines of USSD pages
    numbers: str  # the numbers of the helplines alone, in one line
    helplines: str  # the line of helplines
    sentences: tuple[str, ...] = ()  # those of the line that a screen below it does not repeat
    english: EnglishLinks = NO_LINKS

    def sms_links(self, links: str) -> str:
        """Return links as an SMS has them: many to English screens stand last, below one line."""
        lines, (mark, heading) = links.split("\n"), self.english
        marked = [line for line in lines if mark and line.endswith(mark)]
        if len(marked) <= MARKED:
            return links
        own = [line for line in lines if line not in marked]
        return "\n".join([*own, heading, *(line.removesuffix(mark) for line in marked)])


@dataclass(frozen=True, slots=True)  # there are 6,000
class Screen:
    """One screen in one language."""

    code: str  # the code that shows it
    topic: str  # id of the topic, contact or phrase
    language: str  # English if the edition has no complete translation of the screen
    body: str  # the text above the links
    links: str  # the codes that lead on, one a line
    stateless_links: str = ""  # no session: with the language's word
    notices: tuple[ClosedNotice, ...] = ()  # about helplines that are closed at the moment
    web: tuple[str, ...] = ()  # web addresses of the organisations that the screen names
    own_from: int = 0  # where its own words begin, after helplines and how to get an interpreter
    title: Phrase = NO_PHRASE  # its heading on a page
    is_approved: bool = False  # whether all of it is approved in its language

    @property
    def above(self) -> str:
        """The helplines and how to ask for an interpreter, if the body begins with them."""
        return self.body[: self.own_from]

    @property
    def own(self) -> str:
        """The rest of the body."""
        return self.body[self.own_from :]

    @property
    def stateless(self) -> Screen:
        """The screen for a sender without a session."""
        return replace(self, links=self.stateless_links)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The links: code and label of each."""
        rows = (line.partition(" ") for line in self.links.split("\n") if line)
        return [(code, label) for code, _, label in rows]

    def closed_notices(self, now: datetime, holidays: Container[date]) -> tuple[str, ...]:
        """Return a sentence for each helpline that is closed at this moment."""
        texts = (notice.at(now, holidays) for notice in self.notices)
        return tuple(filter(None, texts))

    def texts_at(self, form: Form, now: datetime, holidays: Container[date]) -> ScreenTexts:
        """Return the screen as an edition of this form sends it at this moment."""
        return self.texts(form, *self.closed_notices(now, holidays))

    def texts(self, form: Form, *notices: str) -> ScreenTexts:
        """Return the screen as it is sent with some closed-notices."""
        return ScreenTexts(self, form, "\n".join([self.body, *notices]))


@dataclass(frozen=True)
class ScreenTexts:
    """A screen as it is sent; `body` is its own, with the closed-notices that apply."""

    screen: Screen
    form: Form
    body: str

    def for_medium(self, medium: Medium, head: Head) -> str:
        """Return the text for SMS or chat."""
        texts = self.headed(head)
        return texts.chat if medium is Medium.CHAT else texts.sms

    def headed(self, head: Head) -> ScreenTexts:
        """Return the texts below a head, without the sentences of the line of helplines.

        A screen that is nothing but that line keeps it.
        """
        form, body = self.form, self.body.removeprefix(self.form.helplines)
        if head is Head.NONE or self.screen.code == UNCLEAR_AGAIN or not body:
            return self
        if head is Head.HELPLINES and body != self.body:
            return self
        for sentence in form.sentences:
            body = body.replace(f" {sentence}", "").replace(sentence, "")
        line = form.helplines if head is Head.HELPLINES else form.numbers
        return replace(self, body=f"{line}\n{body.strip()}")

    @property
    def sms(self) -> str:
        """The text for SMS, with letters folded if that saves a segment."""
        links = self.form.sms_links(self.screen.links)
        text = f"{self.body}\n{links}".rstrip("\n")
        return fold_if_fewer_segments(text, self.form.fold)

    @property
    def chat(self) -> str:
        """The text for channels not charged by length, with web addresses."""
        return "\n".join([self.body, *self.screen.web, self.screen.links]).rstrip("\n")

    @property
    def ussd(self) -> tuple[str, ...]:
        """The USSD pages, with letters folded if that saves a page.

        A menu has the helplines on its first page, if need be as bare numbers.
        """
        screen, form = self.screen, self.form
        body = self.headed(Head.NUMBERS).body if screen.code in ACTS else self.body
        choices = [line for line in screen.links.split("\n") if line and line != form.footer.home]
        parts = [body, form.numbers if screen.code in _MENUS else "", *choices]
        pages = _ussd_pages(parts, form.footer)
        if not form.fold or len(pages) == 1:
            return pages
        folded = _ussd_pages(
            [replace_sms_letters(part, form.fold) for part in parts],
            Footer(*(replace_sms_letters(line, form.fold) for line in form.footer)),
        )
        return folded if len(folded) < len(pages) else pages


def _ussd_pages(parts: list[str], footer: Footer) -> tuple[str, ...]:
    """Return the pages of a body, the numbers that replace it if it is too long, and choices."""
    body, numbers, *choices = parts
    paginator = Paginator(footer)
    pages = paginator.paginate_screen(body, choices)
    is_cut = numbers and body not in pages[0]
    return paginator.paginate_screen(numbers, choices) if is_cut else pages
