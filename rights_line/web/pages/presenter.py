"""A screen as a page has it. Every word of it is the library's, as it is sent by SMS."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

from rights_line.content.languages import SOURCE
from rights_line.content.multilingual import BRIDGES
from rights_line.content.screen_tree import MessageKey, ScreenTree
from rights_line.content.screen_tree import ScreenTemplate as Written
from rights_line.content.site import Site
from rights_line.core.library import CLOSE, LANGUAGES, MENU, MULTILINGUAL, Screen
from rights_line.core.model import Language
from rights_line.web.pages.linkify import Linkifier, Paragraph, Span

TITLE = "Norge info"
# Any page, of a site that anybody may look at: the weather.
LEAVE_TO = "https://www.yr.no/"
LANGUAGE_LIST = "/#languages"
# A web page has these above every screen.
_ALWAYS_THERE = (CLOSE, LANGUAGES)
_SAFETY = "safe_phone"
_CHROME_PHRASES = ("leave", "languages", "menu", "by_sms", "cost")

_SENT = re.compile(r"\bsend (\d+)\b", re.IGNORECASE)


class LocalizedText(NamedTuple):
    """Something to read, in the language that it is in."""

    text: str
    tag: str
    direction: str


class Link(NamedTuple):
    """A way on."""

    href: str
    code: str
    label: LocalizedText


NEUTRAL = LocalizedText(TITLE, "nb", "ltr")


@dataclass(frozen=True)
class ScreenView:
    """What a page shows.

    Attributes:
        language: whose page it is.
        frame: the language of all that is not the screen's, and its direction.
        phrases: name -> one of the line's own sentences, for the frame.
        sms: the link that writes an SMS for the same screen, and what is written; or empty.
        helplines: a line each; they stand first where `leads`, else after the text.
        leads: the screen begins with the helplines, or has no text of its own.
        title: its heading.
        parts: the text.
        notes: which helplines are closed now.
        web: addresses to read more at.
        links: where it leads.
        drafts: that nobody has read it, in each language that this is so of.
        limits: what leaving quickly cannot do, on the pages about this phone.
    """

    language: Language
    frame: Language
    phrases: Mapping[str, LocalizedText]
    sms: tuple[str, str]
    helplines: tuple[Paragraph, ...]
    helplines_first: bool = True
    title: LocalizedText = NEUTRAL
    parts: tuple[Paragraph, ...] = ()
    notes: tuple[LocalizedText, ...] = ()
    web: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    drafts: tuple[LocalizedText, ...] = ()
    exit_button_limits: LocalizedText | None = None


class ScreenPresenter:
    """Makes a view of every screen of a library."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.library = site.library
        outline = ScreenTree(site.sources.content)
        self._outline: dict[str, Written] = {page.code: page for page in outline.screens}
        self._titles = dict(_titles(outline))
        self._linker = Linkifier(site.sources.content.contacts.values())
        self.is_draft = cache(lambda tag: not site.sources.is_approved(tag))

    def is_bare(self, tag: str) -> bool:
        """Tell whether a language says the numbers alone: nobody has approved its texts."""
        return not self.library.editions[tag].screens[MENU].links

    def say(self, name: str, tag: str) -> LocalizedText:
        """Return one of the line's own sentences, in English where a language does not have it."""
        message = self.site.sources.content.phrases[name]
        own = self.site.sources.languages[tag].translate(name, message)
        return self._localized(own, tag) if own else self._localized(message, SOURCE)

    def view(self, tag: str, code: str, now: datetime) -> ScreenView:
        """Return the view of a screen; there is none but one of a language that is not spoken."""
        if tag in self.library.unsupported:
            return self._recognised(self.library.languages[tag])
        edition = self.library.editions[tag]
        if self.is_bare(tag):
            made = self._base_view(edition.language, SOURCE, edition.helplines, MULTILINGUAL)
            return replace(made, sms=("", ""))  # she would pay for the same numbers
        screen = edition.screens[code]
        body = screen.body.removeprefix(edition.helplines).lstrip("\n")
        pieces = self._linker.spans(body, self._codes(code, tag))
        row = self.library.languages[screen.language]
        drafts = [one for one in dict.fromkeys((tag, row.tag)) if self.is_draft(one)]
        is_alone = code == MENU or code in self.library.contact_codes
        return replace(
            self._base_view(
                edition.language, tag, edition.helplines, tag, "" if is_alone else code
            ),
            title=self._title(screen),
            helplines_first=body != screen.body,
            parts=(Paragraph(pieces, row.tag, row.direction),) if body else (),
            notes=tuple(
                self._localized(one, row.tag)
                for one in screen.closed_notices(now, self.library.holidays)
            ),
            web=screen.web,
            links=tuple(self._links(screen, tag)),
            drafts=tuple(self.say("draft", one) for one in drafts),
            exit_button_limits=self.say("leave_limits", tag) if screen.topic == _SAFETY else None,
        )

    def _recognised(self, language: Language) -> ScreenView:
        """Return what is said in a language that is understood but not spoken, as by SMS."""
        said = self.site.sources.content.fixed["say"].format(norwegian=language.norwegian)
        helplines = self.library.helplines.partition("\n")[2]  # above them stands what our title is
        return replace(
            self._base_view(language, SOURCE, helplines, MULTILINGUAL),
            title=LocalizedText(language.own_name, language.tag, language.direction),
            parts=(Paragraph((Span(said),), MULTILINGUAL, "ltr"),),
            links=tuple(
                Link(f"/{tag}/", "", self._localized(self.library.languages[tag].own_name, tag))
                for tag in BRIDGES
                if tag in self.library.editions and not self.is_bare(tag)
            ),
        )

    def _base_view(
        self, language: Language, tag: str, helplines: str, said_in: str, code: str = ""
    ) -> ScreenView:
        """Return a view with nothing on it but the helplines; `code` is for the SMS."""
        direction = "ltr" if said_in == MULTILINGUAL else language.direction
        return ScreenView(
            language,
            self.library.languages[tag],
            {name: self.say(name, tag) for name in _CHROME_PHRASES},
            self._sms(f"{language.word} {code}".rstrip()),
            self._linker.helpline_rows(helplines, said_in, direction),
        )

    def _localized(self, text: str, tag: str) -> LocalizedText:
        return LocalizedText(text, tag, self.library.languages[tag].direction)

    def _title(self, screen: Screen) -> LocalizedText:
        """Return the heading of a screen, in the language that the screen is in."""
        if saying := self._titles.get(screen.code):
            own = self.site.sources.languages[screen.language].translate(*saying)
            return (
                self._localized(own, screen.language) if own else self._localized(saying[1], SOURCE)
            )
        return NEUTRAL

    def _links(self, screen: Screen, tag: str) -> Iterator[Link]:
        for line in screen.links.splitlines():
            code, _, label = line.partition(" ")
            if code not in _ALWAYS_THERE:
                yield Link(self._address(tag, code), code, self._localized(label, screen.language))

    def _address(self, tag: str, code: str) -> str:
        if code in _ALWAYS_THERE:
            return LEAVE_TO if code == CLOSE else LANGUAGE_LIST
        return f"/{tag}/" if code == MENU else f"/{tag}/{code}"

    def _codes(self, code: str, tag: str) -> dict[str, str]:
        """Return the codes that the text of a screen tells her to send, and where they lead."""
        texts = (text for _, text in self._outline[code].body)
        codes = (code for text in texts for code in _SENT.findall(text))
        return {code: self._address(tag, code) for code in codes}

    def _sms(self, text: str) -> tuple[str, str]:
        """Return the link, which both Android and iOS understand, and what it writes."""
        number = self.site.number.replace(" ", "")
        return (f"sms:{number}?&body={quote(text)}", text) if number else ("", "")


def _titles(outline: ScreenTree) -> Iterator[tuple[str, MessageKey]]:
    """Yield each code, and what is to stand above its screen."""
    for topic in outline.topics:
        yield topic.code, (topic.id, topic.title)
        for passage in topic.passages:
            yield passage.code, (topic.id, passage.title or topic.title)
    for contact in outline.content.contacts.values():
        yield contact.code, (contact.id, contact.name)
