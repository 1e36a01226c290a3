"""Read and write library.json."""

import tempfile
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from rights_line.errors import ConfigurationError, Problem
from rights_line.library.schema import Built

_FIX = "Build it again: `rights-line build`; on a server, publish"


def encode(content: Built) -> bytes:
    """Return the bytes of library.json: the same for the same content, one value a line."""
    return msgspec.json.format(msgspec.json.encode(content, enc_hook=_encoded), indent=1) + b"\n"


def write(path: Path, content: bytes) -> None:
    """Put a file in place of the one that is there; a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


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
