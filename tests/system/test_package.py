"""The wheel answers without a checkout, and the sdist builds the same wheel and runs the tests."""

import os
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from tests.support.servers import ROOT, output_of, running_line

BUILD = "import hatchling.build as build; build.build_sdist({0!r}); build.build_wheel({0!r})"
ENVIRON = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def run(folder: Path, *command: str | Path) -> str:
    return output_of(folder, ENVIRON, *command)


def built(checkout: Path, folder: Path) -> tuple[Path, Path]:
    """Return the sdist and the wheel of a checkout."""
    run(checkout, sys.executable, "-c", BUILD.format(str(folder)))
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist and the wheel of this checkout."""
    return built(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def environment(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel, which shares the other packages of this one."""
    folder = tmp_path_factory.mktemp("venv")
    run(folder, sys.executable, "-m", "venv", ".")
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    run(folder, "bin/pip", "install", "-q", "--no-index", "--no-deps", archives[1])
    return folder


@pytest.fixture
def address(environment: Path, tmp_path: Path) -> Iterator[str]:
    """The installed line, which serves drafts from an empty folder."""
    environ = ENVIRON | {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts"}
    command = [str(environment / "bin/rights-line"), "serve", "--listen"]
    with running_line(environ, lambda place: [*command, place], tmp_path) as line:
        yield line.address


def test_installed_wheel_checks_and_serves_its_texts(
    environment: Path, address: str, tmp_path: Path
) -> None:
    where = "import rights_line; print(rights_line.__file__)"
    installed = Path(run(tmp_path, environment / "bin/python", "-c", where).strip())
    assert environment in installed.parents

    assert run(tmp_path, environment / "bin/rights-line", "check") == "No problems found.\n"
    with urlopen(f"{address}/inbound/try_it", b"text=POLSKI", timeout=20) as answer:
        assert "112" in answer.read().decode()


def test_sdist_builds_the_same_wheel_and_runs_the_tests(
    archives: tuple[Path, Path], tmp_path: Path
) -> None:
    sdist, wheel = archives
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()

    _, again = built(unpacked, tmp_path / "again")

    assert names(again) == names(wheel)
    assert "rights_line/texts/build/library.json" in names(wheel)
    tests = ("tests/core/test_conversation.py", "tests/documents/test_repository.py")
    assert "passed" in run(unpacked, sys.executable, "-m", "pytest", "-q", *tests)
    for name in ("app.py", "Makefile", "uv.lock", "deploy/install", ".ci/run"):
        assert (unpacked / name).is_file(), name


def names(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        return archive.namelist()
