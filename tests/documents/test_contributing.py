"""CONTRIBUTING.md, "To add": a channel is one file and its phone."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.servers import ROOT

CHECKS = """
from rights_line.channels import all_variables, load_channels
from rights_line.ops.report import table_channel_labels
from rights_line.settings.variable import variable_warnings
from rights_line.web.health import answering
from scripts.configuration_docs import configuration_page
from tests.support.phones import ALL_ROUTES, ENVIRON, PHONES

assert "| [`zz_sms`](#zz_sms) | SMS | `ZZ_TOKEN` |" in configuration_page()
assert table_channel_labels()["zz_sms"] == "SMS (zz)"
assert "zz_sms" in answering("RIGHTS_LINE_NUMBER")
assert "did you mean ZZ_TOKEN" in "".join(variable_warnings({"ZZ_TOKEM": "x"}, all_variables()))
channel = load_channels(["zz_sms"], ENVIRON)["zz_sms"]
assert channel.sign_of_life().path.startswith("/inbound/zz_sms/")
assert {*PHONES["zz_sms"].ROUTES} <= {*ALL_ROUTES}
"""


def test_path_of_a_channel(tmp_path: Path) -> None:
    """A file and its phone, and everything else reads the class."""
    for name in ("rights_line", "scripts", "tests/support"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "__init__.py").touch()
    for place in ("rights_line/channels", "tests/support/phones"):
        source = (tmp_path / place / "kannel_sms.py").read_text("utf-8")
        renamed = source.replace("kannel_sms", "zz_sms").replace("KANNEL_TOKEN", "ZZ_TOKEN")
        renamed = renamed.replace("SMS (own gateway)", "SMS (zz)")
        (tmp_path / place / "zz_sms.py").write_text(renamed, "utf-8")
    done = subprocess.run([sys.executable, "-c", CHECKS], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
