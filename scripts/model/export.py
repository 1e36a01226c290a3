"""Write the trained network as one quantised ONNX file, with all that a reader needs."""

import logging
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantFormat, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from scripts.model.curriculum import Curriculum
from scripts.model.encoder import Network
from scripts.model.onnx_file import WRITERS, as_json, optimise, save
from scripts.model.rounding import set_rounding
from scripts.model.vocabulary import MAX_TOKENS
from scripts.model.weights import BaseModel

MAX_BYTES = 35_000_000


class _Probabilities(nn.Module):
    """The network with a softmax, for one text."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor) -> Tensor:
        found: Tensor = self.network(ids).softmax(1)
        return found


def export(network: Network, base: BaseModel, lessons: Curriculum, path: Path) -> None:
    """Write the file (table of pieces in 4 bits, layers in 8) and its SHA-256."""
    logging.getLogger("onnxruntime").setLevel(logging.WARNING)  # it names every node
    exact = path.with_suffix(".exact.onnx")
    prepared = path.with_suffix(".prepared.onnx")
    set_rounding(network, False)  # onnxruntime does it
    torch.onnx.export(
        _Probabilities(network).eval(),
        (torch.ones(1, 17, dtype=torch.long),),
        str(exact),
        input_names=["ids"],
        output_names=["probabilities"],
        dynamic_axes={"ids": {1: "pieces"}},
        opset_version=18,
        dynamo=False,
    )
    quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
    model = _with_small_table(onnx.load(prepared))
    save(model, prepared)
    # Sums of these numbers overflow on no processor. 40 % faster than blocks of 64 weights with a
    # scale each, and as good on the messages of the dev writers.
    quantize_dynamic(
        prepared,
        exact,
        ["MatMul"],
        per_channel=True,
        reduce_range=True,
        nodes_to_quantize=_layers(model),
    )
    optimise(exact)
    model = onnx.load(exact)
    onnx.helper.set_model_props(model, _facts(base, lessons))
    exact.unlink()
    prepared.unlink()
    save(model, path)
    if path.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{path.name} must have at most {MAX_BYTES} bytes.")


def _layers(model: Any) -> list[str]:
    """Return the names of the multiplications with weights."""
    weights = {one.name for one in model.graph.initializer}
    nodes = (node for node in model.graph.node if node.op_type == "MatMul")
    return [node.name for node in nodes if node.input[1] in weights]


def _with_small_table(model: Any) -> Any:
    """Return the model with its table of pieces in blocks of 32 numbers of four bits."""
    config = DefaultWeightOnlyQuantConfig(
        block_size=32,
        is_symmetric=True,
        quant_format=QuantFormat.QOperator,
        op_types_to_quantize=("Gather",),
        quant_axes=(("Gather", 1),),
        bits=4,
    )
    quantizer = MatMulNBitsQuantizer(model, bits=4, algo_config=config)
    quantizer.process()
    return quantizer.model.model


def _facts(base: BaseModel, lessons: Curriculum) -> dict[str, str]:
    """Return the metadata that rights_line/library/model_file.py reads."""
    return {
        "labels": as_json(lessons.labels),
        "pieces": as_json([base.pieces[i] for i in lessons.kept]),
        "scores": as_json([round(base.scores[i], 6) for i in lessons.kept]),
        "characters": as_json(base.characters),
        "max_tokens": str(MAX_TOKENS),
        WRITERS: as_json(sorted({one.writer for one in lessons.messages} - lessons.dev_writers)),
    }
