"""gunicorn's own log: start errors in full, and nothing about requests."""

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
    "192.0.2.1:8000": "Cannot assign requested address",  # RFC 5737
    "unix:/nosuch/line.sock": "No such file or directory",
}


def test_gunicorn_cannot_bind_writes_reason(tmp_path: Path) -> None:
    """gunicorn retries for five seconds, so all cases run at once."""
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
    "already formatted": (f"Invalid request from ip={HIDDEN}", (), "Invalid request from..."),
    "short": ("Malformed request", (), "Malformed request"),
}


@pytest.mark.parametrize(("message", "arguments", "line"), RECORDS.values(), ids=RECORDS)
def test_worker_record_has_constant_text_and_integers_only(
    message: str, arguments: tuple[object, ...], line: str
) -> None:
    """For an error in a request, the line has its class and no traceback."""
    error = RuntimeError(HIDDEN)
    row = {"msg": message, "args": arguments, "process": os.getpid() + 1}
    formatter = TemplateOnly("%(message)s")

    assert formatter.format(logging.makeLogRecord(row)) == line
    with_error = {**row, "exc_info": (RuntimeError, error, None)}
    assert formatter.format(logging.makeLogRecord(with_error)) == f"{line} RuntimeError"
    assert formatter.format(logging.makeLogRecord({**row, "msg": error})) == "RuntimeError"


def test_master_record_is_written_in_full() -> None:
    """The master process handles no requests."""
    row = {"msg": f"connection to {HIDDEN} failed: %s", "args": ("[Errno 13]",)}
    record = logging.makeLogRecord({**row, "process": os.getpid()})
    line = TemplateOnly("%(message)s").format(record)

    assert line == f"connection to {HIDDEN} failed: [Errno 13]"
    assert leaks(line.encode())


def test_app_without_gunicorn_is_importable() -> None:
    """Another WSGI server may serve it."""
    script = "import sys; sys.modules['gunicorn'] = None; import app; assert app.app"
    environ = {"PATH": os.environ["PATH"], "CHANNELS": "try_it"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, check=True, timeout=30)
