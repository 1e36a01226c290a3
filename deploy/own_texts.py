"""Merge the changes of a new version into the operator's own content/ and locales/.

Usage: own_texts.py OWN NEW OUT [--keep-conflicts] [FILE...]

OWN/.upstream keeps the texts as upstream had them when OWN was last merged. A file that only one
side has changed since is taken from that side; one that both changed is merged line by line
(diff3). Kept as they are in OWN: the FILEs named, approvals (review.yaml), all that is beside
content/ and locales/ (.git), and contacts.yaml if the merge would give a contact an older date of
verification. With --keep-conflicts, also every file that cannot be merged; the next upgrade asks.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

UPSTREAM = ".upstream"
CONTACTS = Path("content", "contacts.yaml")


def main(
    own: Path, new: Path, out: Path, kept: Collection[Path], keeps_conflicts: bool = False
) -> int:
    """Write the merged texts, and return 1 if a file needs a person."""
    base = own / UPSTREAM
    shutil.copytree(own, out, symlinks=True, ignore=shutil.ignore_patterns(UPSTREAM))
    shutil.copytree(new, out / UPSTREAM)
    conflicts = 0
    for file in sorted(files_of(own) | files_of(new)):
        try:
            merged = merge(base / file, own / file, new / file, file in kept)
        except ConflictError:
            if keeps_conflicts:
                print(f"{own / file} stays as it is: upstream changed the same lines.")
                write(out / UPSTREAM / file, content_of(base / file))
                continue
            conflicts += 1
            print(CONFLICT.format(own=own / file, base=base / file, new=new / file, file=file))
            continue
        if file == CONTACTS and file not in kept and (names := older(own / file, merged)):
            print(f"{own / file} stays as it is: upstream has earlier dates of {', '.join(names)}.")
            merged = content_of(own / file)
            shutil.copy(base / file, out / UPSTREAM / file)
        write(out / file, merged)
    return 1 if conflicts else 0


CONFLICT = """\
{own}: you and upstream changed the same lines. See what upstream changed:
  diff {base} {new}
Put it into your file by hand, as far as you want it, and run this again with --keep-own {file}"""


class ConflictError(Exception):
    """Both sides changed the same lines."""


def files_of(folder: Path) -> set[Path]:
    """Return the relative path of each text."""
    paths = (path for name in ("content", "locales") for path in (folder / name).rglob("*"))
    return {path.relative_to(folder) for path in paths if path.is_file()}


def content_of(path: Path) -> bytes | None:
    """Return the content of a file, or None if there is no such file."""
    return path.read_bytes() if path.exists() else None


def write(path: Path, content: bytes | None) -> None:
    """Write a file, or delete it if it has no content."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def merge(base: Path, own: Path, new: Path, is_kept: bool) -> bytes | None:
    """Return the merged content of a file, or None if it was deleted.

    Raises:
        ConflictError: a person must merge it.
    """
    before, ours, theirs = map(content_of, (base, own, new))
    if is_kept or theirs in (before, ours) or (own.name == "review.yaml" and ours is not None):
        return ours
    if ours == before:
        return theirs
    if before is None or ours is None or theirs is None:
        raise ConflictError
    done = subprocess.run(["diff3", "-m", own, base, new], capture_output=True, check=False)
    if done.returncode:
        raise ConflictError
    return done.stdout


def older(own: Path, merged: bytes | None) -> list[str]:
    """Return the contacts that would be lost, or get an older date of verification."""
    now, then = (dates(data or b"") for data in (content_of(own), merged))
    return [name for name, day in now.items() if name not in then or then[name] < day]


def dates(contacts: bytes) -> dict[str, str]:
    """Return when each contact was verified; the check that follows finds malformed files."""
    found = re.findall(rb"(?ms)^(\w+):(?:(?!^\w).)*?^ +verified_on: *(\d{4}-\d\d-\d\d)", contacts)
    return {name.decode(): day.decode() for name, day in found}


if __name__ == "__main__":
    keeps = "--keep-conflicts" in sys.argv
    own, new, out, *kept = (Path(word) for word in sys.argv[1:] if not word.startswith("--"))
    sys.exit(main(own, new, out, kept, keeps))
