"""Write tests/data/sentence_model/tiny.onnx: a model of seven pieces, as the line reads it.

The scores of a label are the mean of the rows of the pieces. Needs onnx, so it is run by hand:
    build/train/bin/python -m tests.support.tiny_model
"""

import hashlib
import json
from pathlib import Path

PATH = Path(__file__).parent.parent / "data" / "sentence_model" / "tiny.onnx"
LABELS = ("beaten", "wages", "none")
# Piece -> its logarithmic probability, and its row: the score that it gives to each label.
PIECES = {
    "<s>": (0.0, (0, 0, 1)),
    "<pad>": (0.0, (0, 0, 0)),
    "</s>": (0.0, (0, 0, 0)),
    "<unk>": (0.0, (0, 0, 0)),
    "\u2581hits": (-4.0, (90, 0, 0)),
    "\u2581pay": (-4.0, (0, 90, 0)),
    "\u2581": (-3.0, (0, 0, 0)),
}
CHARACTERS = {ord("ﷺ"): "hits " * 18, 0x200B: " "}
MAX_TOKENS = 128
_GRAPH = """<ir_version: 10, opset_import: ["" : 18]>
tiny (int64[1, pieces] ids) => (float[1, labels] probabilities)
<float[{pieces}, {labels}] table = {{{rows}}}, int64[1] axis = {{1}}>
{{
    rows = Gather (table, ids)
    mean = ReduceMean <keepdims: int = 0> (rows, axis)
    probabilities = Softmax <axis: int = 1> (mean)
}}"""


def main() -> None:
    import onnx

    numbers = [f"{number:.1f}" for _, row in PIECES.values() for number in row]
    graph = _GRAPH.format(pieces=len(PIECES), labels=len(LABELS), rows=", ".join(numbers))
    model = onnx.parser.parse_model(graph)
    facts = {
        "labels": json.dumps(LABELS),
        "pieces": json.dumps([*PIECES]),
        "scores": json.dumps([score for score, _ in PIECES.values()]),
        "characters": json.dumps(CHARACTERS),
        "max_tokens": str(MAX_TOKENS),
    }
    onnx.helper.set_model_props(model, facts)
    onnx.checker.check_model(model)
    onnx.save(model, PATH)
    digest = hashlib.sha256(PATH.read_bytes()).hexdigest()
    PATH.with_suffix(".sha256").write_text(f"{digest}  {PATH.name}\n")


if __name__ == "__main__":
    main()
