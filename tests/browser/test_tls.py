"""Traces of HSTS in the profile of a real Chromium. Over plain HTTP, browsers ignore HSTS."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.browser import CHROMIUM, QUIET
from tests.support.servers import running_line
from tests.support.tls import HOST, make_certificate, proxy, trust


@pytest.mark.parametrize(("seconds", "hosts"), [("", 0), ("63072000", 1)], ids=["off", "on"])
def test_browser_profile_without_hsts_holds_no_host(
    seconds: str, hosts: int, playwright: Playwright, tmp_path: Path
) -> None:
    """Chromium stores a hash of each host that sends HSTS, and the time of the visit."""
    make_certificate(tmp_path)
    trust(tmp_path, tmp_path / "home")
    environ = {"CHANNELS": "try_it", "RIGHTS_LINE_HSTS": seconds}
    with (
        running_line(environ | {"OUTPUT": str(tmp_path / "output")}) as (address, _),
        proxy(tmp_path, address.removeprefix("http://")) as port,
    ):
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=CHROMIUM,
            args=[*QUIET, f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{port}"],
            env={"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]},
        )
        answer = context.pages[0].goto(f"https://{HOST}/en/41")
        assert answer
        assert answer.status == 200
        context.close()  # writes the file

    stored = tmp_path / "profile" / "Default" / "TransportSecurity"
    rows = json.loads(stored.read_text())["sts"] if stored.exists() else []
    assert len(rows) == hosts
    assert all(row["sts_observed"] > 0 for row in rows)
