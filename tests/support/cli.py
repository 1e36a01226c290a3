"""The `rights-line` command and the application, run in this process or in a subprocess."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from rights_line.cli import main
from rights_line.content.loader import ROOT


def run_here(
    *arguments: str, given: str = "", where: Path = ROOT, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `rights-line` in this process, with the content of this repository or of a copy."""
    keyboard, out, err = io.BytesIO(given.encode()), io.BytesIO(), io.StringIO()
    with (
        patch.dict(os.environ, environ or {}, clear=True),
        patch("rights_line.cli.review.ROOT", where),
        patch("rights_line.cli.editorial.ROOT", where),
        patch("sys.stdin", io.TextIOWrapper(keyboard)),
        redirect_stdout(io.TextIOWrapper(out, write_through=True)),
        redirect_stderr(err),
    ):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = out.getvalue().decode()
    return subprocess.CompletedProcess(arguments, code, printed, err.getvalue())


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
