"""The layout of cards on an A4 sheet, with the marks for cutting and folding. All in mm."""

from collections.abc import Iterator
from typing import NamedTuple

SHEET = (210.0, 297.0)
MARK_GAP = 7  # space beside the cards for marks that do not touch them


class Size(NamedTuple):
    """A size of card; width and height are those of the folded card."""

    name: str
    width: float
    height: float
    margin: float  # of a face
    rows: int  # cards on a sheet
    points: tuple[float, ...]  # the type sizes to try, in pt, largest first

    @property
    def left_on_sheet(self) -> float:
        """The left edge of an open card. It is centred: so both sides match in duplex printing."""
        return (SHEET[0] - 2 * self.width) / 2

    @property
    def top_on_sheet(self) -> float:
        return (SHEET[1] - self.rows * self.height) / 2


SIZES = {
    "card": Size("card", 85, 66, 3, 4, (9, 8.5, 8)),
    "a6": Size("a6", 105, 148, 9, 2, (14, 12, 10)),
}


class Mark(NamedTuple):
    """A thin line on the sheet; `kind` is its direction, with `fold` if it is not for cutting."""

    kind: str
    left: float
    top: float
    width: float
    height: float


def sheet_marks(size: Size, rows: int) -> Iterator[Mark]:
    """Yield the marks of a sheet, beside the cards if there is space, else on the cut."""
    outer, inner = (
        (size.left_on_sheet - MARK_GAP, 5.0) if size.left_on_sheet >= MARK_GAP else (0.0, 4.0)
    )
    for row in range(rows + 1):
        y = size.top_on_sheet + row * size.height
        if y > 1 and y < SHEET[1] - 1:
            yield Mark("across", outer, y, inner, 0)
            yield Mark("across", SHEET[0] - outer - inner, y, inner, 0)
    if size.top_on_sheet >= MARK_GAP:
        for column, kind in enumerate(("down", "down fold", "down")):
            for y in (size.top_on_sheet - MARK_GAP, size.top_on_sheet + rows * size.height + 2):
                yield Mark(kind, size.left_on_sheet + column * size.width, y, 0, 5)
