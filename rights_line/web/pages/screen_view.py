"""The data that a web page shows of a screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rights_line.core.model import Language
from rights_line.core.screen import Phrase
from rights_line.library.site import Paragraph


class Link(NamedTuple):
    """A link to another screen."""

    href: str
    code: str
    label: Phrase


@dataclass(frozen=True)
class ScreenView:
    """A screen as a web page shows it."""

    language: Language
    frame: Language  # the language of everything around the screen
    phrases: Mapping[str, Phrase]  # name -> sentence for the frame
    sms: str  # the text that gets the screen by SMS; or empty
    helplines: tuple[Paragraph, ...]  # one for each helpline
    title: Phrase
    helplines_first: bool = True
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[Phrase, ...] = ()  # which helplines are closed now
    web: tuple[str, ...] = ()  # websites with more information
    links: tuple[Link, ...] = ()  # to other screens
    up: Link | None = None  # to the screen above
    safety: tuple[Link, ...] = ()  # to the pages about a safe phone
    languages: tuple[Link, ...] = ()  # to the same screen in each language
    languages_href: str = ""  # the page that has these
    dials: tuple[Link, ...] = ()  # a call in this language, and the USSD code
    notice: Phrase | None = None  # why this screen is shown
    drafts: tuple[Phrase, ...] = ()  # notices that the texts are drafts, per language
    about: Phrase | None = None  # on the menu: whose number this is
    limits: tuple[Phrase, ...] = ()  # on the pages about phones: what a browser keeps
    has_browsers: bool = False  # whether the menus of the usual browsers follow
    checked: date | None = None  # day on which the helplines were last checked
