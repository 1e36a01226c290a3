"""The `rights-line` command and the application, run as subprocesses."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from rights_line.content.loader import ROOT


def run(
    *arguments: str, given: str = "", where: Path = ROOT, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run `rights-line` in this repository, or in a copy of it."""
    return subprocess.run(
        [sys.executable, "-c", "from rights_line.cli import main; exit(main())", *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=where,
        env={"PYTHONPATH": str(where), "LC_ALL": "C"} | environ,
        timeout=30,
    )


def run_python(environ: Mapping[str, str], *command: str, where: Path = ROOT) -> tuple[int, str]:
    """Run Python with some arguments; return its exit code and its output."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=where,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=15,
    )
    return ended.returncode, ended.stdout + ended.stderr
