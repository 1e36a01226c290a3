"""deploy/systemd/: systemd accepts the units and their sandbox; all files name one address."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rights_line.web.server import OPEN_FILES
from tests.support.servers import ROOT

UNITS = ROOT / "deploy" / "systemd"
ADDRESS = "127.0.0.1:8000"
THRESHOLD = 20  # tenths: an exposure of 2.0


def verify(folder: Path, replaced: str = "", by: str = "") -> str:
    """Return what systemd-analyze finds in the units, with one text replaced."""
    folder.mkdir()
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/rights-line/current/", f"{ROOT}/")
        (folder / unit.name).write_text(text.replace(replaced, by) if replaced else text)
    units = sorted(map(str, folder.iterdir()))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    return "\n".join(row for row in done.stderr.splitlines() if "rights-line" in row)


needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="needs systemd-analyze"
)


@needs_systemd
def test_units_are_accepted_and_misspelled_setting_is_found(tmp_path: Path) -> None:
    assert verify(tmp_path / "shipped") == ""
    assert "MemorySwapMaximum" in verify(tmp_path / "bad", "MemorySwapMax", "MemorySwapMaximum")
    assert "not executable" in verify(tmp_path / "gone", "bin/rights-line", "bin/nosuch")


def exposure(unit: str, folder: Path, left_out: str = "") -> "subprocess.CompletedProcess[str]":
    """Return how systemd-analyze judges the sandbox of a service: 0 is closed, 10 open."""
    path = folder / unit
    path.write_text((UNITS / unit).read_text().replace(left_out, ""))
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={THRESHOLD}",
        str(path),
    ]
    return subprocess.run(command, capture_output=True, text=True)


@needs_systemd
@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.glob("*.service")))
def test_sandbox_of_each_service_is_closed(unit: str, tmp_path: Path) -> None:
    done = exposure(unit, tmp_path)

    assert done.returncode == 0, done.stdout
    assert exposure(unit, tmp_path, "CapabilityBoundingSet=\n").returncode != 0


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.glob("*.service")))
def test_each_service_has_own_user_read_only_files_and_no_swap(unit: str) -> None:
    settings = {"User=rights-line", "ProtectSystem=strict", "MemorySwapMax=0", "LimitCORE=0"}

    assert settings <= {*(UNITS / unit).read_text().splitlines()}


def test_line_may_open_a_file_for_each_connection() -> None:
    [limit] = re.findall(r"^LimitNOFILE=(\d+)$", (UNITS / "rights-line.service").read_text(), re.M)
    assert int(limit) >= OPEN_FILES


@pytest.mark.parametrize("unit", ["rights-line", "rights-line-doctor", "rights-line-alive"])
def test_service_reads_published_texts(unit: str) -> None:
    text = (UNITS / f"{unit}.service").read_text()

    assert "\nEnvironment=RIGHTS_LINE_TEXTS=/etc/rights-line/served\n" in text


def test_proxy_and_kannel_use_the_address_of_the_socket() -> None:
    assert f"ListenStream={ADDRESS}\n" in (UNITS / "rights-line.socket").read_text()
    for file in ("nginx/rights-line.conf", "caddy/Caddyfile", "kannel/kannel.conf"):
        assert ADDRESS in (ROOT / "deploy" / file).read_text()
