"""Where cards lie on a sheet of A4, and where it is cut and folded: all in millimetres."""

from collections.abc import Iterator
from typing import NamedTuple

SHEET = (210.0, 297.0)
MARK_GAP = 7  # beside the cards, for marks that do not touch them


class Size(NamedTuple):
    """A card when it is folded, and the margin of a face, in mm; how many lie on a sheet; the sizes
    of type to try, in pt."""

    name: str
    width: float
    height: float
    margin: float
    rows: int
    points: tuple[float, ...]

    @property
    def left(self) -> float:
        """Return where an open card begins, from the left of the sheet: it lies in the middle, so
        that both sides meet whichever way the paper is turned over its long edge."""
        return (SHEET[0] - 2 * self.width) / 2

    @property
    def top(self) -> float:
        return (SHEET[1] - self.rows * self.height) / 2


SIZES = {
    "card": Size("card", 85, 54, 3, 5, (8, 7.5, 7)),
    "a6": Size("a6", 105, 148, 9, 2, (14, 12, 10)),
}


class Mark(NamedTuple):
    """A thin line on the sheet, in mm: `kind` says which way it runs, and if it is for folding."""

    kind: str
    left: float
    top: float
    width: float
    height: float


def marks(size: Size, rows: int, as_strip: bool) -> Iterator[Mark]:
    """Yield where to cut, and where to fold: beside the cards, or where there is no room beside
    them on the cut itself."""
    outer, inner = (size.left - MARK_GAP, 5.0) if size.left >= MARK_GAP else (0.0, 4.0)
    for row in range(rows + 1):
        y = size.top + row * size.height
        kind = "across fold" if as_strip and 0 < row < rows else "across"
        if y > 1 and y < SHEET[1] - 1:
            yield Mark(kind, outer, y, inner, 0)
            yield Mark(kind, SHEET[0] - outer - inner, y, inner, 0)
    if size.top >= MARK_GAP:
        for column, kind in enumerate(("down", "down fold", "down")):
            for y in (size.top - MARK_GAP, size.top + rows * size.height + 2):
                yield Mark(kind, size.left + column * size.width, y, 0, 5)
