"""The data that a web page shows of a screen."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    """A screen as a web page shows it.

    Attributes:
        language: the language of the screen.
        frame: the language of everything around the screen.
        phrases: name -> sentence for the frame.
        sms: the link that opens an SMS asking for the same screen, and its text; or empty.
        helplines: one paragraph per helpline.
        title: the heading.
        helplines_first: whether they come before the text.
        paragraphs: the text.
        notes: which helplines are closed now.
        web: addresses of websites with more information.
        links: the links to other screens.
        drafts: the notice that the texts are drafts, for each language concerned.
        exit_button_limits: what leaving quickly cannot do; only on the screens about phones.
    """

    language: Language
    frame: Language
    phrases: Mapping[str, LocalizedText]
    sms: tuple[str, str]
    helplines: tuple[Paragraph, ...]
    title: LocalizedText
    helplines_first: bool = True
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[LocalizedText, ...] = ()
    web: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    drafts: tuple[LocalizedText, ...] = ()
    exit_button_limits: LocalizedText | None = None
