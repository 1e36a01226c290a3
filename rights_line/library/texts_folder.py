"""The folder of the texts: it holds content/ and locales/."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rights_line.errors import Problem

VARIABLE = "RIGHTS_LINE_TEXTS"
FOLDERS = ("content", "locales")
ROOT = Path(__file__).parents[2]  # the checkout
PACKAGED = Path(__file__).parents[1] / "texts"  # in a wheel


def texts_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of RIGHTS_LINE_TEXTS; else the checkout, else the texts of the wheel."""
    if name := environ.get(VARIABLE):
        return Path(name)
    return PACKAGED if PACKAGED.is_dir() else ROOT


def missing(root: Path) -> Iterator[Problem]:
    """Yield a problem for each folder that is missing."""
    for name in FOLDERS:
        if not (root / name).is_dir():
            summary = f"must be a folder with content/ and locales/: {name}/ not found at {root}"
            yield Problem(VARIABLE, summary, f"Set {VARIABLE} to the folder that holds both")
