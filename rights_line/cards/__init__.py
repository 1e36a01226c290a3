"""Keyword cards, and QR codes: an SMS, a call, or the URL of a language's pages.

The texts come from the library: a card has none of its own. A web page shows the cards, and `pdf`
puts them on A4 paper. WeasyPrint is imported only when a PDF is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import segno

from rights_line.core import MENU
from rights_line.core.model import Language
from rights_line.core.screen import Phrase
from rights_line.library.site import Linkifier, Paragraph, Site

ROWS = 4  # cards on a sheet
SCALE = 20  # pixels per module: large enough that a designer only scales it down
QUIET_ZONE = 4  # modules of empty space around the code, as ISO/IEC 18004 requires


@dataclass(frozen=True)
class Card:
    """The content of a card; only the helplines if the language is not approved."""

    title: str
    language: Language
    helplines: tuple[Paragraph, ...]
    helplines_direction: str
    topics: tuple[tuple[str, str], ...]  # (code, label) of the main topics
    menu_language: str  # tag of the language of the topics
    number: str  # to text, with spaces
    call: str  # the link that calls it and chooses the language; empty if it takes no calls
    ussd: str  # to dial
    address: str  # the URL without its scheme
    codes: dict[str, str]  # `SMS` and `www` -> the content of the QR code
    # name -> sentence, in the card's language or in English; `draft` unless it is approved
    phrases: Mapping[str, Phrase]
    interpreter: tuple[str, ...] = ()  # how to ask for one, before and after the language's name
    spoken: str = ""  # tag of the language of that name


def card_of(site: Site, tag: str) -> Card:
    """Return the card of a language that has an edition."""
    edition = site.library.editions[tag]
    language, menu = edition.language, edition.screens[MENU]
    topics = tuple(row for row in menu.choices if len(row[0]) == 1 and row[0] != MENU)
    codes = {"SMS": sms_text(site.number, language.word)} if topics and site.number else {}
    codes |= {"www": page_url(site.public_url, tag)} if topics and site.public_url else {}
    country, number = site.pages.country, site.grouped_number if topics else ""
    return Card(
        title=country.title,
        language=language,
        helplines=Linkifier(site.pages.contacts.values()).helplines(edition.helplines, tag),
        # Without texts they are in several languages; right to left, "(< 18)" would turn round.
        helplines_direction=language.direction if topics else "ltr",
        topics=topics,
        menu_language=menu.language,
        number=number,
        call=call_link(number, language.number) if number and site.takes_calls else "",
        ussd=site.ussd if topics else "",
        address=codes.get("www", "").partition("://")[2],
        codes=codes,
        phrases=site.pages.card_phrases[tag] if topics else {},
        interpreter=tuple(edition.interpreter.split(language.norwegian)) if topics else (),
        spoken=country.languages[0],
    )


def sms_text(number: str, word: str) -> str:
    """Return the content of a code that opens an SMS with a word in it."""
    return f"SMSTO:{number.replace(' ', '')}:{word}"


def call_link(number: str, language_number: str) -> str:
    """Return the link that calls the line and chooses a language, after a pause of four seconds."""
    return f"tel:{number.replace(' ', '')},,{language_number}"


def page_url(public_url: str, tag: str = "") -> str:
    """Return the URL of a language's pages, or without a tag that of the start page."""
    return f"{public_url}/{tag}/" if tag else f"{public_url}/"


def qr_width(text: str) -> int:
    """Return the width of a code in modules, with the quiet zone."""
    across, _ = segno.make_qr(text, error="m").symbol_size(border=QUIET_ZONE)
    return int(across)


def qr_svg(text: str, name: str) -> str:
    """Return a code as an SVG element, with `name` as its label for screen readers."""
    code = segno.make_qr(text, error="m")
    svg: str = code.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr", lineclass=None)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def qr_files(text: str) -> dict[str, bytes]:
    """Return a code as files: file name extension -> content."""
    files = {"svg": BytesIO(), "png": BytesIO()}
    for kind, file in files.items():
        segno.make_qr(text, error="m").save(file, kind=kind, scale=SCALE, border=QUIET_ZONE)
    return {kind: file.getvalue() for kind, file in files.items()}
