"""Hardening of processes: core dumps, files in /proc, and closed standard streams."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import ROOT, free_port
from tests.support.waiting import wait_until

NOBODY_UID = 65534
# Root owns the /proc files of its own processes, so root runs them as "nobody", who may still
# read the installed packages.
AS_NOBODY = (
    *("setpriv", f"--reuid={NOBODY_UID}", f"--regid={NOBODY_UID}", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
COMMAND = "from rights_line.cli import main; exit(main())"
PROCESSES: dict[str, Sequence[str]] = {
    "drill": ("-c", COMMAND, "drill"),
    "chat": ("-c", COMMAND, "chat"),
    "serve": ("-c", COMMAND, "serve", "--listen", f"127.0.0.1:{free_port()}"),
}
NO_CORE_DUMPS = "Max core file size        0                    0"


@contextmanager
def running(*arguments: str) -> Iterator[Path]:
    """Start Python as an unprivileged user; yield its directory in /proc."""
    process = subprocess.Popen(
        [*(AS_NOBODY if os.geteuid() == 0 else ()), sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CHANNELS": "try_it"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    directory = Path(f"/proc/{process.pid}")
    try:
        # setpriv itself is hidden, too, until it has started Python.
        wait_until(lambda: not (directory / "cmdline").read_bytes().startswith(b"setpriv"))
        yield directory
    finally:
        process.terminate()
        process.communicate(timeout=15)


def is_hidden(process: Path) -> bool:
    """Return whether root owns the memory and environment files of an unprivileged process."""
    owners = {(process / name).stat().st_uid for name in ("environ", "mem", "maps")}
    return "Uid:\t0\t" not in (process / "status").read_text() and owners == {0}


@pytest.mark.parametrize("arguments", PROCESSES.values(), ids=PROCESSES)
def test_process_own_user_cannot_dump_or_read_it(arguments: Sequence[str]) -> None:
    """A process that is not dumpable has its files in /proc owned by root."""
    with running(*arguments) as process:
        # setpriv's flag outlives it for a moment, so the limit must stand first.
        wait_until(lambda: NO_CORE_DUMPS in (process / "limits").read_text() and is_hidden(process))


@pytest.mark.parametrize(
    ("command", "closed"),
    [("count", "<&-"), ("count", ">&-"), ("nosuch", "2>&-"), ("chat --plain", "<&- >&- 2>&-")],
)
def test_command_closed_standard_stream_acts_as_dev_null(command: str, closed: str) -> None:
    """The output and exit code are the same, without a traceback."""
    null = closed.replace("&-", "/dev/null")
    completed = [
        subprocess.run(
            ["sh", "-c", f'"$0" -c "{COMMAND}" {command} {streams}', sys.executable],
            cwd=ROOT,
            input=b'{"text": "hei"}\n',
            capture_output=True,
            timeout=30,
        )
        for streams in (closed, null)
    ]

    assert b"Traceback" not in completed[0].stderr
    assert len({(one.returncode, one.stdout, one.stderr) for one in completed}) == 1
