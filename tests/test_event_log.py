"""A log that is not read, full or closed delays no reply."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from rights_line import event_log
from tests.support.log import logged
from tests.support.servers import ROOT


def events(lines: list[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines if line.startswith(b"{")]


def run(
    script: str,
    error: int | IO[bytes],
    stdin: int | None = None,
    stdout: int | None = None,
    **environ: str,
) -> subprocess.Popen[bytes]:
    """Start a script that logs, for at most 20 seconds."""
    limited = f"import signal\nsignal.alarm(20)\nfrom rights_line import event_log\n{script}"
    command, variables = [sys.executable, "-c", limited], {"PATH": os.environ["PATH"], **environ}
    return subprocess.Popen(
        command, cwd=ROOT, env=variables, stderr=error, stdin=stdin, stdout=stdout
    )


FLOOD = """
import sys
for number in range(20_000): event_log.log_event("inbound", "try_it", "answered", number)
print("flooded", flush=True)
sys.stdin.readline()
event_log.LINES.flush(10)
event_log.log_event("inbound", "try_it", "the last", 0)
"""


def test_dropped_lines_are_counted() -> None:
    """When the pipe is read again, the lines are in order and the log has the number missing."""
    reader, writer = os.pipe()
    process = run(FLOOD, writer, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    os.close(writer)
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == b"flooded\n"
    process.stdin.write(b"\n")
    process.stdin.close()
    with open(reader, "rb") as pipe:
        rows = events(pipe.read().splitlines())
    assert process.wait(15) == 0
    process.stdout.close()
    reports = [str(row["outcome"]) for row in rows if row["event"] == "log"]
    moments = [int(str(row["ms"])) for row in rows if row["outcome"] == "answered"]
    assert rows[-1]["outcome"] == "the last"
    assert moments == sorted(moments)
    assert len(moments) >= event_log.CAPACITY
    assert len(moments) + sum(int(report.split()[0]) for report in reports) == 20_000
    assert all(report.endswith(" lines dropped") for report in reports)


EXITS = """
import os, sys
for number in range(2_000): event_log.log_event("inbound", "try_it", "parent", number)
if not os.fork():
    for number in range(2_000): event_log.log_event("inbound", "try_it", "child", number)
    sys.exit()
os.wait()
"""


def test_process_writes_its_lines_before_it_ends(tmp_path: Path) -> None:
    """Each line once and in order, also after a fork, as other servers fork their workers."""
    file = tmp_path / "log"
    with file.open("wb") as log:
        assert run(EXITS, log).wait(15) == 0
    rows = events(file.read_bytes().splitlines())
    for name in ("parent", "child"):
        assert [row["ms"] for row in rows if row["outcome"] == name] == [*range(2_000)]


@pytest.mark.timed
def test_process_that_cannot_write_ends() -> None:
    """It waits a second for a reader, and Python does not abort."""
    reader, writer = os.pipe()
    assert (
        run(FLOOD.replace("flush(10)", "flush(0)"), writer, stdin=subprocess.DEVNULL).wait(9) == 0
    )
    os.close(reader)
    os.close(writer)


def test_lines_lost_while_stderr_fails_are_counted(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Lines are lost on a full disk, a closed file and without a file."""
    with monkeypatch.context() as patch, open("/dev/full", "w") as full:
        closed = open(os.devnull, "w")  # noqa: SIM115
        closed.close()
        for stream in (full, closed, None):
            patch.setattr("sys.stderr", stream)
            event_log.log_event("inbound", "try_it", "answered", 0)
            event_log.LINES.flush()
    event_log.log_event("inbound", "try_it", "answered", 0)

    lost, line = logged(capfd)
    assert lost == {"event": "log", "channel": "stderr", "outcome": "3 lines dropped", "ms": 0}
    assert line == {"event": "inbound", "channel": "try_it", "outcome": "answered", "ms": 0}


@pytest.mark.parametrize(
    ("now", "in_journal", "seconds"),
    [(1_000.0, False, 0.05), (1_021.5, True, 58.5), (1_080.0, True, 60.0)],
)
def test_pause_in_the_journal_ends_with_the_minute(
    now: float, in_journal: bool, seconds: float
) -> None:
    assert event_log.pause(now, in_journal) == seconds


def test_lines_for_the_journal_wait_for_the_full_minute(tmp_path: Path) -> None:
    """The journal would show the second of each message; the end of the process writes them."""
    script = (
        "import sys, time\n"
        "event_log.log_event('inbound', 'try_it', 'answered', 1)\n"
        "time.sleep(0.5); print('', flush=True); sys.stdin.readline()"
    )
    for environ, is_written in (({}, True), ({"JOURNAL_STREAM": "8:1"}, False)):
        while time.time() % 60 > 55:
            time.sleep(0.5)  # no minute may end now
        log = tmp_path / "log"
        with log.open("wb") as sink:
            process = run(script, sink, subprocess.PIPE, subprocess.PIPE, **environ)
        assert process.stdout
        process.stdout.readline()
        assert (b"answered" in log.read_bytes()) is is_written
        process.communicate(b"\n", timeout=15)
        assert b"answered" in log.read_bytes()
