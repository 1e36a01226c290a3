"""The wheel checks and serves its texts without a checkout."""

import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.servers import ROOT, output_of, running_line

BUILD = "from hatchling.build import build_wheel; build_wheel({!r})"
ENVIRON = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def run(folder: Path, *command: str | Path) -> str:
    return output_of(folder, ENVIRON, *command)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel, which shares the other packages of this one."""
    folder = tmp_path_factory.mktemp("venv")
    run(ROOT, sys.executable, "-c", BUILD.format(str(folder)))
    (wheel,) = folder.glob("*.whl")
    run(folder, sys.executable, "-m", "venv", ".")
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    run(folder, "bin/pip", "install", "-q", "--no-index", "--no-deps", wheel)
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
    assert (installed.parent / "texts/build/library.json").is_file()
    assert run(tmp_path, environment / "bin/rights-line", "check") == "No problems found.\n"
    with urlopen(f"{address}/inbound/try_it", b"text=POLSKI", timeout=20) as answer:
        assert "112" in answer.read().decode()
