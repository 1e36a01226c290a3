"""Read the network of the published file, so that a training can go on from it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor

from scripts.model.encoder import LAYERS, Encoder, Network
from scripts.model.onnx_file import WRITERS, read_head
from scripts.model.training import Ids, encode

_PREFIX = "network.encoder."
_LATER = 1.0  # by which the bias of a label that the file lacks is lower
_MATRICES = ("attention", "output", "wide", "narrow")

Numbers = NDArray[Any]


def load_published(encoder: Encoder, path: Path) -> None:
    """Give an encoder the layers of a file; its table of pieces stays as it is."""
    graph = onnx.load(path).graph
    tensors = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    products = [node.input[1] for node in graph.node if node.op_type == "DynamicQuantizeMatMul"]
    state = {**dict(_plain(tensors)), **dict(_matrices(products, tensors))}
    missing, unexpected = encoder.load_state_dict(state, strict=False)
    if unexpected or {*missing} != {"words.weight"}:
        raise SystemExit(f"{path.name} must hold every layer of the encoder, lacks {missing}.")


def load_published_head(
    network: Network, path: Path, labels: Sequence[str], examples: Mapping[str, Ids]
) -> None:
    """Give a network the head of a file.

    A label that the file lacks begins as the label that its texts were taken for.

    Args:
        network: whose encoder is that of the file.
        path: the file.
        labels: those of the network.
        examples: some texts of each label, as ids of pieces.
    """
    model = onnx.load(path)
    tensors = {one.name: one for one in model.graph.initializer}
    for name in ("mean", "deviation"):
        numbers = onnx.numpy_helper.to_array(tensors[f"network.{name}"])
        getattr(network, name).copy_(torch.tensor(numbers))
    head = read_head(model)
    weights, biases = torch.tensor(head.weights).float(), torch.tensor(head.biases).float()
    rows = []
    for label in labels:
        if label in head.labels:
            rows.append(head.labels.index(label))
            continue
        vectors = network.standardised(encode(examples[label], network.encoder))
        rows.append(int((vectors @ weights + biases).softmax(1).mean(0).argmax()))
    is_new = torch.tensor([label not in head.labels for label in labels])
    with torch.no_grad():
        network.head.weight.copy_(weights.T[rows])
        network.head.bias.copy_(biases[rows] - _LATER * is_new)


def known_writers(path: Path) -> list[str]:
    """Return the writers whose messages the layers of a file have learnt."""
    facts = {fact.key: fact.value for fact in onnx.load(path).metadata_props}
    return list(json.loads(facts[WRITERS]))


def _plain(tensors: Mapping[str, Numbers]) -> Iterator[tuple[str, Tensor]]:
    """Yield what is stored as it was trained: norms, biases, positions."""
    for name, numbers in tensors.items():
        if name.startswith(_PREFIX) and ".words." not in name:
            yield name.removeprefix(_PREFIX), torch.tensor(numbers)


def _matrices(
    products: Sequence[str], tensors: Mapping[str, Numbers]
) -> Iterator[tuple[str, Tensor]]:
    """Yield the matrices, which are stored as whole numbers with a scale for each column.

    `products` names them as the file multiplies by them: how it names them depends on torch.
    """
    parts = [f"layers.{layer}.{part}.weight" for layer in range(LAYERS) for part in _MATRICES]
    for part, product in zip(parts, products, strict=True):
        name = product.removesuffix("_quantized")
        numbers = tensors[product].astype(numpy.float32) - tensors[f"{name}_zero_point"]
        yield part, torch.tensor((numbers * tensors[f"{name}_scale"]).T.copy())
