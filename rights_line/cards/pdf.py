"""Keyword cards as PDF: A4 sheets to print on both sides, cut and fold."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader

from rights_line.cards import ROWS, Card, qr_svg, qr_width
from rights_line.errors import ConfigurationError, Problem

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
# The layout, in mm.
SHEET = (210.0, 297.0)
MARK_GAP = 7  # space beside the cards for marks that do not touch them
WIDTH, HEIGHT = 85.0, 67.5  # of a folded card
MARGIN = 3  # of a face
TYPE_SIZES = (9, 8.5, 8)  # in pt, to try, largest first
# The cards stand in the middle of the sheet: so both sides match in duplex printing.
LEFT, TOP = (SHEET[0] - 2 * WIDTH) / 2, (SHEET[1] - ROWS * HEIGHT) / 2


class Mark(NamedTuple):
    """A thin line on the sheet; `kind` is its direction, with `fold` if it is not for cutting."""

    kind: str
    left: float
    top: float
    width: float
    height: float


def marks(rows: int) -> Iterator[Mark]:
    """Yield the marks beside the cards of a sheet."""
    for row in range(rows + 1):
        for left in (LEFT - MARK_GAP, SHEET[0] - LEFT + MARK_GAP - 5):
            yield Mark("across", left, TOP + row * HEIGHT, 5, 0)
    for column, kind in enumerate(("down", "down fold", "down")):
        for top in (TOP - MARK_GAP, TOP + rows * HEIGHT + 2):
            yield Mark(kind, LEFT + column * WIDTH, top, 0, 5)


def cards_pdf(cards: Sequence[Card]) -> bytes:
    """Return cards as a PDF: for each sheet the outside, then the inside.

    The last sheet is filled up, starting again with the first card.

    Raises:
        ImportError, OSError: WeasyPrint or one of its libraries is not installed.
        ConfigurationError: a card does not fit, or a font is not installed.
    """
    if problems := list(_code_problems(cards)):
        raise ConfigurationError(problems)
    points = _type_sizes({card.language.tag: card for card in cards})
    rows = list(cards)
    while len(rows) % ROWS:
        rows.append(rows[len(rows) - len(cards)])
    fonts: set[str] = set()

    def collect_pdf_fonts(_: object, file: Any) -> None:
        file.info.pop("Producer", None)  # the program that wrote the PDF
        fonts.update(_font_names(file))

    content: bytes = _document(rows, points).write_pdf(finisher=collect_pdf_fonts)
    if problems := list(_font_problems(cards, fonts)):
        raise ConfigurationError(problems)
    return content


def _type_sizes(cards: Mapping[str, Card]) -> dict[str, float]:
    """Return the largest type size with which each card fits; refuse one that never fits."""
    points = dict.fromkeys(cards, float(TYPE_SIZES[0]))
    too_large = set(cards)
    for smaller in (*TYPE_SIZES[1:], 0.0):
        tried = [card for tag, card in cards.items() if tag in too_large]
        document = _document(tried, points, ["inside"])
        too_large = set(_overflowing(tried, document))
        if not too_large:
            return points
        points |= dict.fromkeys(too_large, smaller)
    fix = "Shorten the texts"
    raise ConfigurationError(Problem(tag, "does not fit on the card", fix) for tag in too_large)


def _overflowing(cards: Sequence[Card], document: Any) -> Iterator[str]:
    """Yield the tag of each card with a face whose content exceeds its lower edge."""
    ends = {name: at[1] / MM for page in document.pages for name, at in page.anchors.items()}
    for index, card in enumerate(cards):
        number, row = divmod(index, ROWS)
        bottom = TOP + (row + 1) * HEIGHT - MARGIN
        if any(ends[f"end-{number}-{row}-{face}"] > bottom for face in ("first", "second")):
            yield card.language.tag


def _document(
    cards: Sequence[Card],
    points: Mapping[str, float],
    sides: Sequence[str] = ("outside", "inside"),
) -> Any:
    """Return the document of WeasyPrint."""
    from weasyprint import HTML

    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    files = ("card.css", "sheets.css")
    return HTML(
        string=templates.get_template("sheets.html").render(
            sides=sides,
            sheets=[cards[first : first + ROWS] for first in range(0, len(cards), ROWS)],
            layout={"LEFT": LEFT, "TOP": TOP, "HEIGHT": HEIGHT, "marks": marks},
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
    if any(qr_width(text) > MAX_QR_MODULES for card in cards for text in card.codes.values()):
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
