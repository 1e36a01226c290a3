"""Render a screen as it is sent by SMS, chat and USSD, for every set of closed helplines."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from rights_line.core.fixed_codes import ACTS, CHANGED, MENU, UNCLEAR, UNCLEAR_AGAIN
from rights_line.core.library import Footer, Head, Screen, ScreenTexts
from rights_line.core.sms import fold_if_fewer_segments, replace_sms_letters
from rights_line.core.ussd_pages import Paginator

_MENUS = (MENU, CHANGED, UNCLEAR)
_WITH_HELPLINES = (*_MENUS, UNCLEAR_AGAIN)


class HeadLine(NamedTuple):
    """The line of helplines, which begins a reply to words.

    Attributes:
        line: the helplines.
        sentences: those of the line that a screen below it does not repeat.
    """

    line: str
    sentences: tuple[str, ...] = ()


class TextRenderer:
    """Renders the texts of the screens of one edition.

    Args:
        fold: letter -> replacement in GSM-7.
        footer: the last lines of USSD pages.
        numbers: the numbers of the helplines alone, in one line.
        head: the first line of replies to words.
    """

    def __init__(
        self, fold: Mapping[str, str], footer: Footer, numbers: str, head: HeadLine
    ) -> None:
        self._fold = fold
        self._head = head
        self._footer = footer
        self._numbers = numbers
        self._paginator = Paginator(footer)
        self._folded_paginator = Paginator(Footer(*map(self._folded_text, footer)))

    def screen_texts(self, screen: Screen) -> Mapping[tuple[str, ...], ScreenTexts]:
        """Return the screen as it is sent, for each set of notices."""
        return {
            notices: ScreenTexts(self, screen, "\n".join([screen.body, *notices]))
            for notices in _closed_notice_sets(screen)
        }

    def headed(self, screen: Screen, body: str, head: Head) -> str:
        """Return a body below a head, without the sentences of the line of helplines."""
        has_helplines = screen.code in _WITH_HELPLINES or body.startswith(self._head.line)
        if head is Head.NONE or has_helplines:
            return body
        for sentence in self._head.sentences:
            body = body.replace(f" {sentence}", "").replace(sentence, "")
        line = self._head.line if head is Head.HELPLINES else self._numbers
        return f"{line}\n{body.strip()}"

    def sms(self, screen: Screen, body: str) -> str:
        """Return a screen as one text for SMS, with folded letters if that saves a segment."""
        return fold_if_fewer_segments(f"{body}\n{screen.links}".rstrip("\n"), self._fold)

    def chat(self, screen: Screen, body: str) -> str:
        """Return a screen as one text with web addresses."""
        return "\n".join([body, *screen.web, screen.links]).rstrip("\n")

    def ussd(self, screen: Screen, body: str) -> tuple[str, ...]:
        """Return a screen as USSD pages, with folded letters if that saves a page.

        A menu has the helplines on its first page, if need be as bare numbers.
        """
        choices = [line for line in screen.links.split("\n") if line and line != self._footer.home]
        if screen.code in ACTS:
            body = self.headed(screen, body, Head.NUMBERS)
        numbers = self._numbers if screen.code in _MENUS else ""
        pages = _screen_ussd_pages(self._paginator, body, choices, numbers)
        if not self._fold or len(pages) == 1:
            return pages
        texts = (
            self._folded_text(body),
            [*map(self._folded_text, choices)],
            self._folded_text(numbers),
        )
        folded = _screen_ussd_pages(self._folded_paginator, *texts)
        return folded if len(folded) < len(pages) else pages

    def _folded_text(self, text: str) -> str:
        return replace_sms_letters(text, self._fold)


def _screen_ussd_pages(
    paginator: Paginator, body: str, choices: Sequence[str], numbers: str
) -> tuple[str, ...]:
    """Return the pages of a screen; `numbers` replace a body that does not fit the first page."""
    pages = paginator.paginate_screen(body, choices)
    return (
        paginator.paginate_screen(numbers, choices) if numbers and body not in pages[0] else pages
    )


def _closed_notice_sets(screen: Screen) -> Iterator[tuple[str, ...]]:
    """Yield the closed-notices that can apply at the same time, all of a screen or some.

    A helpline with five weekly openings has ten notices: the next opening, after a closing time or
    on a public holiday. Two such helplines on one screen would make 121 sets.
    """
    options = [
        ("", *{*notice.when_closed.values(), *notice.on_holiday.values()})
        for notice in screen.notices
    ]
    return (tuple(filter(None, combination)) for combination in product(*options))
