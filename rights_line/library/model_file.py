"""Read the sentence model: content/sentence_model.onnx, which `make model` and `make head` write.

The line works without it, so no error of the file or of ONNX Runtime is raised: `problem` says
why it is missing. Reading takes a fraction of a second.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

from rights_line.core.understanding.sentence_model import SentenceModel, SentencePieces

NAME = "sentence_model.onnx"
_ERRORS_ONLY = 3  # the lowest severity that ONNX Runtime logs; no error names a text


class LoadedModel(NamedTuple):
    """The model, or why it is missing."""

    model: SentenceModel | None  # None if the line must answer by rules alone
    problem: str = ""  # a sentence for the operator; empty with a model


class OnnxModel:
    """The model in ONNX Runtime. It keeps nothing of a text, and threads may share it.

    Attributes:
        labels: ids of concepts, `none`, and codes of screens.
    """

    def __init__(self, session: Any, array: Callable[..., Any]) -> None:
        facts = session.get_modelmeta().custom_metadata_map
        self.labels: tuple[str, ...] = tuple(json.loads(facts["labels"]))
        self._pieces = SentencePieces(
            json.loads(facts["pieces"]),
            json.loads(facts["scores"]),
            {int(code): text for code, text in json.loads(facts["characters"]).items()},
            int(facts["max_tokens"]),
        )
        self._session = session
        self._array = array

    def probabilities(self, text: str) -> Sequence[float]:
        """Return the probability of each label."""
        ids = self._array([self._pieces.piece_ids(text)], dtype="int64")
        found: list[float] = self._session.run(None, {"ids": ids})[0][0].tolist()
        return found


def hash_beside(path: Path) -> str:
    """Return the SHA-256 beside a model, as sha256sum writes it; empty if the texts have none."""
    beside = path.with_suffix(".sha256")
    return (beside.read_text("utf-8").split() or ["missing"])[0] if beside.exists() else ""


def read(path: Path, expected: str) -> LoadedModel:
    """Read the model of a file that must have the SHA-256 `expected`."""
    name = "/".join(path.parts[-2:])
    try:
        if not path.exists():
            return _missing(f"{name} does not exist")
        if _hash_of(path) != expected:
            return _missing(f"{name} must have the SHA-256 {expected}, got another one")
        return LoadedModel(_open(path))
    except ImportError as error:
        return _missing(f"the package {error.name} cannot be imported")
    except Exception as error:  # the errors of ONNX Runtime have no common class
        return _missing(f"{name} cannot be read ({type(error).__name__})")


@cache  # the file does not change while a command runs, and takes a fifth of a second to read
def load_sentence(path: Path, expected: str) -> LoadedModel:
    """Return the model; texts without one have no SHA-256 either."""
    return read(path, expected) if expected else LoadedModel(None)


def prepare(expected: str) -> None:
    """Import what reads a model, so that another thread can read it: imports hold the GIL."""
    if expected:
        with suppress(ImportError):  # `read` reports it
            _runtime()


def _runtime() -> tuple[Any, Any]:
    """Return numpy and ONNX Runtime. A platform without their wheels answers by rules."""
    os.environ.update(ORT_DISABLE_TELEMETRY="1")  # else ONNX Runtime reports to Microsoft
    import numpy
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return numpy, onnxruntime


def _open(path: Path) -> OnnxModel:
    numpy, onnxruntime = _runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = _ERRORS_ONLY
    # `make model` has optimised the file: it takes longer than all else here.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return OnnxModel(session, numpy.array)


def _hash_of(path: Path) -> str:
    # At once: each block of `file_digest` would wait for the other threads.
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return hashlib.sha256(data).hexdigest()


def _missing(reason: str) -> LoadedModel:
    fix = "Restore it from the repository or release, and restart"
    return LoadedModel(None, f"The line answers by rules alone, because {reason}. {fix}.")
