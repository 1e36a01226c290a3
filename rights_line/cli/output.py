"""Files that a command makes for its user, such as PDFs and pages (`--out`)."""

import sys
from pathlib import Path


def write_output(path: Path, data: bytes) -> bool:
    """Write a file and return whether that worked; print the error if not.

    It is written in place, because it may be a pipe or /dev/stdout. Texts of the line are written
    with `editorial.replace_files` alone.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return False
    return True
