"""A printed PDF, read back with poppler and zbar: text, fonts, QR codes."""

import html
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

DOTS = 200  # dots per inch of a page that is read as a picture
POINT = 25.4 / 72  # mm


class Area(NamedTuple):
    """A part of a sheet, in mm from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, other: "Area") -> bool:
        """Whether another area lies inside this one."""
        right, bottom = other.left + other.width, other.top + other.height
        inside = self.left <= other.left and self.top <= other.top
        return inside and right <= self.left + self.width and bottom <= self.top + self.height

    def shrunk(self, by: float) -> "Area":
        return Area(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)


def required() -> None:
    """Skip the test if poppler or zbar is missing."""
    if missing := [name for name in ("pdftotext", "zbarimg") if not shutil.which(name)]:
        pytest.skip(f"not installed: {missing}")


def run(*command: object) -> str:
    """Return the output of a program."""
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def facts(file: Path) -> dict[str, str]:
    """Return the metadata of a PDF."""
    pairs = (line.partition(":") for line in run("pdfinfo", file).splitlines())
    return {name: value.strip() for name, _, value in pairs}


@cache
def words(file: Path, page: int) -> list[tuple[str, Area]]:
    """Return every word of a page with its position."""
    found = re.findall(
        r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>',
        run("pdftotext", "-bbox", "-f", page, "-l", page, file, "-"),
    )
    rows = [(word, [float(place) * POINT for place in places]) for *places, word in found]
    return [
        (html.unescape(word), Area(x, y, right - x, bottom - y))
        for word, (x, y, right, bottom) in rows
    ]


def text(file: Path, page: int, area: Area, rtl: bool = False) -> str:
    """Return the words in an area, line by line in reading order."""
    there = [(word, place) for word, place in words(file, page) if area.holds(place)]
    there.sort(key=lambda row: row[1].top + row[1].height / 2)
    lines: list[list[tuple[str, Area]]] = []
    for word, place in there:
        middle = place.top + place.height / 2
        if not lines or middle > lines[-1][-1][1].top + lines[-1][-1][1].height:
            lines.append([])
        lines[-1].append((word, place))
    for line in lines:
        line.sort(key=lambda row: row[1].left, reverse=rtl)
    return "\n".join(" ".join(word for word, _ in line) for line in lines)


def fonts(file: Path) -> dict[str, bool]:
    """Return the fonts of a PDF, and whether each is embedded."""
    rows = [line.split() for line in run("pdffonts", file).splitlines()[2:]]
    return {row[0].partition("+")[2]: row[-5] == "yes" for row in rows}


def codes(file: Path, page: int, folder: Path) -> list[str]:
    """Return the contents of the QR codes on the rendered page."""
    picture = folder / "seen"
    run("pdftoppm", "-r", DOTS, "-gray", "-singlefile", "-f", page, file, picture)
    return sorted(run("zbarimg", "-q", "--raw", f"{picture}.pgm").splitlines())
