"""A command on a terminal: its standard streams are a pseudo-terminal."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress


def run_on_terminal(command: Sequence[str], environ: Mapping[str, str]) -> tuple[int, str]:
    """Run a command; return its exit code and everything that the terminal received."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, **environ}
    ) as process:
        os.close(slave)
        received = b""
        with suppress(OSError):  # EIO: the command has ended, and so has its terminal
            while octets := os.read(master, 65536):
                received += octets
        os.close(master)
    return process.returncode, received.decode()
