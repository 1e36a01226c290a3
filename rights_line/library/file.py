"""Read and write library.json, and replace files of texts: all of them, or none."""

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from rights_line.errors import ConfigurationError, Problem
from rights_line.library import FOLDERS
from rights_line.library.schema import Built

_FIX = "Build it again: `rights-line build`; on a server, publish"


def encode(content: Built) -> bytes:
    """Return the bytes of library.json: the same for the same content, one value a line."""
    return msgspec.json.format(msgspec.json.encode(content, enc_hook=_encoded), indent=1) + b"\n"


def write(path: Path, content: bytes) -> None:
    """Put a file in place of the one that is there; a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_files({path: content})
    path.chmod(0o644)  # the user of the service reads what another built


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Write each file completely beside the old one, then rename them in order.

    A file keeps its permissions. After an error, every file is as it was. A power cut between two
    renames leaves the first files new: put a file first that may be ahead of the others. Several
    processes may replace the same file at once.

    Raises:
        OSError: a file cannot be written.
    """
    mark = secrets.token_hex(4)
    new = {path: path.with_name(f".{path.name}.{mark}.part") for path in files}
    # Copied before the first rename, because a full disk must not stop the way back.
    old = {path: path.with_name(f".{path.name}.{mark}.old") for path in files if path.is_file()}
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


@contextmanager
def copied_texts(root: Path, files: Mapping[Path, bytes]) -> Iterator[Path]:
    """Give a copy of a folder with content/ and locales/ in which some files are replaced."""
    with TemporaryDirectory() as name:
        copy = Path(name)
        for folder in FOLDERS:
            shutil.copytree(root / folder, copy / folder)
        for path, data in files.items():
            changed = copy / path.relative_to(root)
            changed.parent.mkdir(parents=True, exist_ok=True)
            changed.write_bytes(data)
        yield copy


def read(path: Path) -> bytes:
    """Return the bytes of a library.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise ConfigurationError([Problem(str(path), reason, _FIX)]) from None


def decode(path: Path, data: bytes) -> Built:
    """Return what the line serves; `path` names the file in problems.

    Raises:
        ConfigurationError: it is damaged, or of another format.
    """
    try:
        return msgspec.json.decode(data, type=Built, dec_hook=_decoded)
    except (msgspec.DecodeError, ValueError) as error:
        reason = f"must be a library of this version, got: {error}"
        raise ConfigurationError([Problem(str(path), reason, _FIX)]) from None


def _encoded(value: object) -> str:
    if isinstance(value, ZoneInfo):
        return value.key
    raise NotImplementedError(f"{type(value)} has no place in library.json")


def _decoded(kind: type, value: object) -> object:
    if kind is tzinfo:
        try:
            return ZoneInfo(str(value))
        except ZoneInfoNotFoundError as error:
            raise ValueError(*error.args) from None
    raise NotImplementedError(f"{kind} has no place in library.json")
