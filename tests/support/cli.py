"""The `rights-line` command in this process, and Python in another one."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from rights_line.cli import run_command
from rights_line.library import ROOT

Done = subprocess.CompletedProcess[str]


def run(*arguments: str, given: str = "", where: Path = ROOT, **environ: str) -> Done:
    """Run `rights-line` on the content of a folder, and with these variables only."""
    code, stdout, stderr = run_bytes(*arguments, given=given.encode(), where=where, **environ)
    return subprocess.CompletedProcess(arguments, code, stdout.decode(), stderr)


def run_bytes(
    *arguments: str, given: bytes = b"", where: Path = ROOT, **environ: str
) -> tuple[int, bytes, str]:
    """Run `rights-line` with bytes on standard input; return the exit code and the output."""
    stdin, stdout = io.TextIOWrapper(io.BytesIO(given)), io.TextIOWrapper(io.BytesIO())
    with (
        patch("sys.stdin", stdin),
        redirect_stdout(stdout),
        redirect_stderr(io.StringIO()) as stderr,
    ):
        code = run_command(arguments, {"RIGHTS_LINE_TEXTS": str(where), **environ})
        stdout.flush()
    return code, stdout.buffer.getvalue(), stderr.getvalue()


def run_python(
    environ: Mapping[str, str], *command: str | Path, where: Path = ROOT
) -> tuple[int, str]:
    """Run Python with some arguments; return its exit code and its output."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=where,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ended.returncode, ended.stdout + ended.stderr
