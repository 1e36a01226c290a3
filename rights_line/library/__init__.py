"""The one file between the two programs: `rights-line build` writes it, and the line serves it.

`schema` says what library.json holds, `file` reads and writes it, and `assembly` makes a Library of
it. The line is up to date by `location`. Nothing else knows the format of the file. Here is the
folder of the texts that it is built of.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rights_line.errors import Problem

TEXTS = "RIGHTS_LINE_TEXTS"
FOLDERS = ("content", "locales")
ROOT = Path(__file__).parents[2]  # the checkout
PACKAGED = Path(__file__).parents[1] / "texts"  # in a wheel


def texts_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of RIGHTS_LINE_TEXTS; else the checkout, else the texts of the wheel."""
    if name := environ.get(TEXTS):
        return Path(name)
    return PACKAGED if PACKAGED.is_dir() else ROOT


def missing_folders(root: Path) -> Iterator[Problem]:
    """Yield a problem for each folder that is missing."""
    for name in FOLDERS:
        if not (root / name).is_dir():
            summary = f"must be a folder with content/ and locales/: {name}/ not found at {root}"
            yield Problem(TEXTS, summary, f"Set {TEXTS} to the folder that holds both")
