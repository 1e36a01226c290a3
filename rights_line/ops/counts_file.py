"""The file of counts: quarter -> kind -> name -> answers, in whole tens."""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rights_line.editorial.replace_files import replace_files
from rights_line.errors import ConfigurationError, Problem

STEP = 10
LANGUAGES, TOPICS, HELPLINES = "languages", "topics", "helplines"
LIST_FOLLOWED = "list_followed"  # a topic: a number of a list was sent in the next text
Counts = dict[str, dict[str, dict[str, int]]]


def add(file: Path, steps: Mapping[tuple[str, str, str], int]) -> None:
    """Add (quarter, kind, name) -> tens to a file; several processes may share it.

    The file is replaced even if there is nothing to add.

    Raises:
        OSError: it cannot be read or written.
        ConfigurationError: its content is malformed.
    """
    with _locked(file):
        counts = read(file) if file.exists() else {}
        for (quarter, kind, name), number in steps.items():
            cells = counts.setdefault(quarter, {}).setdefault(kind, {})
            cells[name] = cells.get(name, 0) + number
        replace_files({file: (json.dumps(counts, indent=1, sort_keys=True) + "\n").encode()})


def read(file: Path) -> Counts:
    """Return the content of a file; it raises what `add` does."""
    try:
        counts: Counts = json.loads(file.read_text("utf-8"))
        rows = [cells for kinds in counts.values() for cells in kinds.values()]
        is_valid = not any(number % STEP for cells in rows for number in cells.values())
    except (ValueError, AttributeError, TypeError):
        is_valid = False
    if not is_valid:
        raise unusable(file, "must hold counts in tens, got something else")
    return counts


def unusable(file: Path, summary: str) -> ConfigurationError:
    """Return the error for a file that cannot be used."""
    fix = f"Set it to a file in a folder of the line's own, or repair or remove {file}"
    return ConfigurationError([Problem("RIGHTS_LINE_COUNTS", summary, fix)])


def in_tens(count: int) -> int:
    """Return a count rounded down to a whole ten."""
    return count - count % STEP


def counts_file_quarter(day: date) -> str:
    """Return the quarter of a day, such as `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Wait until no other process adds to a file; the file itself is replaced, so lock another."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
