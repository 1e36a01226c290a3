"""The layout of cards on an A4 sheet, with the marks for cutting and folding. All in mm."""

from collections.abc import Iterator
from typing import NamedTuple

SHEET = (210.0, 297.0)
MARK_GAP = 7  # space beside the cards for marks that do not touch them


WIDTH, HEIGHT = 85.0, 67.5  # of a folded card
MARGIN = 3  # of a face
ROWS = 4  # cards on a sheet
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
