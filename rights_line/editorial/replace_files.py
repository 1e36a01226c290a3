"""Replace several files together: all of them, or none, and never half of one."""

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
    new = {path: path.with_name(f".{path.name}.part") for path in files}
    # Copied before the first rename, because a full disk must not stop the way back.
    old = {path: path.with_name(f".{path.name}.old") for path in files if path.is_file()}
    renamed: list[Path] = []
    try:
        for path, part in new.items():
            part.write_bytes(files[path])
        for path, copy in old.items():
            shutil.copymode(path, new[path])
            shutil.copy2(path, copy)
        for path, part in new.items():
            part.replace(path)
            renamed.append(path)
    except OSError:
        for path in renamed:
            if path in old:
                old[path].replace(path)
            else:
                path.unlink()
        raise
    finally:
        for rest in (*new.values(), *old.values()):
            rest.unlink(missing_ok=True)
