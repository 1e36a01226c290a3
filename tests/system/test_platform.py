"""Procfile and Containerfile: a platform, and an image."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.machine import Machine, connected
from tests.support.release import Releases
from tests.support.servers import ROOT, free_port
from tests.support.waiting import wait_until

ENVIRON = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts", "PYTHONUNBUFFERED": "1"}


def test_honcho_runs_web_of_procfile_until_sigterm(tmp_path: Path) -> None:
    """In a copy of the checkout, where the package is not installed."""
    for name in ("app.py", "content", "locales", "rights_line"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "Procfile", tmp_path)
    port = free_port()
    binaries = Path(sys.executable).parent
    process = subprocess.Popen(
        [binaries / "honcho", "start", "web"],
        cwd=tmp_path,
        env={"PATH": f"{binaries}:{os.environ['PATH']}", "PORT": str(port), **ENVIRON},
    )
    try:
        wait_until(lambda: is_healthy(port), "the line")
    finally:
        process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert not is_healthy(port)


def is_healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except OSError:
        return False


def test_python_version_of_platform_is_one_that_the_line_supports() -> None:
    version = (ROOT / ".python-version").read_text().strip()

    assert f"Programming Language :: Python :: {version}" in (ROOT / "pyproject.toml").read_text()


def test_image_holds_no_source_no_secret_and_no_lists_of_apt() -> None:
    """The last stage takes one folder of the first, and cleans up where it installs."""
    stages = (ROOT / "Containerfile").read_text().split("\nFROM ")
    last = stages[-1]
    copied = re.findall(r"^(?:COPY|ADD) (.*)$", last, re.M)
    assert copied == ["--from=build /opt/rights-line /opt/rights-line"]
    installing = [row for row in last.splitlines() if "apt-get" in row]
    assert installing
    assert all("rm -rf /var/lib/apt/lists/*" in row for row in installing)
    assert "\nHEALTHCHECK CMD [" in last
    assert {"env*", ".git"} <= {*(ROOT / ".dockerignore").read_text().splitlines()}


@pytest.mark.skipif("DEPLOY_BASE" not in os.environ, reason="`make deploy-test` runs it")
def test_steps_of_containerfile_make_an_image_that_serves(tmp_path: Path) -> None:
    """Each RUN and CMD, in the files of an empty Debian."""
    text = (ROOT / "Containerfile").read_text()
    steps = [json.loads(row) for row in re.findall(r"^RUN (\[.*\])$", text, re.M)]
    (healthcheck,) = (json.loads(row) for row in re.findall(r"^HEALTHCHECK CMD (.*)$", text, re.M))
    (environ,) = re.findall(r"^ENV (.*)$", text, re.M)
    (command,) = (json.loads(row) for row in re.findall(r"^CMD (\[.*\])$", text, re.M))
    (tmp_path / "machine").mkdir()
    with connected(tmp_path / "machine") as image:
        Releases(tmp_path / "releases", tmp_path / "bare")
        shutil.copytree(tmp_path / "releases", image.root / "usr/src/rights-line")
        run_in(image, ["update-ca-certificates"])
        for step in steps:
            run_in(image, step)
        shutil.rmtree(image.root / "usr/src/rights-line")  # the last stage does not hold it
        as_user = ["setpriv", "--reuid=rights-line", "--regid=rights-line", "--clear-groups"]
        process = subprocess.Popen(
            image.chroot(*as_user, "env", *environ.split(), "CHANNELS=try_it", *command)
        )
        ask = image.beside("curl", "-fsS", "http://127.0.0.1:8000/healthz")
        wait_until(lambda: subprocess.run(ask, capture_output=True).returncode == 0, "the line")
        run_in(image, ["env", "PORT=8000", *healthcheck])
        assert subprocess.run(image.chroot("env", "PORT=8001", *healthcheck)).returncode == 1
        process.kill()  # with all that it started
        process.wait(timeout=30)


def run_in(image: Machine, step: list[str]) -> None:
    done = subprocess.run(image.chroot(*step), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
