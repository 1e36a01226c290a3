"""Reading the sentence model, and every way in which it can be missing."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rights_line.core.understanding.sentence_model import SentenceModel
from rights_line.library import model_file
from rights_line.library.model_file import LoadedModel, hash_beside
from tests.support.cli import run_python
from tests.support.tiny_model import LABELS, written_model

HITS, PAY = "My boss hits me", "he does not pay"


def read(path: Path) -> LoadedModel:
    """Read a model that must have the hash beside it."""
    return model_file.read(path, hash_beside(path))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SentenceModel:
    found, problem = read(written_model(tmp_path_factory.mktemp("model")))
    assert found, problem
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return written_model(tmp_path)


@pytest.mark.parametrize(
    ("text", "label"),
    [(HITS, "beaten"), (PAY, "wages"), ("pay\u200bpay hits", "wages"), ("", "none")],
)
def test_model_names_the_meaning(model: SentenceModel, text: str, label: str) -> None:
    rows = dict(zip(model.labels, model.probabilities(text), strict=True))
    assert max(rows, key=rows.__getitem__) == label
    assert sum(rows.values()) == pytest.approx(1)


@pytest.mark.parametrize("text", ["\ud800" * 40, "ﷺ" * 400, "\x00", "a" * 100_000])
def test_any_text_can_be_read(model: SentenceModel, text: str) -> None:
    assert len(model.probabilities(text)) == len(LABELS)


def test_threads_get_the_same_probabilities(model: SentenceModel) -> None:
    texts = [HITS, PAY, f"{HITS}. {PAY}"] * 200
    alone = [model.probabilities(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(model.probabilities, texts)) == alone


def _cut(path: Path) -> None:
    data = path.read_bytes()[:600]
    path.write_bytes(data)
    path.with_suffix(".sha256").write_text(hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (Path.unlink, ".onnx does not exist"),
        (lambda path: path.write_bytes(path.read_bytes() + b"\0"), "got another one"),
        (lambda path: path.with_suffix(".sha256").write_text("\n"), "the SHA-256 missing"),
        (_cut, "cannot be read ("),
    ],
)
def test_damaged_model_leaves_the_rules(
    copy: Path, damage: Callable[[Path], object], reason: str
) -> None:
    damage(copy)
    loaded = read(copy)
    assert loaded.model is None
    assert loaded.problem.startswith("The line answers by rules alone, because ")
    assert reason in loaded.problem


def test_texts_without_a_file_of_the_hash_have_no_model_and_no_problem(copy: Path) -> None:
    copy.with_suffix(".sha256").unlink()
    assert model_file.load_sentence(copy, hash_beside(copy)) == (None, "")


@pytest.mark.parametrize("package", ["numpy", "onnxruntime"])
def test_missing_package_leaves_the_rules(package: str, copy: Path) -> None:
    script = (
        f"import sys; sys.modules[{package!r}] = None\n"  # as if it were not installed
        "from pathlib import Path\n"
        "from rights_line.library.model_file import hash_beside, read\n"
        f"path = Path({str(copy)!r})\n"
        "print(*read(path, hash_beside(path)), sep='|')"
    )
    model, problem = run_python({}, "-c", script)[1].strip().split("|")
    assert model == "None"
    assert f"the package {package} cannot be imported" in problem
