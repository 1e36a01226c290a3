"""A process of the line is not dumped or read by its own user, and needs no standard streams."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import ROOT, free_port
from tests.support.waiting import wait_until

NOBODY = 65534
# As root the owner of a file below /proc tells nothing; nobody may read what root has installed.
AS_NOBODY = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
COMMAND = "from rights_line.cli import main; exit(main())"
PROCESSES: dict[str, Sequence[str]] = {
    "drill": ("-c", COMMAND, "drill"),
    "chat": ("-c", COMMAND, "chat"),
    "gunicorn": ("-m", "gunicorn", "--bind", f"127.0.0.1:{free_port()}", "app:app"),
}


@contextmanager
def running(*arguments: str) -> Iterator[Path]:
    """Start Python as a user without rights; yield what Linux tells of it."""
    process = subprocess.Popen(
        [*(AS_NOBODY if os.geteuid() == 0 else ()), sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CHANNELS": "try_it"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Path(f"/proc/{process.pid}")
    finally:
        process.terminate()
        process.communicate(timeout=15)


def is_hidden(process: Path) -> bool:
    """Tell whether memory and variables of a process are root's, though the process is not."""
    owners = {(process / name).stat().st_uid for name in ("environ", "mem", "maps")}
    return "Uid:\t0\t" not in (process / "status").read_text() and owners == {0}


def children(process: Path) -> list[Path]:
    """Return the processes that a process has started."""
    listed = (process / "task" / process.name / "children").read_text().split()
    return [process.parent / child for child in listed]


@pytest.mark.parametrize("arguments", PROCESSES.values(), ids=PROCESSES)
def test_a_process_is_hidden_from_its_own_user(arguments: Sequence[str]) -> None:
    """The flag that keeps it out of core dumps also gives its files below /proc to root."""
    with running(*arguments) as process:
        wait_until(lambda: is_hidden(process))
        if "gunicorn" in arguments:
            wait_until(lambda: bool(children(process)))
            assert all(is_hidden(worker) for worker in children(process))
        assert (
            "Max core file size        0                    0" in (process / "limits").read_text()
        )


def test_a_process_that_is_not_hidden_is_seen() -> None:
    """The test above can fail."""
    with running("-c", "print(flush=True); input()") as process:
        wait_until(lambda: b"\0-c\0" in (process / "cmdline").read_bytes())
        assert not is_hidden(process)


@pytest.mark.parametrize(
    ("command", "closed"),
    [("count", "<&-"), ("count", ">&-"), ("nosuch", "2>&-"), ("chat --plain", "<&- >&- 2>&-")],
)
def test_a_command_without_a_standard_stream(command: str, closed: str) -> None:
    """It does what it does with /dev/null in its place, and shows no traceback."""
    null = closed.replace("&-", "/dev/null")
    ended = [
        subprocess.run(
            ["sh", "-c", f'"$0" -c "{COMMAND}" {command} {streams}', sys.executable],
            cwd=ROOT,
            input=b'{"text": "hei"}\n',
            capture_output=True,
            timeout=30,
        )
        for streams in (closed, null)
    ]

    assert b"Traceback" not in ended[0].stderr
    assert len({(one.returncode, one.stdout, one.stderr) for one in ended}) == 1
