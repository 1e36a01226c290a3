"""Keyword cards as PDF: A4 sheets to print on both sides, cut and fold."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from rights_line.cards import qr
from rights_line.cards.model import Card
from rights_line.cards.sheet import Size, marks
from rights_line.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from weasyprint import Document

HERE = Path(__file__).parent
MM = 96 / 25.4  # CSS pixels a millimetre
MAX_QR_MODULES = 53  # modules over 18 mm: a third of a millimetre each, quiet zone and all
FONT = "Noto Sans"
# What a script is printed in; every other in FONT, as is the title of every card.
FONTS = {
    "Arab": "Noto Sans Arabic",
    "Ethi": "Noto Sans Ethiopic",
    "Thai": "Noto Sans Thai",
    "Deva": "Noto Sans Devanagari",
    "Hani": "Noto Sans CJK SC",
}


def pdf(cards: Sequence[Card], size: Size, as_strip: bool) -> bytes:
    """Return cards as a PDF: of each sheet its outside, then its inside.

    The last sheet is filled by beginning again; `together`, it is cut as one strip to be folded
    between the languages, and is not filled.

    Raises:
        ImportError, OSError: WeasyPrint, or what it draws with, is not installed.
        Refused: something does not fit on a card, or there is no font to write it with.
    """
    if faults := list(_code_faults(cards)):
        raise ConfigurationError(faults)
    points = _fit_type_size({card.language.tag: card for card in cards}, size)
    rows = list(cards)
    while not as_strip and len(rows) % size.rows:
        rows.append(rows[len(rows) - len(cards)])
    fonts: set[str] = set()

    def finish(_: object, file: Any) -> None:
        _remove_producer(file)
        fonts.update(_font_names(file))

    made: bytes = _document(rows, size, as_strip, points).write_pdf(finisher=finish)
    if faults := list(_font_faults(cards, fonts)):
        raise ConfigurationError(faults)
    return made


def _fit_type_size(cards: Mapping[str, Card], size: Size) -> dict[str, float]:
    """Return for each language the largest type that it fits with."""
    points = dict.fromkeys(cards, size.points[0])
    over = set(cards)
    for smaller in (*size.points[1:], 0.0):
        tried = [card for tag, card in cards.items() if tag in over]
        over = set(_overflowing(tried, size, _document(tried, size, False, points, ["inside"])))
        if not over:
            return points
        points |= dict.fromkeys(over, smaller)
    remedy = "Choose --size a6, or shorten what is said"
    raise ConfigurationError(Problem(tag, "does not fit on the card", remedy) for tag in over)


def _overflowing(cards: Sequence[Card], size: Size, document: "Document") -> Iterator[str]:
    """Yield the tag of each card of which a face runs over its lower edge."""
    ends = {name: at[1] / MM for page in document.pages for name, at in page.anchors.items()}
    for place, card in enumerate(cards):
        sheet, row = divmod(place, size.rows)
        bottom = size.top + (row + 1) * size.height - size.margin
        if any(ends[f"end-{sheet}-{row}-{face}"] > bottom for face in ("first", "second")):
            yield card.language.tag


def _document(
    cards: Sequence[Card],
    size: Size,
    as_strip: bool,
    points: Mapping[str, float],
    sides: Sequence[str] = ("outside", "inside"),
) -> "Document":
    from weasyprint import HTML

    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    files = ("card.css", "sheets.css")
    return HTML(
        string=templates.get_template("sheets.html").render(
            sides=sides,
            sheets=[cards[first : first + size.rows] for first in range(0, len(cards), size.rows)],
            size=size,
            together=as_strip,
            points=points,
            marks=lambda rows: list(marks(size, rows, as_strip)),
            qr=qr.inline,
            style="".join((HERE / "static" / name).read_text("utf-8") for name in files),
        )
    ).render()


def _remove_producer(file: Any) -> None:
    """Take the name of the program that wrote a PDF out of it."""
    file.info.pop("Producer", None)


def _font_names(file: Any) -> Iterator[str]:
    """Yield the names of the fonts in a PDF."""
    for entry in file.objects:
        if isinstance(entry, dict) and entry.get("Type") == "/Font":
            yield entry["BaseFont"].decode().partition("+")[2].replace("-", " ")


def _code_faults(cards: Sequence[Card]) -> Iterator[Problem]:
    """Yield a fault for a code that would be too fine for a phone's camera."""
    if any(qr.width(text) > MAX_QR_MODULES for card in cards for text in card.codes.values()):
        problem = "is too long to be read by a camera from a small card"
        yield Problem("RIGHTS_LINE_PUBLIC_URL", problem, "Use a shorter address")


def _font_faults(cards: Sequence[Card], found: set[str]) -> Iterator[Problem]:
    """Yield a fault for each font that is not installed: others stand in for it, or boxes do."""
    needed = {FONT, *(FONTS.get(card.language.script, FONT) for card in cards)}
    remedy = "Install the Noto fonts: apt install fonts-noto-core fonts-noto-cjk"
    for name in needed - {name.removesuffix(" Bold") for name in found}:
        yield Problem(name, "is not installed", remedy)
    for name in found:
        if not name.startswith(FONT):
            yield Problem(name, "stands in for a font that is not installed", remedy)
