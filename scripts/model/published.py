"""Read the encoder of the published file, so that a training can go on from it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor

from scripts.model.encoder import LAYERS, Encoder
from scripts.model.onnx_file import WRITERS

_PREFIX = "network.encoder."
_MATRICES = ("attention", "output", "wide", "narrow")

Numbers = NDArray[Any]


def load_published(encoder: Encoder, path: Path) -> None:
    """Give an encoder the layers of a file; its table of pieces stays as it is."""
    tensors = {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in onnx.load(path).graph.initializer
    }
    state = {**dict(_plain(tensors)), **dict(_matrices(tensors))}
    missing, unexpected = encoder.load_state_dict(state, strict=False)
    if unexpected or {*missing} != {"words.weight"}:
        raise SystemExit(f"{path.name} must hold every layer of the encoder, lacks {missing}.")


def known_writers(path: Path) -> list[str]:
    """Return the writers whose messages the layers of a file have learnt."""
    facts = {fact.key: fact.value for fact in onnx.load(path).metadata_props}
    return list(json.loads(facts[WRITERS]))


def _plain(tensors: Mapping[str, Numbers]) -> Iterator[tuple[str, Tensor]]:
    """Yield what is stored as it was trained: norms, biases, positions."""
    for name, numbers in tensors.items():
        if name.startswith(_PREFIX) and ".words." not in name:
            yield name.removeprefix(_PREFIX), torch.tensor(numbers)


def _matrices(tensors: Mapping[str, Numbers]) -> Iterator[tuple[str, Tensor]]:
    """Yield the matrices, which are stored as whole numbers with a scale for each column."""
    for layer in range(LAYERS):
        for part in _MATRICES:
            name = f"/network/encoder/layers.{layer}/{part}/MatMul_Q8_exact"
            whole, zero = tensors[f"{name}_quantized"], tensors[f"{name}_zero_point"]
            numbers = (whole.astype(numpy.float32) - zero) * tensors[f"{name}_scale"]
            yield f"layers.{layer}.{part}.weight", torch.tensor(numbers.T.copy())
