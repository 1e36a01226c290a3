"""The data that a web page shows of a screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rights_line.core.model import Language
from rights_line.web.pages.linkify import Paragraph


class LocalizedText(NamedTuple):
    """A text with the tag and the direction of its language."""

    text: str
    tag: str
    direction: str


class Link(NamedTuple):
    """A link to another screen."""

    href: str
    code: str
    label: LocalizedText


@dataclass(frozen=True)
class ScreenView:
    """A screen as a web page shows it."""

    language: Language
    frame: Language  # the language of everything around the screen
    phrases: Mapping[str, LocalizedText]  # name -> sentence for the frame
    sms: tuple[str, str]  # the link that opens an SMS for the screen, and its text; or empty
    helplines: tuple[Paragraph, ...]  # one for each helpline
    title: LocalizedText
    helplines_first: bool = True
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[LocalizedText, ...] = ()  # which helplines are closed now
    web: tuple[str, ...] = ()  # websites with more information
    links: tuple[Link, ...] = ()  # to other screens
    up: Link | None = None  # to the screen above
    safety: tuple[Link, ...] = ()  # to the pages about a safe phone
    languages: tuple[Link, ...] = ()  # to the same screen in each language
    languages_href: str = ""  # the page that has these
    dials: tuple[Link, ...] = ()  # a call in this language, and the USSD code
    notice: LocalizedText | None = None  # why this screen is shown
    drafts: tuple[LocalizedText, ...] = ()  # notices that the texts are drafts, per language
    about: LocalizedText | None = None  # on the menu: whose number this is
    limits: tuple[LocalizedText, ...] = ()  # on the pages about phones: what a browser keeps
    has_browsers: bool = False  # whether the menus of the usual browsers follow
    checked: date | None = None  # day on which the helplines were last checked
