"""Keyword cards as PDF: A4 sheets to print on both sides, cut and fold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from rights_line.cards import qr, sheet
from rights_line.cards.card_model import Card
from rights_line.cards.qr import qr_svg
from rights_line.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from weasyprint import Document

HERE = Path(__file__).parent
MM = 96 / 25.4  # CSS pixels per millimetre
MAX_QR_MODULES = 53  # on 18 mm: a third of a millimetre per module, with the quiet zone
FONT = "Noto Sans"
# The font for each script; FONT for every other script, and for the title of each card.
FONTS = {
    "Arab": "Noto Sans Arabic",
    "Ethi": "Noto Sans Ethiopic",
    "Thai": "Noto Sans Thai",
    "Deva": "Noto Sans Devanagari",
    "Beng": "Noto Sans Bengali",
    "Guru": "Noto Sans Gurmukhi",
    "Hani": "Noto Sans CJK SC",
}


Advance = Callable[[int], object]


def cards_pdf(cards: Sequence[Card], advance: Advance = bool) -> bytes:
    """Return cards as a PDF: for each sheet the outside, then the inside.

    The last sheet is filled up, starting again with the first card. `advance` is told the number of
    cards whose type size was found, then of those laid out; the default ignores it.

    Raises:
        ImportError, OSError: WeasyPrint or one of its libraries is not installed.
        ConfigurationError: a card does not fit, or a font is not installed.
    """
    if problems := list(_code_problems(cards)):
        raise ConfigurationError(problems)
    points = _type_sizes({card.language.tag: card for card in cards}, advance)
    rows = list(cards)
    while len(rows) % sheet.ROWS:
        rows.append(rows[len(rows) - len(cards)])
    fonts: set[str] = set()

    def collect_pdf_fonts(_: object, file: Any) -> None:
        file.info.pop("Producer", None)  # the program that wrote the PDF
        fonts.update(_font_names(file))

    content: bytes = _document(rows, points).write_pdf(finisher=collect_pdf_fonts)
    advance(len(cards))
    if problems := list(_font_problems(cards, fonts)):
        raise ConfigurationError(problems)
    return content


def _type_sizes(cards: Mapping[str, Card], advance: Advance) -> dict[str, float]:
    """Return the largest type size with which each card fits; refuse one that never fits."""
    points = dict.fromkeys(cards, float(sheet.TYPE_SIZES[0]))
    too_large = set(cards)
    for smaller in (*sheet.TYPE_SIZES[1:], 0.0):
        tried = [card for tag, card in cards.items() if tag in too_large]
        document = _document(tried, points, ["inside"])
        too_large = set(_overflowing(tried, document))
        advance(len(tried) - len(too_large))
        if not too_large:
            return points
        points |= dict.fromkeys(too_large, smaller)
    fix = "Shorten the texts"
    raise ConfigurationError(Problem(tag, "does not fit on the card", fix) for tag in too_large)


def _overflowing(cards: Sequence[Card], document: "Document") -> Iterator[str]:
    """Yield the tag of each card with a face whose content exceeds its lower edge."""
    ends = {name: at[1] / MM for page in document.pages for name, at in page.anchors.items()}
    for index, card in enumerate(cards):
        number, row = divmod(index, sheet.ROWS)
        bottom = sheet.TOP + (row + 1) * sheet.HEIGHT - sheet.MARGIN
        if any(ends[f"end-{number}-{row}-{face}"] > bottom for face in ("first", "second")):
            yield card.language.tag


def _document(
    cards: Sequence[Card],
    points: Mapping[str, float],
    sides: Sequence[str] = ("outside", "inside"),
) -> "Document":
    from weasyprint import HTML

    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    files = ("card.css", "sheets.css")
    return HTML(
        string=templates.get_template("sheets.html").render(
            sides=sides,
            sheets=[
                cards[first : first + sheet.ROWS] for first in range(0, len(cards), sheet.ROWS)
            ],
            layout=sheet,
            points=points,
            qr=qr_svg,
            style="".join((HERE / "styles" / name).read_text("utf-8") for name in files),
        )
    ).render()


def _font_names(file: Any) -> Iterator[str]:
    for entry in file.objects:
        if isinstance(entry, dict) and entry.get("Type") == "/Font":
            yield entry["BaseFont"].decode().partition("+")[2].replace("-", " ")


def _code_problems(cards: Sequence[Card]) -> Iterator[Problem]:
    """Yield a problem if a QR code would be too fine for a phone's camera."""
    if any(qr.width(text) > MAX_QR_MODULES for card in cards for text in card.codes.values()):
        summary = "is too long for a QR code that a camera can read on a small card"
        yield Problem("RIGHTS_LINE_PUBLIC_URL", summary, "Use a shorter URL")


def _font_problems(cards: Sequence[Card], found: set[str]) -> Iterator[Problem]:
    """Yield a problem for each font that is missing: other fonts, or boxes, would replace it."""
    needed = {FONT, *(FONTS.get(card.language.script, FONT) for card in cards)}
    fix = "Install the Noto fonts: apt install fonts-noto-core fonts-noto-cjk"
    for name in needed - {name.removesuffix(" Bold") for name in found}:
        yield Problem(name, "is not installed", fix)
    for name in found:
        if not name.startswith(FONT):
            yield Problem(name, "was used in place of a font that is not installed", fix)
