"""Read and write library.json."""

import tempfile
from datetime import tzinfo
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from rights_line.errors import ConfigurationError, Problem
from rights_line.library.schema import FORMAT, Built, LibraryFile, Strings

_FIX = "Build it again: `rights-line build`"

T = TypeVar("T")


class _Strings(msgspec.Struct):
    """The part of the file that the simulator alone needs."""

    strings: Strings


def encode(content: LibraryFile) -> bytes:
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


def read(path: Path) -> tuple[Built, str]:
    """Return what the line serves, and the SHA-256 of the file.

    Raises:
        ConfigurationError: there is no such file, or it is damaged, or of another format.
    """
    data = _bytes_of(path)
    built = _decode(path, data, Built)
    if built.format != FORMAT:
        raise ConfigurationError(
            [Problem(str(path), f"format must be {FORMAT}, got {built.format}", _FIX)]
        )
    return built, sha256(data).hexdigest()


def read_strings(path: Path) -> Strings:
    """Return the source strings of the texts, for the simulator."""
    return _decode(path, _bytes_of(path), _Strings).strings


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise ConfigurationError([Problem(str(path), reason, _FIX)]) from None


def _decode(path: Path, data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=_decoded)
    except (msgspec.DecodeError, ValueError) as error:
        reason = f"must be a library of this version, got: {error}"
        raise ConfigurationError([Problem(str(path), reason, _FIX)]) from None


def _encoded(value: object) -> str:
    if isinstance(value, ZoneInfo):
        return value.key
    raise NotImplementedError(f"{type(value)} has no place in library.json")


def _decoded(kind: type, value: object) -> object:
    if kind is tzinfo:
        return ZoneInfo(str(value))
    raise NotImplementedError(f"{kind} has no place in library.json")
