"""Replace several files together: all of them, or none."""

import shutil
from collections.abc import Mapping
from pathlib import Path


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Write each file completely beside the old one, then rename them in order.

    A file keeps its permissions. After an error, every file is as it was. A power cut between two
    renames leaves the first files new: put a file first that may be ahead of the others.

    Raises:
        OSError: a file cannot be written.
    """
    parts = {path: path.with_name(f".{path.name}.part") for path in files}
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    renamed: list[Path] = []
    try:
        for path, part in parts.items():
            part.write_bytes(files[path])
            if path.is_file():
                shutil.copymode(path, part)
        for path, part in parts.items():
            part.replace(path)
            renamed.append(path)
    except OSError:
        for path in renamed:
            _restore(path, before[path])
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)
