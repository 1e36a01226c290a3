"""Reading the sentence model, and every way in which it can be missing."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rights_line.core.understanding.sentences.sentence_model import SentenceModel
from rights_line.library import model_file
from rights_line.library.model_file import LoadedModel, hash_beside
from tests.support.cli import run_python
from tests.support.tiny_model import LABELS, PATH

HITS, PAY = "My boss hits me", "he does not pay"


def read(path: Path) -> LoadedModel:
    """Read a model that must have the hash beside it."""
    return model_file.read(path, hash_beside(path))


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    found, problem = read(PATH)
    assert found, problem
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the model, with its hash beside it."""
    shutil.copy(PATH.with_suffix(".sha256"), tmp_path)
    return Path(shutil.copy(PATH, tmp_path))


def chosen(model: SentenceModel, text: str) -> str:
    """Return the most probable label."""
    rows = dict(zip(model.labels, model.probabilities(text), strict=True))
    return max(rows, key=rows.__getitem__)


def assert_rules_alone(loaded: LoadedModel, reason: str) -> None:
    assert loaded.model is None
    assert loaded.problem.startswith("The line answers by rules alone, because ")
    assert reason in loaded.problem
    assert loaded.problem.endswith(".")


@pytest.mark.parametrize(
    ("text", "label"),
    [(HITS, "beaten"), (PAY, "wages"), ("pay\u200bpay hits", "wages"), ("", "none")],
)
def test_model_names_the_meaning(model: SentenceModel, text: str, label: str) -> None:
    assert chosen(model, text) == label


def test_probabilities_sum_to_one(model: SentenceModel) -> None:
    assert model.labels == LABELS
    assert sum(model.probabilities(HITS)) == pytest.approx(1)


@pytest.mark.parametrize("text", ["\ud800" * 40, "ﷺ" * 400, "\x00", "a" * 100_000])
def test_any_text_can_be_read(model: SentenceModel, text: str) -> None:
    assert len(model.probabilities(text)) == len(LABELS)


def test_threads_get_the_same_probabilities(model: SentenceModel) -> None:
    texts = [HITS, PAY, f"{HITS}. {PAY}"] * 200
    alone = [model.probabilities(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(model.probabilities, texts)) == alone


def test_model_can_be_read_in_another_thread() -> None:
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(read, PATH).result(timeout=30).model
    assert found
    assert chosen(found, HITS) == "beaten"


def test_missing_file_leaves_the_rules(tmp_path: Path) -> None:
    assert_rules_alone(read(tmp_path / "a.onnx"), "a.onnx does not exist")


def test_other_hash_leaves_the_rules(copy: Path) -> None:
    with copy.open("ab") as file:
        file.write(b"\0")
    assert_rules_alone(read(copy), "got another one")


@pytest.mark.parametrize("text", ["", "\n"])
def test_empty_file_of_the_hash_leaves_the_rules(copy: Path, text: str) -> None:
    copy.with_suffix(".sha256").write_text(text)
    assert_rules_alone(read(copy), "must have the SHA-256 missing")


def test_texts_without_a_file_of_the_hash_have_no_model_and_no_problem(copy: Path) -> None:
    copy.with_suffix(".sha256").unlink()
    assert model_file.load_sentence(copy, hash_beside(copy)) == (None, "")


@pytest.mark.parametrize("cut", [0, 1, 100, 600])
def test_damaged_file_with_its_hash_leaves_the_rules(copy: Path, cut: int) -> None:
    data = copy.read_bytes()[:cut]
    copy.write_bytes(data)
    copy.with_suffix(".sha256").write_text(hashlib.sha256(data).hexdigest())
    assert_rules_alone(read(copy), "cannot be read (")


@pytest.mark.parametrize("package", ["numpy", "onnxruntime"])
def test_missing_package_leaves_the_rules(package: str) -> None:
    script = (
        f"import sys; sys.modules[{package!r}] = None\n"  # as if it were not installed
        "from pathlib import Path\n"
        "from rights_line.library.model_file import hash_beside, read\n"
        f"path = Path({str(PATH)!r})\n"
        "print(*read(path, hash_beside(path)), sep='|')"
    )
    model, problem = run_python({}, "-c", script)[1].strip().split("|")
    assert model == "None"
    assert f"the package {package} cannot be imported" in problem


def test_model_is_read_without_what_its_packages_only_declare() -> None:
    declared = ("flatbuffers", "google.protobuf", "packaging", "sympy", "tokenizers")
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({declared!r}))\n"
        "from pathlib import Path\n"
        "from rights_line.library.model_file import hash_beside, read\n"
        f"path = Path({str(PATH)!r})\n"
        "print(read(path, hash_beside(path)).problem)"
    )
    assert run_python({}, "-c", script) == (0, "\n")
