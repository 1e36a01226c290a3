"""library.json: the same texts give the same file, and a damaged one is named by its key."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build
from rights_line.errors import ConfigurationError
from rights_line.library import file
from rights_line.library.schema import Built, Choices
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.cli import run, run_python
from tests.support.worlds import SMALL_ROOT


@pytest.fixture(scope="module")
def content(small_sources: ContentSources) -> Built:
    return build(small_sources, Choices("drafts"))


@pytest.fixture
def path(content: Built, tmp_path: Path) -> Path:
    """A library that the test may damage."""
    file.write(tmp_path / "library.json", file.encode(content))
    return tmp_path / "library.json"


def test_read_gives_back_what_was_written(content: Built, path: Path) -> None:
    data = file.read(path)
    built = file.decode(path, data)
    assert built.shared.own_lines == content.shared.own_lines
    assert file.encode(built) == data


def test_written_library_is_readable_by_the_user_of_the_service(path: Path) -> None:
    path.chmod(0o600)
    file.write(path, b"{}")
    assert path.stat().st_mode & 0o777 == 0o644


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """Sets have another order in each."""
    for seed in ("1", "2"):
        environ = {"RIGHTS_LINE_TEXTS": str(SMALL_ROOT), "PYTHONHASHSEED": seed}
        out = str(tmp_path / f"{seed}.json")
        code, output = run_python(environ, "-m", "rights_line.cli", "build", "--drafts", "-o", out)
        assert (code, output) == (0, "")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


DAMAGE: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no start": (lambda content: content["shared"].pop("start"), "`start`"),
    "a number for a text": (
        lambda content: content["editions"]["pl"]["screens"]["4"].update(body=4),
        "$.editions[...].screens[...].body",
    ),
    "no such zone": (lambda content: content["pages"]["country"].update(time_zone="Zz/Zz"), "Zz"),
    "a cut table": (
        lambda content: content["words"]["phrases"].update(entries="AAAA"),
        "$.words.phrases",
    ),
    "a table with a place too many": (
        lambda content: content["words"]["known"].update(languages=[]),
        "$.words.known",
    ),
    "another format": (lambda content: content.update(format=0), "$.format"),
}


@pytest.mark.parametrize(("change", "named"), DAMAGE.values(), ids=DAMAGE)
def test_start_with_a_damaged_file_names_the_key(
    path: Path, change: Callable[[dict[str, Any]], object], named: str
) -> None:
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        create_app({**twilio_phone.ENVIRON, "RIGHTS_LINE_LIBRARY": str(path)})
    assert str(path) in str(refused.value)
    assert named in str(refused.value)


@pytest.mark.parametrize("data", [None, b"", b"{", b'{"format": 3'])
def test_read_a_missing_or_cut_file_is_refused(path: Path, data: bytes | None) -> None:
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(ConfigurationError) as refused:
        file.decode(path, file.read(path))
    assert [problem.place for problem in refused.value.problems] == [str(path)]


def test_line_that_runs_answers_while_its_file_is_damaged(path: Path) -> None:
    app = create_app({**twilio_phone.ENVIRON, "RIGHTS_LINE_LIBRARY": str(path)})
    path.write_bytes(b"{")
    answer = app.test_client().post(**twilio_phone.request(twilio_phone.fields("POLSKI 4")))
    assert "22 33 11 60" in twilio_phone.reply_text(answer.data)


def test_build_prints_every_problem_and_writes_nothing(small_folder: Path, tmp_path: Path) -> None:
    (small_folder / "content" / "phrases.yaml").write_text("menu: 4\n")
    out = tmp_path / "zz" / "library.json"
    done = run("build", "-o", str(out), where=small_folder)
    assert done.returncode == 1
    assert "content/phrases.yaml" in done.stderr
    as_json = run("build", "--json", "-o", str(out), where=small_folder)
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout)
    assert not out.exists()


def test_build_to_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "zz").write_text("")
    done = run("build", "-o", str(tmp_path / "zz" / "library.json"), where=SMALL_ROOT)
    assert done.returncode == 1
    assert "Name another file with -o." in done.stderr
