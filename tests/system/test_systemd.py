"""deploy/systemd/: systemd accepts the units, and all files name one address."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.servers import ROOT

UNITS = ROOT / "deploy" / "systemd"
ADDRESS = "127.0.0.1:8000"


def verify(folder: Path, replaced: str = "", by: str = "") -> str:
    """Return what systemd-analyze finds in the units, with one text replaced."""
    folder.mkdir()
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/rights-line/", f"{ROOT}/")
        (folder / unit.name).write_text(text.replace(replaced, by) if replaced else text)
    units = sorted(map(str, folder.iterdir()))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    return "\n".join(row for row in done.stderr.splitlines() if "rights-line" in row)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_units_are_accepted_and_misspelled_setting_is_found(tmp_path: Path) -> None:
    assert verify(tmp_path / "shipped") == ""
    assert "MemorySwapMaximum" in verify(tmp_path / "bad", "MemorySwapMax", "MemorySwapMaximum")
    assert "not executable" in verify(tmp_path / "gone", "bin/rights-line", "bin/nosuch")


def test_proxy_and_kannel_use_the_address_of_the_socket() -> None:
    assert f"ListenStream={ADDRESS}\n" in (UNITS / "rights-line.socket").read_text()
    for file in ("nginx/rights-line.conf", "kannel/kannel.conf"):
        assert f"http://{ADDRESS}" in (ROOT / "deploy" / file).read_text()
