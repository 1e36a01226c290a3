"""The vectors of texts, as the encoder of the model gives them; a folder keeps them.

A text takes about 10 ms. A text is known by its hash, an encoder by that of its file.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from rights_line.library import model_file
from rights_line.library.model_file import hash_beside
from scripts.model.onnx_file import Array, encoder_of, save

_BATCH = 4_000  # texts after which their vectors are kept

Vector = NDArray[numpy.float32]


def text_vectors(texts: Sequence[str], model: Any, folder: Path) -> Array:
    """Return the vector of each text, a row each.

    Raises:
        SystemExit: if the encoder cannot be read.
    """
    path = folder / "encoder.onnx"
    save(encoder_of(model), path)
    encoder, problem = model_file.read(path, hash_beside(path))
    if encoder is None:
        raise SystemExit(problem)
    kept = folder / f"vectors-{path.with_suffix('.sha256').read_text('utf-8')[:16]}.npz"
    known = _read(kept)
    missing = [text for text in dict.fromkeys(texts) if _key(text) not in known]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            print(f"Vectors: {start} of {len(missing)} new texts.", flush=True)
            found = threads.map(encoder.probabilities, batch)  # a vector: it has no softmax
            for text, row in zip(batch, found, strict=True):
                known[_key(text)] = numpy.array(row, numpy.float32)
            _write(kept, known)
    return numpy.array([known[_key(text)] for text in texts], dtype=numpy.float64)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path) -> dict[str, Vector]:
    if not path.exists():
        return {}
    with numpy.load(path) as file:
        return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))


def _write(path: Path, known: Mapping[str, Vector]) -> None:
    numpy.savez(path, keys=numpy.array([*known]), vectors=numpy.array([*known.values()]))
