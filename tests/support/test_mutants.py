"""`make mutants` fails on a survivor that is not listed, and on an outdated list."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import mutants
from tests.support.mutants import GUARDED, HARMLESS, SCRIPTS, Mutant, harmless, main, problems
from tests.support.servers import ROOT
from tests.support.waiting import wait_until

MODULE = "LIMIT = 6\n\n\ndef is_child(age):\n    return age in range(LIMIT)\n"
WEAK = "from child import is_child\n\n\ndef test_it():\n    assert is_child(5)\n"
STRONG = f"{WEAK}    assert not is_child(6)\n"
LISTED = "child.py\n- LIMIT = 6\n+ LIMIT = 7\nNobody is six.\n"

Gate = Callable[[str, str], int]


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A run on a small module: takes its tests and the list, returns the exit code."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "child.py").write_text(MODULE)

    def copied(folder: Path) -> Path:
        return Path(shutil.copytree(project, folder / "copy"))

    for name, value in {
        "GUARDED": {"child.py": "test_child.py"},
        "HARMLESS": tmp_path / "harmless.txt",
        "ROOT": project,
        "copied": copied,
    }.items():
        monkeypatch.setattr(mutants, name, value)

    def run(tests: str, listed: str) -> int:
        (project / "test_child.py").write_text(tests)
        (tmp_path / "harmless.txt").write_text(f"# A beginning.\n\n{listed}")
        return main([])

    return run


def test_the_gate(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """A survivor fails the run unless it is listed; a listed mutant must survive."""
    assert gate(WEAK, "") == 1
    assert "survives\nchild.py\n- LIMIT = 6\n+ LIMIT = 7\n" in capsys.readouterr().out
    assert gate(WEAK, LISTED) == 0
    capsys.readouterr()
    assert gate(STRONG, LISTED) == 1
    assert "does not survive\nchild.py\n- LIMIT = 6" in capsys.readouterr().out


def test_tests_that_are_red_by_themselves_show_nothing(gate: Gate) -> None:
    """Tests that fail on the unchanged code would kill every mutant."""
    with pytest.raises(RuntimeError, match="fail on the unchanged code"):
        gate("def test_it():\n    assert False\n", "")


ONE = Mutant("a.py", "x", "y")


def test_a_line_that_stands_twice_is_listed_twice() -> None:
    """Two equal mutants need two entries."""
    assert problems([ONE, ONE], [ONE, ONE]) == []
    assert len(problems([ONE, ONE], [ONE])) == 1
    assert len(problems([ONE], [ONE, ONE])) == 1


@pytest.mark.parametrize(
    "text",
    ["a.py\n- x\n+ y", "a.py\n- x\n+ y\n ", "a.py\nx\n+ y\nwhy", "a.py\n- x\n+ y\nwhy\nand"],
    ids=["no reason", "an empty reason", "no sign", "two lines of reason"],
)
def test_a_row_without_its_parts(text: str) -> None:
    """An entry without a reason is an error."""
    with pytest.raises(ValueError, match=r"a\.py|values to unpack"):
        list(harmless(text))


def test_what_is_listed_stands_in_the_code() -> None:
    """Each entry matches the code; `make mutants` checks that it survives."""
    for one in harmless(HARMLESS.read_text("utf-8")):
        assert one.module in GUARDED
        code = (ROOT / one.module).read_text("utf-8")
        assert " ".join(one.old.split()) in " ".join(code.split()), one


@pytest.mark.parametrize("module", GUARDED)
def test_there_are_a_module_and_its_tests(module: str) -> None:
    """A renamed module would silently not be mutated."""
    assert all((ROOT / path).exists() for path in [module, *GUARDED[module].split()])


@pytest.mark.parametrize("module", SCRIPTS)
def test_what_is_changed_by_hand_stands_once(module: str) -> None:
    """Each replacement matches the Lua script exactly once."""
    code = (ROOT / module).read_text("utf-8")
    assert {old: code.count(old) for old, _ in SCRIPTS[module]} == {
        old: 1 for old, _ in SCRIPTS[module]
    }


HANGING = """import pathlib, subprocess, time
child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
pathlib.Path("pid").write_text(str(child.pid))
def test_it():
    while True:
        time.sleep(0.1)
"""


FAILS_ONCE = """import pathlib
def test_it():
    here = pathlib.Path("been here")
    was_here = here.exists()
    here.touch()
    assert was_here
"""


def test_a_test_that_hangs_has_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed with every process that it started."""
    monkeypatch.setattr(mutants, "HANGS", 1)
    (tmp_path / "test_it.py").write_text(HANGING)

    assert not mutants._is_green("test_it.py", tmp_path)
    child = (tmp_path / "pid").read_text()
    wait_until(lambda: not _runs(child))


def test_a_test_that_fails_once_has_not_noticed(tmp_path: Path) -> None:
    """On a busy machine a test may fail by chance."""
    (tmp_path / "test_it.py").write_text(FAILS_ONCE)

    assert mutants._is_green("test_it.py", tmp_path)
    assert (tmp_path / "been here").exists()


def test_tests_that_are_merely_slow_have_not_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests that exceed the time limit count as passed."""
    monkeypatch.setattr(mutants, "TOO_LONG", 1)
    (tmp_path / "test_it.py").write_text(HANGING)

    assert mutants._is_green("test_it.py", tmp_path)


def _runs(pid: str) -> bool:
    """Whether a process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
