"""gunicorn's own log says why the line does not start, and nothing of a request."""

import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rights_line.web.server_log import TemplateOnly
from tests.support.canary import NUMBER, TEXT, leaks
from tests.support.servers import ROOT

REASONS = {
    "in use": "Address already in use",
    "192.0.2.1:8000": "Cannot assign requested address",  # of a documentation network
    "unix:/nosuch/line.sock": "No such file or directory",
}


def test_the_reason_why_it_does_not_start_is_written(tmp_path: Path) -> None:
    """gunicorn tries for five seconds: all at once."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        started = {
            reason: subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--bind"),
                    *(bind.replace("in use", address), "app:app"),
                ],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "CHANNELS": "try_it"},
                stderr=subprocess.PIPE,
                text=True,
            )
            for bind, reason in REASONS.items()
        }
        logs = {reason: process.communicate(timeout=60)[1] for reason, process in started.items()}
    assert [reason for reason, log in logs.items() if reason not in log] == []
    assert {process.returncode for process in started.values()} == {1}


HIDDEN = f"{NUMBER} {TEXT}"
RECORDS: dict[str, tuple[str, tuple[object, ...], str]] = {
    "text": ("Error handling request %s", (HIDDEN,), "Error handling request %s"),
    "numbers": ("Worker (pid:%s) exited with code %s", (7, 1), "Worker (pid:7) exited with code 1"),
    "both": ("%s: %s bytes", (HIDDEN, 7), "%s: %s bytes"),
    "formatted before": (f"Invalid request from ip={HIDDEN}", (), "Invalid request from..."),
    "short": ("Malformed request", (), "Malformed request"),
}


@pytest.mark.parametrize(("message", "arguments", "line"), RECORDS.values(), ids=RECORDS)
def test_a_worker_writes_constant_text_and_integers(
    message: str, arguments: tuple[object, ...], line: str
) -> None:
    """Of a request that broke, the class of the error and no traceback."""
    error = RuntimeError(HIDDEN)
    row = {"msg": message, "args": arguments, "process": os.getpid() + 1}
    form = TemplateOnly("%(message)s")

    assert form.format(logging.makeLogRecord(row)) == line
    broken = {**row, "exc_info": (RuntimeError, error, None)}
    assert form.format(logging.makeLogRecord(broken)) == f"{line} RuntimeError"
    assert form.format(logging.makeLogRecord({**row, "msg": error})) == "RuntimeError"


def test_the_process_that_serves_nobody_writes_everything() -> None:
    """It has seen no request."""
    row = {"msg": f"connection to {HIDDEN} failed: %s", "args": ("[Errno 13]",)}
    record = logging.makeLogRecord({**row, "process": os.getpid()})
    line = TemplateOnly("%(message)s").format(record)

    assert line == f"connection to {HIDDEN} failed: [Errno 13]"
    assert leaks(line.encode())


def test_the_application_needs_no_gunicorn() -> None:
    """Another server can import it."""
    script = "import sys; sys.modules['gunicorn'] = None; import app; assert app.app"
    environ = {"PATH": os.environ["PATH"], "CHANNELS": "try_it"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, check=True, timeout=30)
