"""`make head`: the head fitted to the vectors of the finished encoder, and its file."""

import shutil
from pathlib import Path
from typing import Any

import numpy
import onnx
import pytest

from rights_line.library import model_file
from rights_line.library.model_file import hash_beside
from scripts.model.head import fit, importance, with_labels
from scripts.model.meanings import Meanings
from scripts.model.onnx_file import Head, optimise, put_head, read_head, save
from scripts.model.samples import Sample
from scripts.model.vectors import text_vectors
from tests.support.servers import ROOT
from tests.support.tiny_model import tiny_model


@pytest.fixture
def model() -> Any:
    """A model of three words, whose head does not know thanks."""
    return tiny_model()


SAMPLES = [
    Sample(text, label, 1.0, "en", "plain", "writer")
    for text, label in (("hits", "beaten"), ("pay", "wages"), ("thanks", "thanks"))
    for _ in range(20)
]


def fitted(model: Any, folder: Path) -> Head:
    """Return the head that learns thanks, too."""
    vectors = text_vectors([sample.text for sample in SAMPLES], model, folder)
    begin = with_labels(read_head(model), {"thanks"})
    return fit(begin, SAMPLES, numpy.ones(len(SAMPLES)), vectors)


def test_labels_are_found_a_new_one_too(model: Any, tmp_path: Path) -> None:
    put_head(model, fitted(model, tmp_path))
    path = tmp_path / "new.onnx"
    save(model, path)
    onnx.checker.check_model(path, full_check=True)
    loaded, problem = model_file.read(path, hash_beside(path))
    assert loaded, problem
    assert loaded.labels == ("beaten", "none", "thanks", "wages")
    for text, label in (("hits", "beaten"), ("pay pay", "wages"), ("thanks", "thanks")):
        rows = dict(zip(loaded.labels, loaded.probabilities(text), strict=True))
        assert max(rows, key=rows.__getitem__) == label


def test_vectors_are_kept_for_the_same_encoder(model: Any, tmp_path: Path) -> None:
    vectors = text_vectors(["hits", "pay", "hits"], model, tmp_path)
    assert vectors.tolist() == [[6, 0, 0], [0, 6, 0], [6, 0, 0]]
    put_head(model, fitted(model, tmp_path))
    assert text_vectors(["hits"], model, tmp_path).tolist() == [[6, 0, 0]]
    assert len([*tmp_path.glob("*.npz")]) == 1
    (table,) = (tensor for tensor in model.graph.initializer if tensor.name == "table")
    table.CopyFrom(onnx.numpy_helper.from_array(2 * onnx.numpy_helper.to_array(table), "table"))
    assert text_vectors(["hits"], model, tmp_path).tolist() == [[12, 0, 0]]


def test_file_that_is_served_has_been_optimised(tmp_path: Path) -> None:
    """The line opens it as it is."""
    served = ROOT / "content" / model_file.NAME
    copy = tmp_path / served.name
    shutil.copy(served, copy)
    optimise(copy)
    steps, optimised = (
        sorted(node.op_type for node in onnx.load(path).graph.node) for path in (served, copy)
    )
    assert steps == optimised


def test_message_of_a_rare_label_counts_more_but_not_an_emergency() -> None:
    meanings = Meanings(["41"])
    samples = [Sample("text", label, 1.0, "en") for label in ("wages", "wages", "debt", "beaten")]
    wages, _, debt, beaten = importance(samples, meanings)
    assert wages < beaten < debt
