"""The head of the model in its ONNX file: a row of weights and a bias for each label.

The head stands last: Gemm and Softmax. What it multiplies is the vector of a text.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import onnx
import onnxruntime
from numpy.typing import NDArray

Array = NDArray[numpy.float64]
WRITERS = "writers"  # metadata: those whose messages the layers have learnt
_WEIGHTS, _BIASES = "network.head.weight_Transposed", "network.head.bias"
_HEAD_NODES = 2
# The fused step is slower on a processor than its parts: a tenth of the time of a sentence.
_SLOWER = "SkipLayerNormFusion"


class Head(NamedTuple):
    """The head.

    Attributes:
        labels: ids of concepts, `none`, and codes of screens; sorted.
        weights: a column for each label.
        biases: one for each label.
    """

    labels: Sequence[str]
    weights: Array
    biases: Array


def as_json(value: object) -> str:
    """Return a value as the metadata holds it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def save(model: Any, path: Path) -> None:
    """Write a model, and its SHA-256 beside it, as sha256sum does."""
    onnx.save(model, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", "utf-8")


def optimise(path: Path) -> None:
    """Replace a file with one that need not be optimised whenever it is opened, which takes 0.1 s.

    Up to the level "extended", no step depends on the processor.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    options.add_session_config_entry("optimization.disable_specified_optimizers", _SLOWER)
    onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def read_head(model: Any) -> Head:
    """Return the head of a model."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    facts = _facts(model)
    return Head(
        json.loads(facts["labels"]),
        onnx.numpy_helper.to_array(tensors[_WEIGHTS]).astype(numpy.float64),
        onnx.numpy_helper.to_array(tensors[_BIASES]).astype(numpy.float64),
    )


def put_head(model: Any, head: Head) -> None:
    """Replace the head of a model."""
    for tensor in model.graph.initializer:
        found = {_WEIGHTS: head.weights, _BIASES: head.biases}.get(tensor.name)
        if found is not None:
            numbers = found.astype(numpy.float32)
            tensor.CopyFrom(
                onnx.numpy_helper.from_array(numpy.ascontiguousarray(numbers), tensor.name)
            )
    between = {name for node in model.graph.node[-_HEAD_NODES:] for name in node.output}
    shapes = [shape for shape in model.graph.value_info if shape.name not in between]
    del model.graph.value_info[:]
    model.graph.value_info.extend(shapes)
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = len(head.labels)
    labels = {"labels": as_json([*head.labels])}
    onnx.helper.set_model_props(model, _facts(model) | labels)


def encoder_of(model: Any) -> Any:
    """Return a model that gives the vector of a text instead of the probabilities."""
    found = type(model)()
    found.CopyFrom(model)
    vector = found.graph.node[-_HEAD_NODES].input[0]
    del found.graph.node[-_HEAD_NODES:]
    kept = [one for one in found.graph.initializer if one.name not in (_WEIGHTS, _BIASES)]
    del found.graph.initializer[:]
    found.graph.initializer.extend(kept)
    shape = next(shape for shape in found.graph.value_info if shape.name == vector)
    found.graph.output[0].CopyFrom(shape)
    del found.graph.value_info[:]
    onnx.helper.set_model_props(found, _facts(model) | {"labels": "[]"})
    return found


def _facts(model: Any) -> dict[str, str]:
    return {fact.key: fact.value for fact in model.metadata_props}
