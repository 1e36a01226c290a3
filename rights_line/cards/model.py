"""Keyword cards: what stands on one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rights_line.cards import qr
from rights_line.content.languages import SOURCE
from rights_line.content.rendering import MissingTranslation, ScreenRenderer
from rights_line.content.screen_tree import ScreenTree
from rights_line.content.site import Site
from rights_line.content.source import LIFELINES
from rights_line.core.library import MENU, Edition
from rights_line.core.model import Language

_ENDS = ".።।۔。"  # what sentences end with in the scripts that we write


@dataclass(frozen=True)
class Card:
    """What is on a card. Where nobody has approved the language: the helplines, and nothing else.

    Attributes:
        language: whose card it is.
        helplines: a line each, in pieces: a text, and whether it is a number to call.
        topics: the codes of the main topics and what they are about.
        menu_language: tag of the language that the topics are in.
        number: where to write to, in groups; empty: nowhere.
        ussd: what to dial; empty: nothing.
        address: the web address as it is read; empty: none.
        codes: what is drawn as QR: SMS, www -> what it says.
        phrases: name -> sentence: by_sms, cost, delete, and draft unless the language is approved.
    """

    language: Language
    helplines: tuple[tuple[tuple[str, bool], ...], ...]
    topics: tuple[tuple[str, str], ...]
    menu_language: str
    number: str
    ussd: str
    address: str
    codes: dict[str, str]
    phrases: dict[str, str]


def card_of(site: Site, tag: str) -> Card:
    """Return the card of a language that is spoken."""
    edition = site.library.editions[tag]
    language, menu = edition.language, edition.screens[MENU]
    topics = tuple(_topics(menu.links))
    codes = {"SMS": qr.sms(site.number, language.word)} if topics and site.number else {}
    codes |= {"www": qr.web(site.public_url, tag)} if topics and site.public_url else {}
    return Card(
        language=language,
        helplines=tuple(_helplines(edition, site)),
        topics=topics,
        menu_language=menu.language,
        number=_grouped(site.number) if topics else "",
        ussd=site.ussd if topics else "",
        address=codes.get("www", "").partition("://")[2],
        codes=codes,
        phrases=_phrases(site, tag) if topics else {},
    )


def _topics(links: str) -> Iterator[tuple[str, str]]:
    for line in links.splitlines():
        code, _, label = line.partition(" ")
        if len(code) == 1 and code != MENU:
            yield code, label


def _helplines(edition: Edition, site: Site) -> Iterator[tuple[tuple[str, bool], ...]]:
    """Yield the helplines, a line for each, in pieces: in a script with no full stop too."""
    contacts = site.sources.content.contacts
    numbers = "|".join(
        re.escape(number)
        for name in LIFELINES
        for number in (contacts[name].number, contacts[name].code)
    )
    sentence = re.compile(rf"\s*(.+?(?:{numbers})(?:[^{_ENDS}]*[{_ENDS}])?)")
    text = edition.helplines
    for said in (text if "\n" in text else sentence.sub(r"\1\n", text)).splitlines():
        pieces = re.split(f"({numbers})", said)
        yield tuple((piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece)


def _phrases(site: Site, tag: str) -> dict[str, str]:
    outline = ScreenTree(site.sources.content)
    tongues = site.sources.languages
    names = ["by_sms", "cost", "delete", *([] if site.sources.is_approved(tag) else ["draft"])]
    said = {}
    for name in names:
        try:
            said[name] = ScreenRenderer(tongues[tag], outline).phrase(name)
        except MissingTranslation:
            said[name] = ScreenRenderer(tongues[SOURCE], outline).phrase(name)
    return said


def _grouped(number: str) -> str:
    """Return a Norwegian number as it is read, in pairs; others, and grouped ones, as they are."""
    if match := re.fullmatch(r"(\+47)(\d\d)(\d\d)(\d\d)(\d\d)", number):
        return " ".join(match.groups())
    return number
