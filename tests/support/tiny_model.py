"""A sentence model of three words, as the line reads it, with a head as `make head` fits it."""

import json
from pathlib import Path
from typing import Any

import onnx

from scripts.model.onnx_file import save

LABELS = ("beaten", "none", "wages")
# Piece -> its logarithmic probability, and its row of the table.
PIECES = {
    **{name: (0, (0, 0, 0)) for name in ("<s>", "<pad>", "</s>", "<unk>")},
    "\u2581hits": (-4, (60, 0, 0)),
    "\u2581pay": (-4, (0, 60, 0)),
    "\u2581thanks": (-4, (0, 0, 60)),
    "\u2581": (-3, (0, 0, 0)),
}
FACTS = {
    "labels": json.dumps(LABELS),
    "pieces": json.dumps([*PIECES]),
    "scores": json.dumps([score for score, _ in PIECES.values()]),
    "characters": json.dumps({ord("ﷺ"): "hits " * 18, 0x200B: " "}),
    "max_tokens": "128",
}
GRAPH = """<ir_version: 10, opset_import: ["" : 18]>
tiny (int64[1, pieces] ids) => (float[1, 3] probabilities)
<float[1, 3] vector, float[1, 3] sum, int64[1] axis = {{1}}, float[{count}, 3] table = {{{rows}}},
 float[3, 3] "network.head.weight_Transposed" = {{1, 0, 0, 0, 0, 1, 0, 0, 0}},
 float[3] "network.head.bias" = {{0, 1, 0}}>
{{
    rows = Gather (table, ids)
    vector = ReduceMean <keepdims: int = 0> (rows, axis)
    sum = Gemm (vector, "network.head.weight_Transposed", "network.head.bias")
    probabilities = Softmax <axis: int = 1> (sum)
}}"""


def tiny_model() -> Any:
    """Return the model; the words lead to beaten, to wages and to no label, and no word to none."""
    numbers = ", ".join(str(number) for _, row in PIECES.values() for number in row)
    model = onnx.parser.parse_model(GRAPH.format(count=len(PIECES), rows=numbers))
    onnx.helper.set_model_props(model, FACTS)
    return model


def written_model(folder: Path) -> Path:
    """Write the model into a folder, with its hash beside it."""
    path = folder / "tiny.onnx"
    save(tiny_model(), path)
    return path
